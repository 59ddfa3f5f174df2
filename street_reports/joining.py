"""Who made or follows a report that is merged follows the one that stays."""

from __future__ import annotations

from street_reports.models import Contact, Follower, Report


def follow_survivor(report: Report, survivor: Report) -> None:
    """Make them followers of the survivor, once each, who reported that one apart.

    Nobody's words go with them. Who wanted e-mails about either wants them about the survivor.
    """
    wishes = _wishes(report)
    if survivor.resident_id in wishes:
        wants, _ = wishes.pop(survivor.resident_id)
        survivor.wants_updates = survivor.wants_updates or wants
        survivor.save(update_fields=["wants_updates"])
    wanting = [resident_id for resident_id, (wants, _) in wishes.items() if wants]
    survivor.followers.filter(resident__in=wanting).update(wants_updates=True)
    Follower.objects.bulk_create(
        [
            Follower(
                report=survivor, resident_id=pk, wants_updates=wants, merged_from_id=merged_from
            )
            for pk, (wants, merged_from) in wishes.items()
        ],
        ignore_conflicts=True,  # who follows it already
    )
    _bring_contacts(report, survivor)


def _bring_contacts(report: Report, survivor: Report) -> None:
    """The same for those without an account."""
    contacts = list(report.contacts.all())
    wanting = [contact.email for contact in contacts if contact.wants_updates]
    survivor.contacts.filter(email__in=wanting).update(wants_updates=True)
    Contact.objects.bulk_create(
        [
            Contact(
                report=survivor,
                email=contact.email,
                wants_updates=contact.wants_updates,
                merged_from_id=contact.merged_from_id or report.pk,
            )
            for contact in contacts
        ],
        ignore_conflicts=True,
    )


def _wishes(report: Report) -> dict[int, tuple[bool, int]]:
    """By resident: whether they want e-mails, and the report through which they come."""
    wishes = {
        follower.resident_id: (follower.wants_updates, follower.merged_from_id or report.pk)
        for follower in report.followers.all()
    }
    if report.resident_id is not None:
        wishes[report.resident_id] = (report.wants_updates, report.pk)
    return wishes
