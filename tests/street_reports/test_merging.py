"""Several reports of one fault become one, and nobody and nothing is lost on the way."""

import threading
from collections import Counter

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, OperationalError, connections, transaction

from stockport.db import violated_constraint
from stockport.outbox.models import Delivery
from street_reports.acting import act
from street_reports.closing import end_report
from street_reports.following import follow_report
from street_reports.merging import merge, take_back
from street_reports.models import Act, ClosureReason, FaultType, Follower, Report
from street_reports.models.reports import ReportQuerySet
from street_reports.progress import apply_update
from street_reports.service import service
from street_reports.workflow import NotAllowed
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import FollowerFactory, PhotoFactory, ReportFactory
from tests.street_reports.test_closing import NOON, say

pytestmark = pytest.mark.django_db
MERGED = {"status": "closed", "closure_reason_id": "duplicate"}


@pytest.fixture
def by():
    """The member of staff who merges."""
    return ResidentFactory(staff=True)


@pytest.fixture
def stays():
    return ReportFactory(description="Private words of the first.")


def sent(report, reference):
    """The team has it under this reference."""
    Delivery.objects.filter(pk=report.delivery_id).update(
        state="sent", sent_at=NOON, remote_reference=reference
    )
    report.delivery.refresh_from_db()
    return report


def in_doubt(report):
    Delivery.objects.filter(pk=report.delivery_id).update(state="unknown", next_step="find")
    return report


def notes(report):
    """What goes to the team about this report, in order."""
    rows = report.delivery.followers.exclude(state="cancelled").order_by("created_at", "pk")
    return [(row.payload.get("description"), row.payload.get("status")) for row in rows]


def emails():
    return {row.payload["to"][0]: row.payload for row in Delivery.objects.filter(kind="email")}


def test_merged_report_ends_as_a_part_of_the_one_that_stays(by, stays):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    other.refresh_from_db()
    stays.refresh_from_db()
    assert (other.status, other.closure_reason_id) == ("closed", "duplicate")
    assert other.merged_into == stays
    assert (stays.is_open, stays.merged_into) == (True, None)
    assert other.updates.get().staff == by


def test_reporter_and_followers_follow_the_one_that_stays_once(by, stays):
    both = FollowerFactory(report=stays, wants_updates=False).resident
    other = ReportFactory(resident=both, wants_updates=True)
    same = FollowerFactory(report=other, wants_updates=True).resident
    FollowerFactory(report=other, resident=stays.resident, wants_updates=True)
    merge(survivor=stays, others=[other], staff=by)
    stays.refresh_from_db()
    rows = {row.resident: row for row in stays.followers.all()}
    assert set(rows) == {both, same}
    assert (rows[same].information, rows[same].wants_updates) == ("", True)
    assert rows[both].wants_updates  # as they asked about the one that they reported
    assert stays.wants_updates  # so did its own reporter, who followed the other


def test_two_reports_of_one_resident_are_merged_without_a_follower(by, resident):
    first, second = ReportFactory.create_batch(2, resident=resident)
    merge(survivor=first, others=[second], staff=by)
    assert not first.followers.exists()


def test_each_is_told_by_email_if_they_want_and_reads_nobody_elses_words(by, stays):
    stays.location = "By the house of the first"
    stays.asset = None
    stays.save()
    wants = ReportFactory(wants_updates=True, description="Private words of the second.")
    silent = ReportFactory(wants_updates=False)
    merge(survivor=stays, others=[wants, silent], staff=by)
    assert set(emails()) == {wants.resident.email}
    [mail] = emails().values()
    assert mail["subject"] == (
        f"Put together with another report of the same fault: your report {wants.reference}"
    )
    assert f"now part of report {stays.reference}." in mail["body"]
    assert wants.get_absolute_url() in mail["body"]
    for private in ("Private words", "house of the first", stays.resident.email, by.email):
        assert private not in mail["body"]


