"""Every report that ends says why, and whose it is where it is not the council's."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connections, transaction

from stockport.db import violated_constraint
from stockport.outbox.connectors.base import Update as News
from stockport.outbox.models import Delivery
from street_reports.acting import act
from street_reports.closing import end_report
from street_reports.models import Act, ClosureReason, Owner, Report
from street_reports.progress import apply_update, hear
from street_reports.workflow import NotAllowed
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    AssetFactory,
    FollowerFactory,
    ReportFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def reason(slug):
    return ClosureReason.objects.get(slug=slug)


def owner(slug="national-highways"):
    return Owner.objects.get(slug=slug)


def say(report, status, hours=0, **more):
    """The team's system says this; the report as it is then."""
    apply_update(
        report=report,
        update_id=f"{status}-{hours}",
        status=status,
        updated_at=NOON + timedelta(hours=hours),
        **{"text": "", **more},
    )
    report.refresh_from_db()
    return report


def end(report, slug, staff=None, **more):
    return end_report(
        report=report,
        staff=staff or ResidentFactory(staff=True),
        reason=reason(slug),
        **{"token": uuid.uuid4(), **more},
    )


def refused_by(constraint, **fields):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ReportFactory(**fields)
    assert violated_constraint(refused.value) == f"street_reports_{constraint}"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("report_end_has_a_reason", {"status": "closed", "closure_reason_id": None}),
        ("report_end_has_a_reason", {"status": "planned", "closure_reason_id": "withdrawn"}),
        ("report_reason_fits", {"status": "fixed", "closure_reason_id": "nothing-found"}),
        ("report_reason_fits", {"status": "closed", "closure_reason_id": "no-such-reason"}),
        (
            "report_not_ours_has_an_owner",
            {"status": "not_ours", "closure_reason_id": "somebody-elses"},
        ),
    ],
)
def test_database_refuses_an_end_without_its_reason_or_owner(constraint, fields):
    refused_by(constraint, **fields)


def test_database_refuses_an_owner_that_is_out_of_place():
    refused_by("report_not_ours_has_an_owner", owner=owner())
    refused_by("report_not_ours_has_an_owner", status="fixed", owner=owner())
    refused_by("report_not_ours_has_an_owner", status="not_ours", owner=owner())  # and unknown


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("closurereason_ends", {"status": "planned"}),
        ("closurereason_is_explained", {"text": ""}),
        ("closurereason_name_unique", {"name": "Nothing found"}),
    ],
)
def test_database_refuses_a_reason_that_makes_no_sense(constraint, fields):
    whole = {"slug": "new", "status": "closed", "name": "New", "text": "Because."}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ClosureReason.objects.create(**{**whole, **fields})
    assert violated_constraint(refused.value) == f"street_reports_{constraint}"


@pytest.mark.parametrize(
    ("word", "status", "slug"),
    [
        ("fixed", "fixed", "fixed"),
        ("closed", "closed", "no-reason-given"),
        ("DUPLICATE", "closed", "duplicate"),
        ("no_further_action", "closed", "no-more-work"),
        ("cancelled", "closed", "cancelled"),
        ("not_councils_responsibility", "not_ours", "owner-unknown"),
    ],
)
def test_word_of_the_teams_system_gives_the_reason(word, status, slug):
    report = say(ReportFactory(), word)
    assert (report.status, report.closure_reason_id, report.owner) == (status, slug, None)


@pytest.mark.parametrize(
    ("word", "code", "slug"),
    [
        ("closed", "NFF", "nothing-found"),
        ("duplicate", "NFF", "nothing-found"),
        ("closed", "nff", "no-reason-given"),
        ("closed", "", "no-reason-given"),
        ("fixed", "NFF", "fixed"),  # a code counts for its own way to end
        ("not_councils_responsibility", "ELSE", "owner-unknown"),  # and nobody said whose
    ],
)
def test_code_of_the_teams_system_means_what_staff_say_that_it_means(word, code, slug):
    ClosureReason.objects.filter(slug="nothing-found").update(external_codes=["204", "NFF"])
    ClosureReason.objects.filter(slug="somebody-elses").update(external_codes=["ELSE"])
    assert say(ReportFactory(), word, code=code).closure_reason_id == slug


