"""The link that confirms, and the page of a report for somebody without an account."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox.models import Delivery
from street_reports import confirming
from street_reports.merging import merge, take_back
from street_reports.models import Contact, Report, Unconfirmed
from street_reports.models.unconfirmed import digest
from street_reports.progress import apply_update
from street_reports.service import service
from street_reports.tasks import tidy_addresses
from tests.accounts.mail import last_mail_to, link_sent_to, mails_to
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    ContactFactory,
    FollowerFactory,
    ReportFactory,
    UnconfirmedFactory,
    UpdateFactory,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "s" * 43
LINK = f"/street-reports/confirm/{SECRET}/"
NO_LONGER = "This link no longer works"
AT_ONCE = 12


@pytest.fixture
def waiting(teams):
    """A report of a place in words, which waits to be confirmed."""
    return UnconfirmedFactory(digest=digest(SECRET), asset=None, description="I live at 12")


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


@pytest.mark.parametrize(("hours", "works"), [(47, True), (49, False)])
def test_link_works_for_48_hours(portal, waiting, hours, works):
    with later(hours=hours):
        assert (portal.get(LINK).page.h1 == NO_LONGER) != works
        portal.post(LINK)
    assert Report.objects.exists() == works


@pytest.mark.parametrize(
    "secret",
    ["s" * 42, "S" * 43, "%00", "s" * 5000, "' OR 1=1 --", "{{ 7 }}", digest(SECRET), "٢٢", "a.b"],
)
@pytest.mark.parametrize("page", ["confirm/{}/", "by-link/{}/", "by-link/{}/stop/"])
def test_secret_that_nobody_was_sent_opens_nothing(portal, waiting, secret, page):
    url = f"/street-reports/{page.format(secret)}"
    assert portal.get(url).page.h1 == NO_LONGER
    answer = portal.post(url)
    assert answer.status_code == 405 or answer.page.h1 == NO_LONGER
    assert not Report.objects.exists()


@pytest.mark.parametrize("change", ["other id", "other signature", "public id alone"])
def test_link_to_a_report_that_was_tampered_with_opens_nothing(portal, change):
    mine, other = ContactFactory(), ContactFactory()
    identity, signature = mine.secret.split(".")
    secret = {
        "other id": f"{other.public_id}.{signature}",
        "other signature": f"{identity}.{other.secret.split('.')[1]}",
        "public id alone": identity,
    }[change]
    assert portal.get(f"/street-reports/by-link/{secret}/").page.h1 == NO_LONGER
    assert portal.post(f"/street-reports/by-link/{secret}/stop/").page.h1 == NO_LONGER


def confirm_at_once() -> list[str]:
    """Confirm the same link many times at the same moment; what each of them is led to."""
    start = Barrier(AT_ONCE)

    def run(_: int) -> str:
        connection.ensure_connection()
        start.wait()
        try:
            return confirming.confirm(secret=SECRET).get_absolute_url()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_confirmed_many_times_at_once_is_one_report(waiting):
    assert len(set(confirm_at_once())) == 1
    assert (Report.objects.count(), Contact.objects.count()) == (1, 1)
    assert sorted(Delivery.objects.values_list("kind", flat=True)) == [
        "email",  # to confirm
        "email",  # we have your report
        "street_report",
    ]


@pytest.fixture
def unguarded(monkeypatch, waiting):
    """Neither the lock nor the constraint that make one report of many clicks."""
    [constraint] = [c for c in Report._meta.constraints if c.name.endswith("form_sent_once")]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    with connection.schema_editor() as editor:
        editor.remove_constraint(Report, constraint)
    yield
    Unconfirmed.objects.all().delete()
    Report.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Report, constraint)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_negative_control_without_guards_many_clicks_are_many_reports(unguarded):
    confirm_at_once()
    assert Report.objects.count() > 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_constraint_alone_makes_one_report_of_many_clicks(waiting, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    assert len(set(confirm_at_once())) == 1
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sending_the_form_and_confirming_take_few_statements(visitor):
    visitor.fill()
    with CaptureQueriesContext(connection) as asked:
        visitor.send()
    link = link_sent_to("ada@example.org")
    with CaptureQueriesContext(connection) as confirmed:
        visitor.portal.post(link)
    for captured in (asked, confirmed):
        statements = [query["sql"] for query in captured if query["sql"] != "BEGIN"]
        assert len(statements) <= 12, "\n".join(statements)


def test_page_of_a_report_takes_few_statements(portal, django_assert_max_num_queries):
    contact = ContactFactory(is_reporter=True)
    UpdateFactory.create_batch(20, report=contact.report)
    with django_assert_max_num_queries(8):
        portal.get(contact.get_absolute_url())


def test_reporter_sees_what_they_wrote_and_what_happens(portal):
    contact = ContactFactory(
        is_reporter=True, report__description="It sparks.", report__location="By my house"
    )
    UpdateFactory(report=contact.report, text="We come on Friday.")
    FollowerFactory(report=contact.report, information="Others' words")
    text = portal.get(contact.get_absolute_url()).page.text("main")
    assert "It sparks." in text and "By my house" in text
    assert "We come on Friday." in text
    assert "Others" not in text


def test_follower_sees_what_happens_and_nobody_elses_words(portal):
    report = ReportFactory(description="Private words", location="By my house", asset=None)
    report.acts.create(kind="add", text="I live at 12")
    contact = ContactFactory(report=report, information="Since Monday.")
    page = portal.get(contact.get_absolute_url()).page
    assert "Since Monday." in page.text("main")
    assert "Information added" in page.text("main")
    for private in ("Private words", "my house", "I live at 12", report.resident.email):
        assert private not in page.html


def test_news_come_with_a_link_to_the_report_and_one_to_stop_them(portal, teams):
    contact = ContactFactory(is_reporter=True, wants_updates=True)
    report = contact.report
    apply_update(report=report, update_id="U1", status="planned", text="Friday.", updated_at=NOON)
    mail = last_mail_to(contact.email)
    assert mail["subject"] == f"Work is planned: your report {report.reference}"
    page, stop = re.findall(r"https?://[^/\s]+(/\S+)", mail["body"])
    assert portal.get(page).page.h1 == f"Report {report.reference}"
    assert mail["headers"]["List-Unsubscribe"].endswith(f"{stop}>")
    assert portal.get(stop).page.h1 == f"Stop e-mails about report {report.reference}"
    contact.refresh_from_db()
    assert contact.wants_updates, "looking at the page stopped the e-mails"
    text = portal.post(stop, follow=True).page.text("main")
    assert "We do not send you e-mails about this report any more." in text
    apply_update(report=report, update_id="U2", status="fixed", text="", updated_at=NOON)
    assert len(mails_to(contact.email)) == 1


def test_follower_by_e_mail_gets_none_of_the_reporters_words(teams):
    report = ReportFactory(asset=None, location="By my house", postcode="SK3 8UD")
    contact = ContactFactory(report=report, wants_updates=True)
    apply_update(report=report, update_id="U1", status="planned", text="", updated_at=NOON)
    body = last_mail_to(contact.email)["body"]
    assert "Near SK3 8UD" in body and "my house" not in body


def test_somebody_who_reported_it_and_writes_again_adds_to_it(teams):
    contact = ContactFactory(is_reporter=True)
    UnconfirmedFactory(
        digest=digest(SECRET), email=contact.email, follows=contact.report, description="Again."
    )
    for _ in range(2):
        assert confirming.confirm(secret=SECRET) == contact
    note = Delivery.objects.get(kind="note")
    assert note.payload["description"] == "The person who reported this adds: Again."


@pytest.mark.parametrize(
    ("constraint", "make", "fields"),
    [
        ("contact_email_lower_case", ContactFactory, {"email": "Ada@example.org"}),
        ("contact_email_lower_case", ContactFactory, {"email": ""}),
        ("unconfirmed_email_lower_case", UnconfirmedFactory, {"email": "Ada@example.org"}),
        ("unconfirmed_has_a_place", UnconfirmedFactory, {"location": ""}),
        ("unconfirmed_point_whole", UnconfirmedFactory, {"latitude": 53.4}),
    ],
)
@pytest.mark.django_db
def test_what_makes_no_sense_is_refused(constraint, make, fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**fields)


@pytest.mark.django_db
def test_report_has_one_reporter_and_each_address_once():
    contact = ContactFactory(is_reporter=True)
    report = contact.report
    residents = ReportFactory()
    for constraint, fields in [
        ("contact_once", {"report": report, "email": contact.email}),
        ("contact_one_reporter", {"report": report, "is_reporter": True}),
        ("contact_is_no_resident", {"report": residents, "is_reporter": True}),
    ]:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            ContactFactory(**fields)
        assert violated_constraint(refusal.value) == f"street_reports_{constraint}"


@pytest.mark.django_db
def test_form_without_an_account_makes_one_report():
    report = ReportFactory(resident=None)
    with pytest.raises(IntegrityError, match="form_sent_once"), transaction.atomic():
        ReportFactory(resident=None, form_token=report.form_token)


@pytest.mark.django_db
def test_what_nobody_confirmed_goes_with_its_e_mail():
    old, new = UnconfirmedFactory(), UnconfirmedFactory()
    Unconfirmed.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=49))
    tidy_addresses()
    assert Unconfirmed.objects.get() == new
    assert Delivery.objects.get() == new.delivery


@pytest.mark.django_db
def test_address_goes_a_year_after_the_report_ended_and_not_before(teams):
    old = timezone.now() - timedelta(days=400)
    ended = ContactFactory(report__created_at=old, report__status="fixed", is_reporter=True)
    lately = ContactFactory(report__created_at=old, report__status="fixed")
    UpdateFactory(report=lately.report, received_at=timezone.now() - timedelta(days=364))
    still_open = ContactFactory(report__created_at=old)
    for contact in (ended, lately):
        Delivery.objects.create(
            destination=contact.report.delivery.destination,
            kind="email",
            reference=contact.report.reference,
            payload={"to": [contact.email]},
        )
    tidy_addresses()
    assert set(Contact.objects.all()) == {lately, still_open}
    assert not mails_to(ended.email)
    assert mails_to(lately.email)
    assert Report.objects.filter(pk=ended.report_id).exists()


@pytest.mark.django_db
def test_who_has_proved_the_address_gets_a_copy_and_has_it_erased(resident):
    other = ResidentFactory()
    reported = ContactFactory(
        email=resident.email, is_reporter=True, report__description="I live at 12"
    )
    followed = ContactFactory(email=resident.email, report__description="Private words")
    UnconfirmedFactory(email=resident.email)
    assert dict(service.export(resident))["reports_without_account"] == []
    assert service.erase(resident).deleted == 0
    for who in (resident, other):
        who.emailaddress_set.create(email=who.email, verified=True, primary=True)
    sets = dict(service.export(resident))
    rows = {row["report__reference"]: row for row in sets["reports_without_account"]}
    assert rows[reported.report.reference]["description"] == "I live at 12"
    assert rows[followed.report.reference]["description"] == ""
    assert len(sets["unconfirmed_reports"]) == 1
    assert service.erase(other).deleted == 0
    assert service.erase(resident).deleted == 3
    reported.report.refresh_from_db()
    followed.report.refresh_from_db()
    assert (reported.report.description, followed.report.description) == ("", "Private words")
    assert not Contact.objects.exists() and not Unconfirmed.objects.exists()


@pytest.fixture
def merged(teams):
    """The contact of a report that was merged into another, and theirs there."""
    there = ReportFactory(asset=None)
    contact = ContactFactory(
        is_reporter=True, wants_updates=True, report__asset=None, report__description="I live at 12"
    )
    merge(survivor=there, others=[contact.report], staff=ResidentFactory(staff=True))
    return contact, there.contacts.get()


def test_who_reported_what_was_merged_follows_the_one_that_stays(portal, merged):
    contact, follows = merged
    assert (follows.email, follows.wants_updates, follows.is_reporter) == (
        contact.email,
        True,
        False,
    )
    page = portal.get(contact.get_absolute_url()).page
    assert page.select(f'main a[href="{follows.get_absolute_url()}"]')
    page = portal.get(follows.get_absolute_url()).page
    assert "is now part of this report" in page.text("main")
    merged_one = Report.objects.get(pk=contact.report_id)
    take_back(report=merged_one, staff=ResidentFactory(staff=True))
    assert not follows.report.contacts.exists()


@pytest.mark.usefixtures("merged")
def test_erasure_reaches_the_words_that_went_with_the_merged_report(resident):
    Contact.objects.update(email=resident.email)
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    service.erase(resident)
    for delivery in Delivery.objects.exclude(kind="email"):
        assert "I live at 12" not in str(delivery.payload)
