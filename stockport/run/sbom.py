"""Writes what the portal is made of as a CycloneDX bill of materials: `make sbom`.

From the locked lists alone, so that it is the same on every machine, and needs no network. Packages
are named by their purl, which is how lists of known weaknesses name them. This is for whoever
develops, and no part of what runs.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent.parent
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:(\w+)")


def of_python(requirements: str) -> Iterator[Component]:
    """Each package of a locked list, with the hash of every file that may be installed of it."""
    found = list(PINNED.finditer(requirements))
    ends = [each.start() for each in found[1:]] + [len(requirements)]
    for each, end in zip(found, ends, strict=True):
        hashes = HASH.findall(requirements, each.end(), end)
        yield _component("pypi", each[1], each[2], hashes)


def of_node(lock: str) -> Iterator[Component]:
    """Each package that styles and scripts are built from."""
    for path, package in json.loads(lock)["packages"].items():
        if path:
            yield _component("npm", path.rpartition("node_modules/")[2], package["version"], [])


def _component(kind: str, name: str, version: str, hashes: list[str]) -> Component:
    group, _, own = name.rpartition("/")  # npm's @scope
    purl = PackageURL(kind, group or None, own, version)
    files = [
        ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(f"{purl}#sha256={each}"),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each)],
        )
        for each in hashes
    ]
    return Component(
        name=own,
        group=group or None,
        version=version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        external_references=files,
    )


def bill() -> str:
    """The bill of materials of this checkout, as JSON."""
    python = of_python((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    node = of_node((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    portal = Component(name="my-account", type=ComponentType.APPLICATION, bom_ref="my-account")
    bom = Bom(components=[*python, *node])
    bom.metadata.component = portal
    bom.register_dependency(portal, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2)


if __name__ == "__main__":
    sys.stdout.write(f"{bill()}\n")