def test_code_is_heard_with_the_news():
    ClosureReason.objects.filter(slug="nothing-found").update(external_codes=["NFF"])
    report = ReportFactory()
    assert hear(delivery=report.delivery, update=News("U1", "7", "closed", "", NOON, "NFF"))
    report.refresh_from_db()
    assert report.closure_reason_id == "nothing-found"


def test_owner_in_the_register_is_whose_it_is():
    light = AssetFactory(owner="tfgm")
    report = say(ReportFactory(asset=light), "not_councils_responsibility")
    assert (report.closure_reason_id, report.owner.slug) == ("somebody-elses", "tfgm")


def test_opened_again_it_has_no_reason_and_no_owner():
    report = ReportFactory(asset=AssetFactory(owner="tfgm"))
    say(report, "not_councils_responsibility", 1)
    assert say(report, "reopen", 2).closure_reason is report.owner is None


def test_withdrawn_report_says_so(portal, resident):
    report = ReportFactory(resident=resident)
    act(report=report, resident=resident, kind=Act.Kind.WITHDRAW)
    portal.sign_in(resident)
    text = portal.get(report.get_absolute_url()).page.text("main")
    assert "Withdrawn. The person who reported it has withdrawn it." in text


def test_resident_reads_reason_and_owner_with_how_to_reach_them(portal, resident):
    report = ReportFactory(resident=resident, wants_updates=True)
    end(report, "somebody-elses", owner=owner("united-utilities"), text="It is in their sewer.")
    portal.sign_in(resident)
    page = portal.get(report.get_absolute_url()).page
    text = page.text("main")
    assert "Somebody else looks after it. The council does not look after it." in text
    assert "It belongs to United Utilities." in text
    assert "0345 672 3723" in text
    assert page.select('main a[href="https://www.unitedutilities.com/"]')
    assert "It is in their sewer." in page.text(".portal-timeline")
    [email] = Delivery.objects.filter(kind="email")
    for words in ("It belongs to United Utilities.", "0345 672 3723", "It is in their sewer."):
        assert words in email.payload["body"]


def test_owner_nobody_knows_is_said_to_be_unknown(portal, resident):
    report = say(ReportFactory(resident=resident), "not_councils_responsibility")
    portal.sign_in(resident)
    assert "We do not know yet who does." in portal.get(report.get_absolute_url()).page.text("main")


def test_no_page_and_no_message_names_the_staff(portal, resident):
    staff = ResidentFactory(staff=True, email="very.private@council.example")
    report = ReportFactory(resident=resident, wants_updates=True)
    end(report, "nothing-found", staff=staff)
    portal.sign_in(resident)
    page = portal.get(report.get_absolute_url()).page
    assert "Closed by the street lighting team" in page.text(".portal-timeline")
    assert report.updates.get().staff == staff
    assert "very.private" not in page.html
    assert "very.private" not in str(list(Delivery.objects.values_list("payload", flat=True)))


def test_team_is_told_what_staff_decided():
    report = ReportFactory()
    end(report, "somebody-elses", owner=owner(), text="A trunk road.")
    note = Delivery.objects.get(kind="note")
    assert (note.depends_on, note.resident) == (report.delivery, None)
    assert note.payload == {
        "description": "Ended by staff: Somebody else looks after it. A trunk road.",
        "status": "NOT_COUNCILS_RESPONSIBILITY",
    }


def test_reason_is_corrected_in_the_same_and_in_another_way():
    report = say(ReportFactory(wants_updates=True), "closed")
    end(report, "nothing-found")
    report.refresh_from_db()
    assert (report.status, report.closure_reason_id) == ("closed", "nothing-found")
    assert report.updates.get(status="", staff__isnull=False).text == (
        "The reason is now “Nothing found”."
    )
    report = end(report, "fixed-on-site")
    assert (report.status, report.closure_reason_id) == ("fixed", "fixed-on-site")
    assert Delivery.objects.filter(kind="email").count() == 3


def test_owner_is_corrected():
    report = say(ReportFactory(), "not_councils_responsibility")
    end(report, "somebody-elses", owner=owner("private"))
    assert end(report, "somebody-elses", owner=owner()).owner == owner()


@pytest.mark.parametrize(("slug", "named"), [("somebody-elses", None), ("nothing-found", "tfgm")])
def test_owner_is_named_exactly_where_there_is_one(slug, named):
    with pytest.raises(NotAllowed):
        end(ReportFactory(), slug, owner=owner(named) if named else None)


