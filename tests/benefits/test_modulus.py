"""Which account numbers a sort code can have: Pay.UK's modulus check.

The examples are all 34 test cases of “Validating account numbers: UK modulus checking”, in its
words. Pay.UK's tables may not be given on, so only the lines of the examples' own sort codes stand
here; sort codes of one digit are ours, for what no published example shows.
"""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from benefits import modulus

FALLING = "0 0 0 0 0 0 8 7 6 5 4 3 2 1"
SHORTER = "0 0 0 0 0 0 0 7 6 5 4 3 2 1"
DOUBLED = "2 1 2 1 2 1 2 1 2 1 2 1 2 1"
WHOLE = "0 0 1 2 5 3 6 4 8 7 10 9 3 1"
SEVEN_ONE_THREE = "0 0 3 7 1 3 7 1 3 7 1 3 7 1"
WEIGHTS = f"""
070116 070116 MOD11 0 0 7 6 5 8 9 4 5 6 7 8 9 -1 12
070116 070116 MOD10 0 3 2 4 5 8 9 4 5 6 7 8 9 -1 13
074456 074456 MOD11 0 0 7 6 5 8 9 4 5 6 7 8 9 -1 12
074456 074456 MOD10 0 3 2 4 5 8 9 4 5 6 7 8 9 -1 13
086090 086090 MOD10 {SEVEN_ONE_THREE} 8
089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1
107999 107999 MOD11 {FALLING}
118765 118765 DBLAL 0 0 2 1 2 1 2 1 2 1 2 1 2 1 1
134020 134020 MOD11 0 0 0 7 5 9 8 4 6 3 5 2 0 0 4
180002 180002 MOD11 {FALLING} 14
200915 200915 MOD11 {SHORTER} 6
200915 200915 DBLAL {DOUBLED} 6
202959 202959 MOD11 {SHORTER} 6
202959 202959 DBLAL {DOUBLED} 6
203099 203099 MOD11 {SHORTER} 6
203099 203099 DBLAL {DOUBLED} 6
309070 309070 MOD11 0 0 3 2 9 8 5 7 6 5 4 3 2 1 2
309070 309070 MOD11 0 0 3 2 9 8 1 7 6 5 4 3 2 1 9
772798 772798 MOD11 {WHOLE} 7
820000 820000 MOD11 0 0 0 0 0 0 0 0 7 3 4 9 2 1
820000 820000 DBLAL {DOUBLED} 3
827101 827101 MOD11 0 0 0 0 0 0 0 0 7 3 4 9 2 1
827101 827101 DBLAL {DOUBLED} 3
827999 827999 MOD11 0 0 0 0 0 0 0 0 7 3 4 9 2 1
827999 827999 DBLAL {DOUBLED} 3
871427 872427 MOD11 {WHOLE} 10
871427 872427 MOD11 0 0 5 10 9 8 0 7 6 5 4 3 2 1 11
938000 938696 MOD11 7 6 5 4 3 2 7 6 5 4 3 2 0 0 5
938000 938696 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 0 5
111111 111111 DBLAL {DOUBLED} 1
222222 222222 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1
222222 222222 DBLAL 0 0 0 0 0 0 0 0 0 0 0 0 1 0 3
333333 333333 MOD10 0 0 0 0 0 1 0 0 0 0 0 0 0 1 8
444444 444444 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1 12
444444 444444 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 1 0 13
"""

