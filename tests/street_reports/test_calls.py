"""Staff take down a report for a caller: on record, never as the resident, shown to nobody else."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockport.outbox.models import Delivery
from street_reports.models import Draft, FaultType, Report
from tests.accounts.mail import last_mail_to, mails_to
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import ReportFactory
from tests.routes import STAFF
from tests.street_reports.conftest import EMAIL, Form

LIST = "/admin/street_reports/report/"


@pytest.fixture
def staff(db):
    """Somebody in the contact centre: their group may take calls, and look at reports."""
    staff = ResidentFactory(is_staff=True)
    group = Group.objects.create(name="Contact centre")
    names = ("report_for_caller", "view_report")
    group.permissions.set(Permission.objects.filter(codename__in=names))
    staff.groups.add(group)
    return staff


class Calling(Form):
    """Staff at the pages of the form."""

    START = "/street-reports/calls/"
    ANSWERS = Form.ANSWERS | {
        "caller": {"email": EMAIL, "updates": "on"},
        "reported": {"information": "It sparks."},
    }


@pytest.fixture
def calling(portal, staff, light, teams):
    portal.sign_in(staff)
    calling = Calling(portal)
    calling.answer_to_choose = str(light.pk)
    return calling


def take(calling, **caller):
    """Fill in the form and send it; the page that ends it."""
    calling.fill(until="caller")
    assert calling.post("caller", **(caller or calling.ANSWERS["caller"])).status_code == 302
    return calling.portal.post(f"{calling.base}check/", follow=True).page


def test_call_becomes_a_report_of_whoever_called(calling, staff):
    page = take(calling)
    report = Report.objects.get()
    assert page.h1 == "Report for a caller received"
    assert report.reference in page.text("main")
    assert (report.resident, report.taken_by, report.description) == (None, staff, "Since Monday.")
    contact = report.contacts.get()
    assert (contact.email, contact.is_reporter, contact.wants_updates) == (EMAIL, True, True)
    mail = last_mail_to(EMAIL)["body"]
    assert "Thank you for your call." in mail
    assert contact.get_absolute_url() in mail
    assert not Draft.objects.exists()


def test_caller_without_an_address_is_nobody(calling, staff):
    page = take(calling, email="")
    report = Report.objects.get()
    assert report.reference in page.text("main")
    assert (report.resident, report.taken_by) == (None, staff)
    assert not report.contacts.exists()
    assert not Delivery.objects.filter(kind="email").exists()


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize("proved", [True, False])
def test_report_comes_into_an_account_only_if_asked_for_and_the_address_is_proved(
    calling, resident, ticked, proved
):
    resident.emailaddress_set.create(email=resident.email, verified=proved, primary=True)
    asked = {"account": "on"} if ticked else {}
    page = take(calling, email=resident.email.upper(), updates="on", **asked)
    report = Report.objects.get()
    is_theirs = ticked and proved
    assert report.resident == (resident if is_theirs else None)
    assert report.contacts.exists() != is_theirs
    assert report.wants_updates == is_theirs
    assert len(mails_to(resident.email)) == 1
    # Staff see the same page whether there is an account or not.
    assert resident.email not in page.html
    if is_theirs:
        calling.portal.sign_in(resident)
        seen = calling.portal.get(report.get_absolute_url()).page
        assert report.taken_by.email not in seen.html


def test_who_took_the_call_is_on_record_for_staff_and_nobody_else(calling, portal, staff):
    take(calling)
    report = Report.objects.get()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (staff, str(report.pk))
    assert entry.get_change_message() == "Taken down from a caller."
    page = portal.get(f"{LIST}{report.pk}/change/").content.decode()
    assert f"Taken down by {staff}, staff." in page
    contact = report.contacts.get()
    shown = portal.get(contact.get_absolute_url()).page.html
    sent = " ".join(str(delivery.payload) for delivery in Delivery.objects.all())
    assert staff.email not in shown + sent


def test_form_sent_twice_is_one_report_and_one_entry(calling):
    take(calling)
    assert calling.send().url == calling.send().url
    assert (Report.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_what_is_reported_already_is_added_to(calling, light, staff):
    other = ReportFactory(asset=light, description="Private words")
    calling.fill(until="reported")
    page = calling.get("reported").page
    assert "Tell the caller that we know about this fault" in page.text("main")
    assert "Private words" not in page.html
    calling.post("reported")
    calling.post("caller")
    page = calling.portal.post(f"{calling.base}check/", follow=True).page
    assert other.reference in page.text("main")
    contact = other.contacts.get()
    assert (contact.email, contact.is_reporter, contact.information) == (EMAIL, False, "It sparks.")
    assert LogEntry.objects.get().user == staff
    other.refresh_from_db()
    assert other.taken_by is None


def test_words_of_a_caller_without_an_address_reach_the_team(calling, light):
    ReportFactory(asset=light)
    calling.fill(until="reported")
    calling.post("reported")
    calling.post("caller", email="")
    calling.send()
    note = Delivery.objects.get(kind="note")
    assert note.payload == {"description": "From a caller: It sparks."}


def test_caller_who_reported_it_in_their_account_adds_to_it(calling, light, resident):
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    mine = ReportFactory(asset=light, resident=resident)
    calling.fill(until="reported")
    calling.post("reported")
    calling.post("caller", email=resident.email, account="on")
    assert calling.send().url.endswith(f"/taken/{mine.public_id}/")
    assert Delivery.objects.get(kind="note").payload["description"].endswith("It sparks.")
    assert not mine.followers.exists() and not mine.contacts.exists()


def test_danger_tells_staff_to_call_out_now(calling, settings):
    settings.EMERGENCY_PHONE = "0161 496 0000"
    calling.post("kind")
    page = calling.portal.post(f"{calling.base}danger/", {"danger": "yes"}, follow=True).page
    assert page.h1 == "Call out the duty officer now"
    assert "0161 496 0000" in page.text("main")
    assert not page.select("main form")


def test_urgent_fault_is_taken_and_duty_officers_are_told(calling, settings):
    settings.DUTY_EMAILS = ["duty@example.org"]
    FaultType.objects.filter(code="light-out").update(is_urgent=True)
    assert "our duty officer is told" in take(calling).text("main")
    assert len(mails_to("duty@example.org")) == 1


def test_no_photos_are_asked_for(calling):
    assert calling.get("photo").status_code == 404


@pytest.mark.parametrize(("answers", "error"), [
    ({"email": "ada"}, "Enter an e-mail address like name@example.org"),
    ({"updates": "on"}, "Enter the caller’s e-mail address, or untick both boxes"),
    ({"account": "on"}, "Enter the caller’s e-mail address, or untick both boxes"),
])  # fmt: skip
def test_address_that_is_missing_or_wrong_is_asked_for_again(calling, answers, error):
    calling.fill(until="caller")
    page = calling.post("caller", **answers).page
    assert page.errors == [error]
    assert page.select("#id_email")[0].get("value", "") == answers.get("email", "")


@pytest.mark.parametrize("who", ["resident", "staff without the permission"])
@pytest.mark.parametrize("route", STAFF, ids=lambda route: route.name)
def test_pages_are_not_there_for_anybody_else(portal, who, route):
    portal.sign_in(ResidentFactory(is_staff=who != "resident"))
    for method in (portal.get, portal.post):
        assert method(route.url()).status_code in (404, 405)
    assert portal.get(route.url()).status_code == 404


def test_list_of_reports_leads_to_it_whoever_may(portal, staff):
    link = b'href="/street-reports/calls/"'
    portal.sign_in(staff)
    assert link in portal.get(LIST).content
    staff.groups.get().permissions.remove(Permission.objects.get(codename="report_for_caller"))
    assert link not in portal.get(LIST).content


def test_permission_that_is_taken_away_ends_the_call(calling, staff):
    calling.fill()
    staff.groups.clear()
    assert calling.send().status_code == 404
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("caller", [{"email": EMAIL, "updates": "on"}, {"email": ""}])
def test_sending_takes_few_statements(calling, caller):
    """Session, staff, permissions (2), asset, fault; destinations, report, record, contact,
    deliveries; the session again. Commits apart."""
    calling.fill(until="caller")
    calling.post("caller", **caller)
    ContentType.objects.get_for_model(Report)  # as every process knows it after the first time
    with CaptureQueriesContext(connection) as captured:
        calling.send()
    asked = [q["sql"] for q in captured if q["sql"] not in ("BEGIN", "COMMIT")]
    assert len(asked) <= 12, "\n".join(asked)
