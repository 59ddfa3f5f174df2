"""Which worker runs which test, where there are several (`--dist loadgroup`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest

STORIES = "tests/journeys/stories/"


class OneTellsStories(LoadScopeScheduling):
    """A free worker takes the next test, but one takes all stories: they share a portal.

    pytest-xdist's own groups do not work with pytest 9.2 (3.8 adds them to a name that is not
    asked for any more).
    """

    def _split_scope(self, nodeid: str) -> str:
        return STORIES if nodeid.startswith(STORIES) else nodeid


def turn(item: pytest.Item) -> tuple[bool, bool]:
    """Browser tests come last, as Playwright's loop runs on beside what follows.

    Stories are first of them: one worker tells them all, and the other has the rest meanwhile.
    """
    is_story = item.nodeid.startswith(STORIES)
    return item.get_closest_marker("browser") is not None, not is_story
