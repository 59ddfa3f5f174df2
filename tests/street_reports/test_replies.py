"""What staff write to residents: from templates, seen before it is sent, from the team."""

import re
import uuid
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from stockport.db import violated_constraint
from stockport.outbox.models import Delivery
from street_reports.merging import merge
from street_reports.models import ClosureReason, FaultType, Owner, ReplyTemplate
from street_reports.placeholders import NAMES, fill, unknown
from street_reports.replies import reply, written
from street_reports.workflow import NotAllowed
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import FollowerFactory, ReportFactory

PRIVATE = "very.private@council.example"


def write(report, **more):
    staff = ResidentFactory(staff=True, email=f"{uuid.uuid4()}@council.example")
    return reply(report=report, **{"staff": staff, "token": uuid.uuid4(), "text": "Hello.", **more})


# Placeholders.


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Report {reference}: {fault}, {place}, {target}, {team}.", []),
        ("{name} {reference}", ["{name}"]),
        ("{reference.pk} {0} {}", ["{reference.pk}", "{0}", "{}"]),
        ("{Reference}", ["{Reference}"]),
        ("{reference", ["{"]),
        ("{{reference}}", ["{}"]),
        ("%(reference)s $reference", []),
    ],
)
def test_only_known_placeholders_are_known(text, found):
    assert unknown(text) == found