def test_own_page_keeps_working_and_leads_to_the_one_that_stays(portal, by, stays):
    say(stays, "planned")
    other = ReportFactory(description="My words.")
    merge(survivor=stays, others=[other], staff=by)
    portal.sign_in(other.resident)
    page = portal.get(other.get_absolute_url()).page
    text = page.text("main")
    assert "Merged" in text
    assert f"now part of report {stays.reference}" in text
    assert "Work planned" in text
    assert "My words." in text
    assert "How it ended" not in text
    assert page.select(f'main a[href="{stays.get_absolute_url()}"]')
    there = portal.get(stays.get_absolute_url()).page
    assert f"Also reported as {other.reference}" in there.text("main")
    assert "Private words" not in there.html
    assert "Merged" in portal.get("/street-reports/").page.text("main")


def test_reporter_of_the_one_that_stays_reads_nothing_of_the_other(portal, by, stays):
    other = ReportFactory(description="Words of the second.")
    merge(survivor=stays, others=[other], staff=by)
    portal.sign_in(stays.resident)
    assert "Words of the second." not in portal.get(stays.get_absolute_url()).page.html
    assert portal.get(other.get_absolute_url()).status_code == 404


def test_pages_take_as_many_queries_as_before(portal, by, stays, django_assert_num_queries):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    portal.sign_in(other.resident)
    with django_assert_num_queries(7):
        portal.get(other.get_absolute_url())


def test_news_of_the_one_that_stays_reach_everybody(by, stays):
    other = ReportFactory(wants_updates=True)
    merge(survivor=stays, others=[other], staff=by)
    Delivery.objects.filter(kind="email").delete()
    say(stays, "planned")
    assert set(emails()) == {other.resident.email}


# What the team's system gets.


def test_job_that_is_there_is_marked_as_a_duplicate(by, stays):
    sent(stays, "101")
    other = sent(ReportFactory(), "102")
    merge(survivor=stays, others=[other], staff=by)
    text = f"This is a duplicate of our report {stays.reference} (your reference 101)."
    assert notes(other) == [(text, "DUPLICATE")]
    assert notes(stays) == []


@pytest.mark.parametrize("state", ["pending", "retry", "dead", "held"])
def test_job_that_is_not_there_is_held_back_and_all_it_says_goes_with_the_other(
    by, stays, state, resident
):
    other = ReportFactory(location="By the bus stop", asset=None)
    Delivery.objects.filter(pk=other.delivery_id).update(
        state=state, payload={"description": "It is out. Sparks."}
    )
    act(report=other, resident=other.resident, kind=Act.Kind.ADD, text="It hums.")
    photo = Delivery.objects.create(
        destination=other.delivery.destination,
        kind="photo",
        payload={"storage": "a.jpg"},
        resident=other.resident,
        depends_on=other.delivery,
    )
    merge(survivor=stays, others=[other], staff=by)
    other.delivery.refresh_from_db()
    assert other.delivery.state == "held"
    words = f"Another resident reported this as {other.reference}: By the bus stop."
    assert notes(stays) == [
        (f"{words} It is out. Sparks.", None),
        ("The person who reported this adds: It hums.", None),
        (None, None),
    ]
    copy = stays.delivery.followers.get(kind="photo")
    assert (copy.payload, copy.state) == (photo.payload, "pending")
    assert notes(other)[-1][1] == "DUPLICATE"  # if it is sent after all


@pytest.mark.parametrize("make", [in_doubt])
def test_job_that_may_be_there_is_looked_up_and_marked(by, stays, make):
    other = make(ReportFactory())
    merge(survivor=stays, others=[other], staff=by)
    other.delivery.refresh_from_db()
    assert other.delivery.state == "unknown"
    assert [status for _, status in notes(other)] == ["DUPLICATE"]
    assert notes(stays) == []


