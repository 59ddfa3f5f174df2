"""XML and JSON are two spellings of one description."""

import json
from datetime import UTC, datetime

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from street_reports.open311.wire import UNWRITABLE, Many, Reply, moment, write

NAMES = st.from_regex(r"[a-z][a-z_]{0,11}", fullmatch=True)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)
ROWS = st.dictionaries(
    NAMES, PLAIN | st.builds(Many, NAMES, st.lists(PLAIN, max_size=3)), min_size=1, max_size=5
)
REPLIES = st.builds(Reply, NAMES, st.builds(Many, NAMES, st.lists(ROWS, max_size=3)) | ROWS)


def read_json(value):
    """What a client reads: everything that is no list and no object as words."""
    if isinstance(value, list):
        return [read_json(item) for item in value]
    if isinstance(value, dict):
        return {name: read_json(item) for name, item in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value if isinstance(value, str) else repr(value)


def read_xml(element, shape):
    """The same of the XML, told by the description which elements hold repeats."""
    if isinstance(shape, Many):
        assert all(child.tag == shape.name for child in element)
        return [read_xml(*pair) for pair in zip(element, shape.items, strict=True)]
    if isinstance(shape, dict):
        assert [child.tag for child in element] == list(shape)
        return {child.tag: read_xml(child, shape[child.tag]) for child in element}
    assert len(element) == 0
    return element.text or ""


@given(REPLIES)
def test_xml_and_json_say_the_same(reply):
    root = fromstring(write(reply, "xml").encode())
    assert root.tag == reply.name
    assert all(not element.attrib and "}" not in element.tag for element in root.iter())
    assert read_xml(root, reply.body) == read_json(json.loads(write(reply, "json")))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_words_arrive_as_they_were_written(text):
    reply = Reply("all", {"words": text})
    said = fromstring(write(reply, "xml").encode()).findtext("words")
    assert said == UNWRITABLE.sub("", text)


def test_a_list_with_one_thing_in_it_is_a_list_and_nothing_is_null():
    reply = Reply("services", Many("service", [{"group": None, "notice": None, "metadata": True}]))
    assert json.loads(write(reply, "json")) == [{"group": None, "notice": None, "metadata": True}]
    assert write(reply, "xml").endswith(
        "<services><service><group/><notice/><metadata>true</metadata></service></services>"
    )


def test_times_are_to_the_second_with_their_offset():
    assert moment(datetime(2026, 7, 1, 12, 0, 1, 999, tzinfo=UTC)) == "2026-07-01T12:00:01Z"