def test_same_reason_again_is_no_news():
    report = end(ReportFactory(), "nothing-found")
    with pytest.raises(NotAllowed):
        end(report, "nothing-found")
    assert report.updates.count() == 1


def test_late_news_of_the_teams_system_do_not_undo_what_staff_decided():
    report = end(ReportFactory(), "nothing-found")
    assert say(report, "planned").status == "closed"


def test_what_staff_call_fixed_can_be_opened_again_by_its_reporter():
    report = end(ReportFactory(), "fixed-on-site")
    reopened = act(report=report, resident=report.resident, kind=Act.Kind.REOPEN)
    assert (reopened.status, reopened.closure_reason) == ("accepted", None)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_pressed_many_times_at_once_it_ends_and_is_told_once():
    report, staff, token = ReportFactory(wants_updates=True), ResidentFactory(), uuid.uuid4()

    def press(_):
        try:
            return end(report, "nothing-found", staff=staff, token=token)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(8))) == {report}
    assert report.updates.count() == 1
    kinds = list(Delivery.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["email", "note", "street_report"]


# In the admin.


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


def address(report):
    return f"/admin/street_reports/report/{report.pk}/do/end/"


def answer(slug, **more):
    return {"token": str(uuid.uuid4()), "reason": reason(slug).pk, "owner": "", "text": "", **more}


def test_staff_close_a_report_on_record(staff):
    report = ReportFactory()
    change = f"/admin/street_reports/report/{report.pk}/change/"
    assert f'href="{address(report)}"' in staff.get(change).content.decode()
    assert b"Nothing found" in staff.get(address(report)).content
    assert staff.post(address(report), answer("nothing-found")).url == change
    report.refresh_from_db()
    assert report.closure_reason_id == "nothing-found"
    assert LogEntry.objects.get().change_message == "Closed: Nothing found."


def test_staff_say_whose_it_is(staff):
    report = ReportFactory()
    page = staff.post(address(report), answer("somebody-elses")).content.decode()
    assert "Choose whose it is" in page
    page = staff.post(address(report), answer("nothing-found", owner=owner().pk)).content.decode()
    assert "Only what somebody else looks after" in page
    staff.post(address(report), answer("somebody-elses", owner=owner().pk))
    report.refresh_from_db()
    assert report.owner == owner()


def test_nothing_that_staff_typed_is_lost(staff):
    report = say(ReportFactory(), "no_further_action")
    data = answer("no-more-work", text="<b>As</b> agreed.")
    page = staff.post(address(report), data).content.decode()
    assert "It has ended for this reason already." in page
    assert "&lt;b&gt;As&lt;/b&gt; agreed." in page
    assert not LogEntry.objects.exists()


def test_who_may_only_look_can_do_nothing(portal, resident):
    report = ReportFactory()
    portal.sign_in(ResidentFactory(is_staff=True))
    assert portal.get(address(report)).status_code == 403
    assert portal.post(address(report), answer("nothing-found")).status_code == 403
    portal.sign_in(resident)
    assert portal.post(address(report), answer("nothing-found")).status_code != 200
    assert Report.objects.open().get() == report


def test_address_of_nothing_is_not_found(staff):
    report = ReportFactory()
    assert staff.get(address(report).replace("/end/", "/burn/")).status_code == 404
    assert staff.get("/admin/street_reports/report/0/do/end/").status_code == 404


def test_staff_change_the_words_of_a_reason_but_not_what_reports_go_by(staff):
    row = reason("nothing-found")
    data = {
        "name": "Nothing wrong",
        "text": "We looked.",
        "external_codes": "NFF, 204",
        "position": 9,
        "slug": "other",
        "status": "fixed",
    }
    page = f"/admin/street_reports/closurereason/{row.pk}/"
    staff.post(f"{page}change/", data)
    row.refresh_from_db()
    assert (row.name, row.slug, row.status) == ("Nothing wrong", "nothing-found", "closed")
    assert row.external_codes == ["NFF", "204"]
    assert staff.post(f"{page}delete/", {"post": "yes"}).status_code == 403


def test_page_takes_the_same_queries_when_it_has_ended(portal, resident, django_assert_num_queries):
    report = ReportFactory(resident=resident)
    FollowerFactory(report=report)
    UpdateFactory(report=report)
    end(report, "somebody-elses", owner=owner())
    portal.sign_in(resident)
    with django_assert_num_queries(7):
        portal.get(report.get_absolute_url())