def test_withheld_report_says_how_it_is_sent(portal, by, stays):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    portal.sign_in(other.resident)
    timeline = portal.get(other.get_absolute_url()).page.text(".portal-timeline")
    assert "Not sent by itself" in timeline
    assert f"It goes to the street lighting team with report {stays.reference}." in timeline


def test_news_of_the_merged_job_are_recorded_and_open_nothing(by, stays):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    assert say(other, "planned", 999).merged_into == stays
    assert other.status == "closed"
    assert other.updates.filter(status="planned").exists()


# What cannot be merged.


def test_what_cannot_be_merged_is_refused_and_nothing_changes(by, stays):
    grid = ReportFactory(kind="grid", fault=FaultType.objects.get(code="grid-blocked"))
    ended = ReportFactory(status="fixed")
    fine = ReportFactory()
    never = ReportFactory()
    Delivery.objects.filter(pk=never.delivery_id).update(state="cancelled")
    for survivor, others in [
        (stays, []),
        (stays, [stays]),
        (stays, [fine, grid]),
        (stays, [fine, ended]),
        (ended, [fine]),
        (never, [fine]),
    ]:
        with pytest.raises(NotAllowed):
            merge(survivor=survivor, others=others, staff=by)
    assert not Report.objects.exclude(merged_into=None).exists()
    assert not Follower.objects.exists()


def test_there_are_no_chains(by, stays):
    first, second = ReportFactory.create_batch(2)
    merge(survivor=second, others=[first], staff=by)
    merge(survivor=stays, others=[second], staff=by)
    assert set(stays.merged.all()) == {first, second}
    residents = {first.resident, second.resident}
    assert {follower.resident for follower in stays.followers.all()} == residents
    with pytest.raises(NotAllowed):
        merge(survivor=first, others=[stays], staff=by)


def test_database_refuses_a_chain_itself_another_kind_and_what_is_open(stays):
    merged = ReportFactory(merged_into=stays, **MERGED)
    grid = ReportFactory(kind="grid", fault=FaultType.objects.get(code="grid-blocked"))
    for survivor in (merged, grid):
        with pytest.raises(IntegrityError) as chain, transaction.atomic():
            ReportFactory(merged_into=survivor, **MERGED)
        assert violated_constraint(chain.value) == "street_reports_merged_into_a_survivor"
    with pytest.raises(IntegrityError) as behind, transaction.atomic():
        Report.objects.filter(pk=stays.pk).update(merged_into=ReportFactory(), **MERGED)
    assert violated_constraint(behind.value) == "street_reports_merged_into_a_survivor"
    with pytest.raises(IntegrityError) as opened, transaction.atomic():
        ReportFactory(merged_into=stays)
    assert violated_constraint(opened.value) == "street_reports_report_merged_has_ended"
    alone = ReportFactory(**MERGED)
    with pytest.raises(IntegrityError) as itself, transaction.atomic():
        Report.objects.filter(pk=alone.pk).update(merged_into=alone.pk)
    assert violated_constraint(itself.value) == "street_reports_report_not_merged_into_itself"


def test_part_of_another_report_is_not_closed_or_explained_by_itself(by, stays):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    reason = ClosureReason.objects.get(slug="nothing-found")
    with pytest.raises(NotAllowed):
        end_report(report=other, staff=by, token=other.public_id, reason=reason)


# Taking it back.


def test_merging_is_taken_back_whole(by, stays):
    say(stays, "planned")
    other = ReportFactory(wants_updates=True)
    apply_update(report=other, update_id="U", status="planned", text="", updated_at=NOON)
    FollowerFactory(report=other)
    kept = FollowerFactory(report=stays)
    merge(survivor=stays, others=[other], staff=by)
    other.refresh_from_db()
    take_back(report=other, staff=by)
    other.refresh_from_db()
    assert (other.status, other.merged_into, other.closure_reason) == ("planned", None, None)
    assert other.delivery.state == "retry"  # in line again
    assert "DUPLICATE" not in [status for _, status in notes(other)]
    assert stays.followers.get() == kept
    with pytest.raises(NotAllowed):
        take_back(report=other, staff=by)