EXAMPLES = [
    ("089999", "66374958", True, "pass modulus 10 check"),
    ("107999", "88837491", True, "pass modulus 11 check"),
    ("202959", "63748472", True, "pass modulus 11 and double alternate checks"),
    ("871427", "46238510", True, "10 and 11: first check passes and second fails"),
    ("872427", "46238510", True, "10 and 11: first check fails and second passes"),
    ("871427", "09123496", True, "10: ab=09 and g=9, first passes and second fails"),
    ("871427", "99123496", True, "10: ab=99 and g=9, first passes and second fails"),
    ("820000", "73688637", True, "3: c=6, so the second check is ignored"),
    ("827999", "73988638", True, "3: c=9, so the second check is ignored"),
    ("827101", "28748352", True, "3: c is neither 6 nor 9, both checks pass"),
    ("134020", "63849203", True, "4: the remainder is equal to the checkdigit"),
    ("118765", "64371389", True, "1: 27 is added, passes double alternate check"),
    ("200915", "41011166", None, "6: fails, but is a foreign currency account"),
    ("938611", "07806039", True, "5: the check passes"),
    ("938600", "42368003", True, "5: the check passes with substitution"),
    ("938063", "55065200", True, "5: both checks produce a remainder of 0 and pass"),
    ("772798", "99345694", True, "7: passes, but would fail the standard check"),
    ("086090", "06774744", True, "8: the check passes"),
    ("309070", "02355688", True, "2 and 9: the first check passes"),
    ("309070", "12345668", True, "2 and 9: first fails, second passes with substitution"),
    ("309070", "12345677", True, "2 and 9: a<>0 and g<>9 and passes"),
    ("309070", "99345694", True, "2 and 9: a<>0 and g=9 and passes"),
    ("938063", "15764273", False, "5: first checkdigit correct and the second incorrect"),
    ("938063", "15764264", False, "5: first checkdigit incorrect and the second correct"),
    ("938063", "15763217", False, "5: first checkdigit incorrect with a remainder of 1"),
    ("118765", "64371388", False, "1: fails double alternate check"),
    ("203099", "66831036", False, "pass modulus 11 check and fail double alternate check"),
    ("203099", "58716970", False, "fail modulus 11 check and pass double alternate check"),
    ("089999", "66374959", False, "fail modulus 10 check"),
    ("107999", "88837493", False, "fail modulus 11 check"),
    ("074456", "12345112", True, "12 and 13: passes modulus 11, fails modulus 10"),
    ("070116", "34012583", True, "12 and 13: passes both"),
    ("074456", "11104102", True, "12 and 13: fails modulus 11, passes modulus 10"),
    ("180002", "00000190", True, "14: first check fails and second passes"),
]
OURS = [
    ("089998", "66374958", True, "within a range"),
    ("999999", "12345678", None, "a sort code that no rule names"),
    ("202959", "63748473", False, "neither of two checks"),
    ("202959", "63748560", False, "the first of two checks alone"),
    ("871427", "46238511", False, "neither of two that are alternatives"),
    ("134020", "63849204", False, "the remainder is another one"),
    ("111111", "00000004", True, "27 and 9 of the sort code and 4 are 40"),
    ("111111", "00000005", False, "27 and 9 and 5 are 41"),
    ("222222", "00000010", False, "the second check fails"),
    ("222222", "00600010", True, "c is 6: no second check"),
    ("222222", "00900010", True, "c is 9: no second check"),
    ("222222", "00600011", False, "c is 6: still the first check"),
    ("333333", "00000004", True, "as sort code 09 01 26: 6 and 4 are 10"),
    ("333333", "00000007", False, "not as its own sort code: 3 and 7 are 10"),
    ("444444", "00000010", True, "the first of two kinds of account"),
    ("444444", "00000001", True, "the second of two kinds of account"),
    ("444444", "00000011", False, "neither of two kinds of account"),
    ("200915", "41011165", False, "g and h differ: not a foreign currency"),
    ("180002", "00000195", False, "no digit that may be left out"),
]


@pytest.fixture
def tables(tmp_path, settings):
    """A folder with both files, as the portal is told of it."""
    settings.MODULUS_TABLES = str(tmp_path)
    (tmp_path / "valacdos.txt").write_text(WEIGHTS)
    (tmp_path / "scsubtab.txt").write_text("938600 938611\r\n\r\n")
    return tmp_path


@pytest.mark.parametrize(("sort_code", "account", "expected", "why"), [*EXAMPLES, *OURS])
def test_number_that_can_be_passes_and_one_that_cannot_fails(
    tables, sort_code, account, expected, why
):
    assert modulus.is_possible(sort_code, account) is expected, why


def test_without_tables_nothing_is_checked(settings):
    settings.MODULUS_TABLES = ""
    assert modulus.is_possible("107999", "88837493") is None


def test_new_table_counts_at_once(tables):
    assert modulus.is_possible("107999", "88837493") is False
    (tables / "valacdos.txt").write_text(f"107999 107999 MOD10 {'0 ' * 14}")
    assert modulus.is_possible("107999", "88837493") is True


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("valacdos.txt", "089000 089999 MOD12 0 0 0 0 0 0 7 1 3 7 1 3 7 1"),
        ("valacdos.txt", "089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7"),
        ("valacdos.txt", "089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 one"),
        ("scsubtab.txt", "938600"),
    ],
)
def test_table_that_cannot_be_read_is_staffs_matter_and_stops_no_resident(
    tables, caplog, file, text
):
    assert not [each for each in run_checks() if each.id == "benefits.E001"]
    (tables / file).write_text(text)
    assert modulus.is_possible("107999", "88837493") is None
    assert "cannot be read" in caplog.text
    assert [each for each in run_checks() if each.id == "benefits.E001"]


def test_table_that_is_not_there_is_staffs_matter(tables):
    (tables / "scsubtab.txt").unlink()
    [error] = [each for each in run_checks() if each.id == "benefits.E001"]
    assert "scsubtab.txt" in error.msg
