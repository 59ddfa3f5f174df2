"""`make audit` fails on a known weakness, and never calls a list that it could not ask clean."""

import json

import pytest

from stockport.run.audit import NotReached, of_node, of_python, report

WEAK = {"id": "CVE-2026-1", "fix_versions": ["5.2.20"], "description": "Bad."}
NOT_MENDED = {"id": "CVE-2026-2", "fix_versions": []}
PYTHON = {
    "dependencies": [
        {"name": "django", "version": "5.2.19", "vulns": [WEAK, NOT_MENDED]},
        {"name": "celery", "version": "5.7.0", "vulns": []},
    ]
}
NODE = {"vulnerabilities": {"sass": {"severity": "high", "via": []}}, "metadata": {}}


def test_weakness_is_named_with_the_version_that_mends_it() -> None:
    assert of_python(json.dumps(PYTHON)) == [
        "django 5.2.19: CVE-2026-1, mended in 5.2.20",
        "django 5.2.19: CVE-2026-2, mended in no version yet",
    ]
    assert of_node(json.dumps(NODE)) == ["sass: high"]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"dependencies": []}',
        '{"dependencies": [{"name": "django", "skip_reason": "Connection refused"}]}',
        '{"message": "405 Method Not Allowed", "error": {}}',
    ],
)
def test_answer_that_says_nothing_is_not_good_news(answer: str) -> None:
    for reading in (of_python, of_node):
        with pytest.raises(NotReached):
            reading(answer)


@pytest.mark.parametrize(
    ("answer", "fine", "said"),
    [
        (json.dumps(NODE), False, "Packages: 1 known weaknesses.\n  sass: high\n"),
        ('{"vulnerabilities": {}}', True, "Packages: 0 known weaknesses.\n"),
        ("", True, "Packages: skipped, the list of known weaknesses cannot be reached"),
    ],
)
def test_only_a_weakness_fails(
    capsys: pytest.CaptureFixture[str], answer: str, fine: bool, said: str
) -> None:
    assert report("Packages", answer, of_node) is fine
    assert capsys.readouterr().out.startswith(said)