def test_team_that_read_the_mark_is_told_that_it_was_wrong(by, stays):
    other = sent(ReportFactory(), "102")
    merge(survivor=stays, others=[other], staff=by)
    other.delivery.followers.update(state="sent", sent_at=NOON)
    other.refresh_from_db()
    take_back(report=other, staff=by)
    assert ("This is not a duplicate after all.", "REOPEN") in notes(other)
    other.refresh_from_db()
    assert other.status == "received"


def test_what_was_reported_again_meanwhile_stays_merged(by, stays):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    ReportFactory(asset=other.asset)
    other.refresh_from_db()
    with pytest.raises(NotAllowed, match="reported this fault again"):
        take_back(report=other, staff=by)
    other.refresh_from_db()
    assert other.merged_into == stays


def test_erasure_reaches_what_went_to_another_report(by, stays):
    other = ReportFactory(description="I live at 12")
    Delivery.objects.filter(pk=other.delivery_id).update(payload={"description": "I live at 12"})
    follower = follow_report(resident=ResidentFactory(), report=other, information="I live at 14")
    merge(survivor=stays, others=[other], staff=by)
    for resident in (other.resident, follower.resident):
        service.erase(resident)
    deliveries = Delivery.objects.exclude(resident=stays.resident)
    assert "I live at" not in str(list(deliveries.values_list("payload", flat=True)))
    assert not stays.followers.exists()
    assert stays.merged.get() == other


# Two members of staff at once.


