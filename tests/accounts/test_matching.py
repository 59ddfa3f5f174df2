"""Names, postcodes and references as people write them, and as they do not."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts import matching

# What was typed (forenames, surname), and what the council holds.
SAME = [
    ("Ada", "Shaw", "ADA", "SHAW"),
    ("Sean", "O'Neill", "Seán", "O’Neill"),
    ("Sean", "ONeill", "Sean", "O'NEILL"),
    ("Sean", "O Neill", "Sean", "O'Neill"),
    ("Ana", "de la Cruz", "Ana", "DE LA CRUZ"),
    ("Ana", "Delacruz", "Ana", "de la Cruz"),
    ("Jan", "van den Berg", "Jan", "Vandenberg"),
    ("Fiona", "McDonald", "Fiona", "MacDonald"),
    ("Fiona", "Mac Donald", "Fiona", "MCDONALD"),
    ("Fiona", "Mc Donald", "Fiona", "McDonald"),
    ("Fiona", "Smith MacDonald", "Fiona", "Smith-McDonald"),
    ("Fiona", "Smithmacdonald", "Fiona", "Smith-MacDonald"),
    ("Fiona", "MacKay-McLean", "Fiona", "McKay Maclean"),
    ("Mary", "Smith-Jones", "Mary", "Smith Jones"),
    ("Mary", "Smith \u2013 Jones", "Mary", "SMITHJONES"),
    ("Peter", "St John", "Peter", "Saint John"),
    ("Peter", "St. John", "Peter", "ST JOHN"),
    ("J", "Smith", "John", "Smith"),
    ("John", "Smith", "J", "Smith"),
    ("John", "Smith", "J P", "Smith"),
    ("J. P.", "Smith", "John Paul", "Smith"),
    ("John", "Smith", "John Paul", "Smith"),
    ("Mr John", "Smith", "John", "Smith"),
    ("John", "Smith", "Mr John", "Smith"),
    ("John", "Mr Smith", "John", "Smith"),
    ("John", "Smith", "", "Mr & Mrs J Smith"),
    ("Mary", "Smith", "John & Mary", "Smith"),
    ("Mary", "Smith", "John and Mary", "Smith"),
    ("Mary", "Smith", "", "Mr J and Mrs M Smith"),
    ("Anyone", "Smith", "", "Smith"),
    ("Zoe", "Muller", "Zoë", "Müller"),
    ("Zoe", "Mueller", "Zoë", "Müller"),
    ("Soren", "Sorensen", "Søren", "Sørensen"),
    ("Lukasz", "Walesa", "Łukasz", "Wałęsa"),
    ("Jurgen", "Strauss", "Jürgen", "Strauß"),
    ("Nguyen", "Tran", "Nguyễn", "Trần"),
    ("Émile", "Zola", "E", "Zola"),
    ("Мария", "Иванова", "МАРИЯ", "ИВАНОВА"),
    ("伟", "王", "伟", "王"),
    ("Anne-Marie", "Bell", "Anne Marie", "Bell"),
]
OTHER = [
    ("Ada", "Shaw", "Ada", "Shawe"),
    ("Ada", "Shaw", "Eve", "Shaw"),
    ("Ada", "Shaw", "Adam", "Shaw"),
    ("A", "Shaw", "Eve", "Shaw"),
    ("John", "Smith", "Jane", "Smith"),
    ("Jo", "Smith", "John", "Smith"),
    ("John Paul", "Smith", "John Mark", "Smith"),
    ("Mary", "Smith", "Mary", "Smith-Jones"),
    ("Mary", "Jones", "Mary", "Smith-Jones"),
    ("Mary", "Jones-Smith", "Mary", "Smith-Jones"),
    ("Ana", "Cruz", "Ana", "de la Cruz"),
    ("Sean", "Neill", "Sean", "O'Neill"),
    ("Fiona", "Donald", "Fiona", "McDonald"),
    ("Fiona", "McDonald", "Fiona", "Smith-McDonald"),
    ("Fiona", "Smith-McDonnell", "Fiona", "Smith-McDonald"),
    ("Sam", "Mck", "Sam", "Mack"),
    ("Sam", "Mcy", "Sam", "Macy"),
    ("Bill", "Smith", "William", "Smith"),
    ("Kim", "Smith", "", "Mr & Mrs J Smith"),
    ("Kim", "Smith", "John & Mary", "Smith"),
    ("", "Smith", "John", "Smith"),
    ("Mr", "Smith", "John", "Smith"),
    ("John", "", "John", "Smith"),
    ("John", "Mr", "John", "Mr"),
    ("John", "S", "John", "Smith"),
    ("John", "%", "John", "Smith"),
    ("John", "'", "John", "'"),
    ("Мария", "Иванов", "Мария", "Иванова"),
    ("伟", "王", "伟", "黄"),
    ("Zoe", "Möller", "Zoë", "Müller"),
]
NAMES = st.text(string.ascii_letters, min_size=2, max_size=12)


def same(typed: tuple[str, str], held: tuple[str, str]) -> bool:
    return matching.same_person(
        forenames=typed[0], surname=typed[1], held_forenames=held[0], held_surname=held[1]
    )


@pytest.mark.parametrize("row", SAME, ids=" ".join)
def test_name_written_another_way_is_let_in(row: tuple[str, ...]) -> None:
    assert same((row[0], row[1]), (row[2], row[3]))


@pytest.mark.parametrize("row", OTHER, ids=" ".join)
def test_name_of_somebody_else_is_kept_out(row: tuple[str, ...]) -> None:
    assert not same((row[0], row[1]), (row[2], row[3]))


@given(st.text(max_size=20), st.text(max_size=20))
def test_nothing_typed_breaks_the_comparison_or_matches_an_empty_surname(
    first: str, last: str
) -> None:
    assert not same((first, last), ("", ""))


@given(NAMES, NAMES)
def test_case_never_matters(first: str, last: str) -> None:
    assert same((first.upper(), last.lower()), (first, last)) == same((first, last), (first, last))


@given(NAMES, st.text("bcdfghjklmnpqrstvwxz", min_size=4, max_size=12), st.data())
def test_one_letter_off_is_another_surname(first: str, last: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(last) - 1))
    wrong = last[:at] + "y" + last[at + 1 :]
    assert not same((first, wrong), (first, last))


WRITTEN = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])
MARKS = st.sampled_from(["", "\u0301", "\u0308", "\u0327", "\u030c"])  # combining accents
JOINTS = st.sampled_from(["-", " ", " - ", "\u2013", "", "  "])
TITLED = st.sampled_from(["", "Mr ", "MRS. ", "Dr ", "Prof. ", "Rev "])
# Plain, and each another person's; as parts of a double-barrelled name too.
SURNAMES = (
    "shaw",
    "shore",
    "patel",
    "khan",
    "kane",
    "ong",
    "okafor",
    "li",
    "lee",
    "brown",
    "browne",
)


@st.composite
def disguised(draw: st.DrawFn, parts: tuple[str, ...]) -> str:
    """The surname as somebody may write it: any case, accents, joints and title."""
    letters = [letter + draw(MARKS) for letter in draw(JOINTS).join(parts)]
    return draw(TITLED) + draw(WRITTEN)("".join(letters))


@given(st.lists(st.sampled_from(SURNAMES), min_size=1, max_size=2), st.data())
def test_surname_is_let_in_however_it_is_written(parts: list[str], data: st.DataObject) -> None:
    typed, held = (data.draw(disguised(tuple(parts))) for _ in range(2))
    assert same(("Ada", typed), ("A", held))


@given(
    st.lists(st.sampled_from(SURNAMES), min_size=1, max_size=2),
    st.lists(st.sampled_from(SURNAMES), min_size=1, max_size=2),
    st.data(),
)
def test_another_surname_is_kept_out_however_it_is_written(
    typed: list[str], held: list[str], data: st.DataObject
) -> None:
    assume("".join(typed) != "".join(held))
    first, other = data.draw(disguised(tuple(typed))), data.draw(disguised(tuple(held)))
    assert not same(("Ada", first), ("Ada", other))


@given(st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12), st.data())
def test_spaces_and_case_of_postcode_and_key_never_matter(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    typed = f" {text[:at]} {text[at:]}-".lower()
    assert matching.postcode(typed) == matching.key(typed) == text


def test_reference_is_the_same_with_spaces_and_leading_zeros() -> None:
    assert matching.reference(" 005020-000 001 ") == matching.reference("5020000001")
    assert matching.reference("p1000") == "P1000"
    assert matching.reference("000") == ""
    assert matching.written("0 12", longest=4) == ["12", "012", "0012"]
    assert matching.written("000") == []
