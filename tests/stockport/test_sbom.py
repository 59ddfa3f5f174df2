"""`make sbom` names everything that the locked lists have, and nothing else."""

import json
import re
from pathlib import Path

from stockport.run.sbom import bill, of_node, of_python

ROOT = Path(__file__).resolve().parent.parent.parent
TWO = """\
argon2-cffi==25.1.0 \\
    --hash=sha256:694ae5cc8a42f4c4e2bf2ca0e64e51e23a040c6a517a85074683d3959e1346c1 \\
    --hash=sha256:fdc8b074db390fccb6eb4a3604ae7231f219aa669a2652e0f20e16ba513d5741
    # via my-account (pyproject.toml)
psycopg-binary==3.3.1 ; implementation_name != 'pypy' \\
    --hash=sha256:0771a338067f951844d2e8219472f4d30da498952c80f67a9c8e7b569e32d82a
"""
LOCK = {"packages": {"": {}, "node_modules/@a/b": {"version": "1.0"}}}


def test_each_package_has_its_version_its_purl_and_the_hashes_of_its_files() -> None:
    first, second = of_python(TWO)
    assert str(first.purl) == "pkg:pypi/argon2-cffi@25.1.0"
    assert [len(each.external_references) for each in (first, second)] == [2, 1]
    [file] = second.external_references
    [hash_] = file.hashes
    assert hash_.content.startswith("0771a338")
    [scoped] = of_node(json.dumps(LOCK))
    assert str(scoped.purl) == "pkg:npm/%40a/b@1.0"


def test_bill_has_every_locked_package_once() -> None:
    bom = json.loads(bill())
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    purls = [each["purl"] for each in bom["components"]]
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = len(re.findall("==", re.sub(r"\s*(#|;).*", "", text)))
    node = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(set(purls)) == len(purls) == pinned + len(node) - 1
    assert {"pkg:npm/govuk-frontend@6.6.0"} <= set(purls)
    hashed = [each for each in bom["components"] if each.get("externalReferences")]
    assert len(hashed) == pinned