def at_once(*calls):
    """Each call on its own connection; counts how they ended."""
    gate, ends = threading.Barrier(len(calls)), Counter()

    def run(call):
        try:
            gate.wait(30)
            call()
            ends["done"] += 1
        except (NotAllowed, IntegrityError, OperationalError) as error:
            ends[type(error).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def calls(by, *pairs):
    return [
        lambda survivor=survivor, other=other: merge(survivor=survivor, others=[other], staff=by)
        for survivor, other in pairs
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_same_merge_by_many_at_once_happens_once(by, stays):
    other = sent(ReportFactory(wants_updates=True), "102")
    assert at_once(*calls(by, *[(stays, other)] * 6)) == {"done": 1, "NotAllowed": 5}
    assert [status for _, status in notes(other)] == ["DUPLICATE"]
    assert len(Delivery.objects.filter(kind="email")) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_the_locks_the_same_merge_happens_twice(by, stays, monkeypatch):
    """The negative control: both have read before either writes."""
    other = sent(ReportFactory(wants_updates=True), "102")
    both_have_read = threading.Barrier(2)

    def only_look(self, pks):
        found = {report.pk: report for report in self.in_full().filter(pk__in=pks)}
        both_have_read.wait(30)
        return found

    monkeypatch.setattr(ReportQuerySet, "locked", only_look)
    at_once(*calls(by, *[(stays, other)] * 2))
    assert len(Delivery.objects.filter(kind="email")) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_merges_that_cross_end_without_a_deadlock_or_a_chain(by):
    for _ in range(20):
        a, b, c = ReportFactory.create_batch(3)
        ends = at_once(*calls(by, (b, a), (a, b), (c, b), (a, c), (b, c)))
        assert set(ends) <= {"done", "NotAllowed"}
        assert 1 <= ends["done"] <= 2
        assert not Report.objects.filter(merged_into__merged_into__isnull=False).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_locked_in_another_order_merges_that_cross_wait_for_each_other(by, monkeypatch):
    """The negative control: the survivor first, then the other."""
    a, b = ReportFactory.create_batch(2)
    each_has_one = threading.Barrier(2)

    def survivor_first(self, pks):
        found = {}
        for pk in pks:
            found[pk] = self.in_full().select_for_update(of=("self",)).get(pk=pk)
            if len(found) == 1:
                each_has_one.wait(30)
        return found

    monkeypatch.setattr(ReportQuerySet, "locked", survivor_first)
    assert at_once(*calls(by, (a, b), (b, a)))["OperationalError"] == 1


# In the admin.

LIST = "/admin/street_reports/report/"


@pytest.fixture
def staff(portal, by):
    portal.sign_in(by)
    return portal


def choose(*reports, **more):
    return {"action": "merge_chosen", "_selected_action": [r.pk for r in reports], **more}


def test_staff_merge_what_they_chose_in_the_list_on_record(staff, stays):
    others = ReportFactory.create_batch(2)
    page = staff.post(LIST, choose(stays, *others)).content.decode()
    assert "Which one stays?" in page
    assert all(report.reference in page for report in (stays, *others))
    assert not stays.merged.exists()
    staff.post(LIST, choose(stays, *others, confirm="Merge", survivor=stays.pk))
    assert set(stays.merged.all()) == set(others)
    assert LogEntry.objects.count() == 3
    assert staff.get(f"{LIST}{stays.pk}/change/").status_code == 200


def test_list_says_what_cannot_be_merged(staff, stays):
    ended = ReportFactory(status="fixed")
    page = staff.post(LIST, choose(stays), follow=True).content.decode()
    assert "Choose 2 to 20 reports." in page
    chosen = choose(stays, ended, confirm="Merge", survivor=stays.pk)
    page = staff.post(f"{LIST}?status=all", chosen).content.decode()
    assert f"{ended.reference} has ended: Fixed." in page
    assert not LogEntry.objects.exists()


def test_staff_merge_into_another_by_its_reference_once_they_have_seen_it(staff, stays):
    other = ReportFactory()
    address = f"{LIST}{other.pk}/do/merge/"
    assert "There is no report" in staff.post(address, {"reference": "XX"}).content.decode()
    typed = f" {stays.reference.lower()} "
    page = staff.post(address, {"reference": typed, "look": "1"}).content.decode()
    assert "Private words of the first." in page
    unseen = {"reference": typed, "merge": "1", "seen": "SL-2222-2222"}
    assert f"Merge into {stays.reference}" in staff.post(address, unseen).content.decode()
    assert not stays.merged.exists()
    answer = staff.post(address, unseen | {"seen": stays.reference})
    assert answer.url == f"{LIST}{other.pk}/change/"
    assert stays.merged.get() == other


def test_staff_take_a_merging_back(staff, by, stays):
    other = ReportFactory()
    merge(survivor=stays, others=[other], staff=by)
    page = staff.get(f"{LIST}{other.pk}/change/").content.decode()
    assert "Take the merging back" in page
    assert "Close it, or correct why it ended" not in page
    address = f"{LIST}{other.pk}/do/take-back/"
    assert "It is opened again" in staff.get(address).content.decode()
    staff.post(address, {"do": "1"})
    assert not stays.merged.exists()
    assert LogEntry.objects.get().change_message == "The merging was taken back."
    assert staff.get(address).status_code == 302  # there is nothing to take back


def test_who_may_only_look_cannot_merge(portal, stays):
    other = ReportFactory()
    portal.sign_in(ResidentFactory(is_staff=True))
    assert portal.get(f"{LIST}{other.pk}/do/merge/").status_code == 403
    portal.post(LIST, choose(stays, other, confirm="Merge", survivor=stays.pk))
    assert not stays.merged.exists()


def test_photos_of_the_other_are_shown_to_nobody_new(portal, by, stays):
    other = ReportFactory()
    photo = PhotoFactory(report=other, resident=other.resident)
    merge(survivor=stays, others=[other], staff=by)
    portal.sign_in(stays.resident)
    assert portal.get(photo.get_absolute_url()).status_code == 404
