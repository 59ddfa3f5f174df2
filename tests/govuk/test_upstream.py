"""The comparison with upstream tells HTML apart where it should, and only there."""

import pytest

from tests.govuk import test_components, test_forms
from tests.govuk.upstream import dom, exceptions, fixtures, inexpressible


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<p class="a b" id="x">Text</p>', '<p id="x"\n class="b a">\n Text </p>'),
        ("<ul><li>One</li><li>Two</li></ul>", "<ul>\n<li>One</li>\n<li>Two</li>\n</ul>"),
    ],
)
def test_order_of_attributes_and_line_breaks_do_not_matter(one: str, other: str) -> None:
    assert dom(one) == dom(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>Text</p>", "<p>Other</p>"),
        ('<p class="a">Text</p>', '<p class="a b">Text</p>'),
        ('<p id="x">Text</p>', "<p>Text</p>"),
        ("<p>Text</p>", "<div>Text</div>"),
        ("<li>One</li><li>Two</li>", "<li>Two</li><li>One</li>"),
        (
            '<a>Change<span class="govuk-visually-hidden"> name</span></a>',
            '<a>Change<span class="govuk-visually-hidden">name</span></a>',
        ),
    ],
)
def test_other_words_classes_attributes_tags_or_order_are_told_apart(one: str, other: str) -> None:
    assert dom(one) != dom(other)


@pytest.mark.parametrize("component", sorted(exceptions()))
def test_every_listed_fixture_is_still_there_and_listed_once(component: str) -> None:
    listed = inexpressible(component)
    assert component in {**test_components.ADAPTERS, **test_forms.ADAPTERS}
    assert set(listed) <= set(fixtures(component))
    assert len(listed) == len(set(listed))


def test_most_of_upstream_is_drawn_as_upstream_draws_it() -> None:
    """Says how far the proof reaches: three fixtures in five, of every component we have."""
    adapters = {**test_components.ADAPTERS, **test_forms.ADAPTERS}
    total = sum(len(fixtures(component)) for component in adapters)
    listed = sum(len(inexpressible(component)) for component in adapters)
    assert (total - listed) / total > 3 / 5
