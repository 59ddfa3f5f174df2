"""What a manifest may say of an extract, and what is refused at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.manifest import ASKED_FOR
from stockport.feeds.models import FeedRun
from tests.factories.extract import FIRST_NIGHT, borough

pytestmark = pytest.mark.django_db


def reasons(folder: Path) -> list[str]:
    """Why it is refused."""
    with pytest.raises(ExtractRefused) as refused:
        load(folder)
    return [str(reason) for reason in refused.value.reasons]


@time_machine.travel("2026-11-22T08:00:00+00:00")
def test_extract_of_a_day_to_come_is_refused_and_tonight_still_loads(tmp_path: Path) -> None:
    ahead = borough(night=3).write(tmp_path / "3")
    assert reasons(ahead) == [
        "manifest.json, column extracted_at: is more than a day ahead: it is 2026-11-22 08:00 UTC"
        " now"
    ]
    assert load(borough(night=1).write(tmp_path / "1")).state == FeedRun.State.LOADED


@time_machine.travel("2026-11-22T08:00:00+00:00")
def test_invented_figures_of_a_day_to_come_are_loaded_as_of_that_day(tmp_path: Path) -> None:
    ahead = borough(night=3).write(tmp_path)
    assert load(ahead, now=FIRST_NIGHT + timedelta(days=3)).state == FeedRun.State.LOADED


def test_extract_that_says_it_is_one_person_is_refused(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    second = borough(1, night=1)
    second.kind, second.since = "person", FIRST_NIGHT
    assert reasons(second.write(tmp_path / "2")) == [
        "manifest.json, column kind: must be full or delta"
    ]
    assert not FeedRun.objects.filter(kind="person").exists()


def test_refresh_of_one_person_takes_no_nightly_extract(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused, match="column kind: must be person"):
        load(borough().write(tmp_path), kinds=ASKED_FOR)