@given(st.dictionaries(st.sampled_from(list(NAMES)), st.text(max_size=30), max_size=9))
def test_values_are_put_in_once_and_never_looked_at(values):
    whole = dict.fromkeys(NAMES, "{team}") | values
    text = " ".join(f"{{{name}}}" for name in NAMES)
    assert fill(text, whole) == " ".join(whole[name] for name in NAMES)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{name}", "{", "}", "{{team}}", "{team", "a\n{x}", ""])
def test_database_refuses_a_template_with_unknown_placeholders(text):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ReplyTemplate.objects.create(name="New", text=text)
    name = "street_reports_replytemplate_placeholders_known"
    assert violated_constraint(refused.value) == name


@pytest.mark.django_db
def test_database_refuses_a_template_that_makes_no_sense():
    fault, reason = FaultType.objects.first(), ClosureReason.objects.first()
    for name, fields in [
        ("kind_or_fault", {"kind": "bench"}),
        ("kind_or_fault", {"kind": "grid", "fault": fault}),
        ("one_step", {"status": "fixed"}),
        ("one_step", {"status": "planned", "reason": reason}),
    ]:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            ReplyTemplate.objects.create(name="New", text="Hello.", **fields)
        assert violated_constraint(refused.value) == f"street_reports_replytemplate_{name}"


@pytest.mark.django_db
def test_template_about_a_report_has_none_of_its_reporters_words():
    report = ReportFactory(asset=None, location="By my house", due_on=date(2026, 12, 23))
    template = ReplyTemplate(text="{reference}: {fault}. {place}. {target}. {team}.")
    assert written(template, report) == (
        f"{report.reference}: It is not working. A place that is on no list. 23 December 2026."
        " street lighting team."
    )
    report.due_on = None
    assert "a day that we cannot name yet" in written(template, report)


@pytest.mark.django_db
def test_shipped_templates_can_be_written_about_any_report():
    report = ReportFactory()
    for template in ReplyTemplate.objects.offered(report):
        assert not re.search(r"[{}]", written(template, report))


@pytest.mark.django_db
def test_templates_are_offered_by_kind_and_fault_and_only_those_in_use():
    ReplyTemplate.objects.all().delete()
    light, report = FaultType.objects.get(code="light-out"), ReportFactory()
    for number, fields in enumerate(
        [{}, {"kind": "street_light"}, {"fault": light}, {"kind": "grid"}, {"is_active": False}]
    ):
        ReplyTemplate.objects.create(name=str(number), text="Hello.", **fields)
    assert [template.name for template in ReplyTemplate.objects.offered(report)] == list("012")


# The reply.


def test_reply_is_in_the_timeline_and_in_emails_as_from_the_team(portal):
    report = ReportFactory(wants_updates=True, description="My words.")
    follower = FollowerFactory(report=report, wants_updates=True)
    FollowerFactory(report=report, wants_updates=False)
    write(report, text="We need a ladder.", staff=ResidentFactory(email=PRIVATE))
    emails = Delivery.objects.filter(kind="email")
    to = {mail.payload["to"][0]: mail.payload for mail in emails}
    assert set(to) == {report.resident.email, follower.resident.email}
    mine = to[report.resident.email]
    assert mine["subject"] == (
        f"Message from the street lighting team: your report {report.reference}"
    )
    assert "We need a ladder." in mine["body"]
    for resident in (report.resident, follower.resident):
        portal.sign_in(resident)
        page = portal.get(report.get_absolute_url()).page
        timeline = page.text(".portal-timeline")
        assert "Message from the street lighting team" in timeline
        assert "We need a ladder." in timeline
        assert PRIVATE not in page.html
    assert PRIVATE not in str([mail.payload for mail in emails])
    report.refresh_from_db()
    assert report.status == "received"
    assert not Delivery.objects.filter(kind="note").exists()


@pytest.mark.django_db
def test_reply_takes_the_report_a_step_on_and_its_team_is_told():
    report = write(ReportFactory(wants_updates=True), text="On Friday.", status="planned")
    assert report.status == "planned"
    assert report.updates.get().status == "planned"
    note = Delivery.objects.get(kind="note").payload
    assert note == {"description": "Staff wrote to residents: On Friday.", "status": "PLANNED"}
    [mail] = Delivery.objects.filter(kind="email")
    assert mail.payload["subject"].startswith("Work is planned: ")


@pytest.mark.django_db
def test_sent_twice_it_is_written_once():
    report, token = ReportFactory(wants_updates=True), uuid.uuid4()
    for _ in range(2):
        write(report, token=token, status="planned")
    assert report.updates.count() == Delivery.objects.filter(kind="email").count() == 1


@pytest.mark.django_db
def test_step_that_the_workflow_does_not_have_is_refused():
    with pytest.raises(NotAllowed):
        write(ReportFactory(status="planned"), status="planned")
    ended = ReportFactory(status="fixed")
    ReportFactory(asset=ended.asset)
    with pytest.raises(NotAllowed, match="reported this fault again"):
        write(ended, status="accepted")
    assert not Delivery.objects.filter(kind="note").exists()


@pytest.mark.django_db
def test_part_of_another_report_is_not_written_to():
    stays, other = ReportFactory.create_batch(2)
    merge(survivor=stays, others=[other], staff=ResidentFactory())
    with pytest.raises(NotAllowed):
        write(other)


# In the admin.


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


def address(report):
    return f"/admin/street_reports/report/{report.pk}/do/reply/"


def typed(**more):
    return {"token": str(uuid.uuid4()), "text": "On Friday.", "then": "", "owner": ""} | more


def seen(page):
    """What the preview's hidden box holds."""
    from tests.page import Page

    [box] = Page(page.content.decode()).select("input[name=seen]")
    return box.get("value")


def test_staff_see_what_they_wrote_before_it_is_sent(staff):
    report = ReportFactory(wants_updates=True)
    data = typed(then="planned")
    page = staff.post(address(report), data | {"preview": "1"})
    text = page.content.decode()
    assert "Work is planned<br>On Friday." in text
    assert "Received, reported on" in text
    assert "By e-mail, to 1 who wants e-mails" in text
    report.refresh_from_db()
    assert report.status == "received"
    assert not report.updates.exists()
    changed = data | {"text": "On Monday.", "seen": seen(page), "send": "1"}
    assert "On Monday." in staff.post(address(report), changed).content.decode()
    assert not report.updates.exists()  # that was another text than the one shown
    assert staff.post(address(report), data | {"seen": seen(page), "send": "1"}).status_code == 302
    assert report.updates.get().text == "On Friday."
    assert LogEntry.objects.get().change_message == "Wrote to residents. Work planned."


def test_template_comes_after_what_was_typed(staff):
    report = ReportFactory()
    template = ReplyTemplate.objects.get(name="We found nothing wrong")
    data = typed(text="Dear neighbours,", template=template.pk, use="1")
    page = staff.post(address(report), data).content.decode()
    assert "Dear neighbours,\n\nThe street lighting team has been there" in page
    assert f'value="{template.step}" selected' in page
    for nothing in ("", "x", "999999", "²"):
        page = staff.post(address(report), data | {"template": nothing}).content.decode()
        assert "Dear neighbours," in page


def test_reply_ends_the_report_with_reason_and_owner(staff):
    report, owner = ReportFactory(), Owner.objects.get(slug="tfgm")
    reason = ClosureReason.objects.get(slug="somebody-elses")
    data = typed(then=f"reason:{reason.pk}")
    assert "Choose whose it is" in staff.post(address(report), data).content.decode()
    data["owner"] = owner.pk
    page = staff.post(address(report), data)
    assert "It belongs to Transport for Greater Manchester." in page.content.decode()
    staff.post(address(report), data | {"seen": seen(page), "send": "1"})
    report.refresh_from_db()
    assert (report.status, report.owner) == ("not_ours", owner)
    assert report.updates.get().text == "On Friday."


def test_nothing_typed_is_lost_where_it_cannot_be_sent(staff):
    report = ReportFactory(status="fixed")
    ReportFactory(asset=report.asset)
    data = typed(then="accepted", text="x" * 1001)
    assert "at most 1000 characters" in staff.post(address(report), data).content.decode()
    data["text"] = "<i>We</i> come back."
    page = staff.post(address(report), data)
    page = staff.post(address(report), data | {"seen": seen(page), "send": "1"}).content.decode()
    assert "Somebody has reported this fault again" in page
    assert "&lt;i&gt;We&lt;/i&gt; come back." in page
    assert (
        "Select a valid choice"
        in staff.post(address(report), typed(then="received")).content.decode()
    )


def test_staff_edit_templates_and_unknown_placeholders_are_named(staff):
    new = "/admin/street_reports/replytemplate/add/"
    data = {"name": "New", "text": "Dear {name}, {team}", "position": 9}
    assert "Not known in curly brackets: {name}" in staff.post(new, data).content.decode()
    assert staff.post(new, data | {"text": "Dear all, {team}"}).status_code == 302
    assert ReplyTemplate.objects.get(name="New").text == "Dear all, {team}"


def test_who_may_only_look_cannot_write(portal):
    report = ReportFactory()
    portal.sign_in(ResidentFactory(is_staff=True))
    assert portal.post(address(report), typed(send="1")).status_code == 403
    assert not report.updates.exists()
