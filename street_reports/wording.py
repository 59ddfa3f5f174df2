"""What pages and the map say about a light or a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockport.templatetags.portal import day
from street_reports.models import Asset, Kind

if TYPE_CHECKING:
    from street_reports.search import Match


def noun(kind: str) -> str:
    """What the pages call it."""
    return Kind(kind).noun


def hint(match: Match) -> str:
    """What helps to tell it from the others, and what is known about it."""
    asset = match.asset
    facts = [f"about {match.metres} metres from {match.origin}"] if match.metres is not None else []
    facts += [f"last cleaned {day(asset.last_cleaned)}"] if asset.last_cleaned else []
    facts += [f"next clean planned for {day(asset.next_clean)}"] if asset.next_clean else []
    reported = [f"“{r.fault}” reported on {day(r.created_at)}" for r in match.open_reports]
    if match.last_reported and not reported:
        reported = [f"last reported on {day(match.last_reported)}, and dealt with"]
    sentences = [", ".join(facts), *reported, no_need(asset)]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in sentences if text)


def no_need(asset: Asset) -> str:
    """Why it needs no report, if it needs none."""
    if asset.raise_new_job == Asset.NewJob.PROGRAMMED:
        planned = f", planned for {day(asset.programme_date)}" if asset.programme_date else ""
        return f"it is in a maintenance programme{planned}"
    if asset.raise_new_job == Asset.NewJob.REPORTED:
        logged = f" on {day(asset.logged_date)}" if asset.logged_date else ""
        job = f", the job’s reference is {asset.ext_system_ref}" if asset.ext_system_ref else ""
        return f"already reported{logged}{job}"
    return ""
