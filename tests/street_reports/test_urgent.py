"""An urgent fault tells the duty officers at once, whatever becomes of the team's own system."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.db import IntegrityError, connections

from stockport.outbox import delivering
from stockport.outbox.models import Delivery, Destination
from stockport.outbox.workflow import State
from street_reports.actions import Place, submit_report
from street_reports.models import FaultType, Report
from street_reports.privacy import erase
from tests.backoffice import API_KEY, running_backoffice
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory
from tests.factories.street_reports import FaultTypeFactory, ReportFactory

pytestmark = pytest.mark.django_db
DUTY = ["duty@example.org", "night@example.org"]


@pytest.fixture(autouse=True)
def on_duty(settings):
    settings.DUTY_EMAILS = DUTY


def submit(resident, asset=None, code="light-several-out", token=None, words="By the bus stop"):
    return submit_report(
        resident=resident,
        token=token or uuid.uuid4(),
        fault=FaultTypeFactory(code=code),
        place=Place.of(asset) if asset else Place(words),
        description="I am Ada Shaw and it is dark.",
    )


def calls():
    """The e-mails to the duty officers, sent or not."""
    return Delivery.objects.filter(payload__to=DUTY)


def send_email_now():
    delivering.drain(Destination.objects.get(slug="email").pk, seconds=5)


@pytest.mark.parametrize(
    ("code", "urgent"),
    [
        ("light-several-out", True),
        ("grid-overflowing", True),
        ("grid-poured", True),
        ("light-out", False),
        ("grid-smell", False),
    ],
)
def test_faults_that_cannot_wait_are_urgent_from_the_start(code, urgent):
    assert FaultType.objects.get(code=code).is_urgent is urgent


def test_duty_officers_read_what_and_where_and_when_and_not_from_whom(teams, resident, light):
    report = submit(resident, light)
    text = calls().get().payload["body"]
    assert report.reference in calls().get().payload["subject"]
    for words in (
        report.reference, "Several lights in a row", report.location, "53.40000, -2.16000",
        f"/admin/street_reports/report/{report.pk}/change/", "Reported: ",
    ):  # fmt: skip
        assert words in text
    for words in (resident.email, "Ada", "it is dark"):
        assert words not in text
    assert calls().get().resident is None


def test_number_that_was_typed_as_the_place_is_not_passed_on(teams, resident):
    submit(resident, words="My drive, ring 07700 900123 or ada@example.org")
    text = calls().get().payload["body"]
    assert "My drive, ring [removed] or [removed]" in text


def test_fault_that_can_wait_tells_nobody(teams, resident, light):
    assert submit(resident, light, code="light-out").duty_email is None
    assert not calls().exists()


def test_with_nobody_on_duty_the_report_is_made_all_the_same(teams, resident, light, settings):
    settings.DUTY_EMAILS = []
    report = submit(resident, light)
    assert (report.duty_email, report.duty_is_told, report.duty_is_being_told) == (
        None, False, False,
    )  # fmt: skip


def test_one_report_tells_them_once_however_often_its_form_is_sent(teams, resident, light):
    token = uuid.uuid4()
    first, again = (submit(resident, light, token=token) for _ in range(2))
    followed = submit(ResidentFactory(), light)
    assert first == again == followed
    assert calls().count() == 1


def test_report_that_goes_again_does_not_tell_them_again(teams, resident, light):
    report = submit(resident, light)
    send_email_now()
    for _ in range(2):
        Destination.objects.update(resting_until=None)
        Delivery.objects.filter(pk=report.delivery_id).update(next_attempt_at=report.created_at)
        delivering.drain(report.delivery.destination_id, seconds=5)
        send_email_now()
    assert [message.to for message in mail.outbox].count(DUTY) == 1


def test_report_that_is_rolled_back_tells_nobody(teams, resident, light):
    Destination.objects.get(slug="street-lighting").delete()
    with pytest.raises(Destination.DoesNotExist):
        submit(resident, light)
    assert not calls().exists()


@pytest.mark.slow
def test_they_are_told_while_the_back_office_is_stopped(teams, resident, light):
    with running_backoffice() as office:
        Destination.objects.filter(slug="street-lighting").update(endpoint=office.url)
    report = submit(resident, light)
    delivering.drain(report.delivery.destination_id, seconds=5)
    send_email_now()
    report.delivery.refresh_from_db()
    assert report.delivery.state == State.RETRY
    assert DUTY in [message.to for message in mail.outbox]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_they_are_told_while_the_back_office_hangs(teams, resident, light):
    with running_backoffice() as office, ThreadPoolExecutor(1) as worker:
        Destination.objects.filter(slug="street-lighting").update(
            endpoint=office.url, api_key=API_KEY
        )
        office.fault("hang")
        report = submit(resident, light)
        claimed = delivering.claim(report.delivery.destination_id)

        def call():
            try:
                delivering.carry(claimed)
            finally:
                connections.close_all()

        waiting = worker.submit(call)
        while not office.ledger()["calls"]:
            assert not waiting.done()
        send_email_now()
        assert not waiting.done()
        assert DUTY in [message.to for message in mail.outbox]
        office.fault()
        waiting.result()


def test_database_lets_no_two_reports_share_an_email(resident):
    email = DeliveryFactory(email=True)
    ReportFactory(duty_email=email)
    with pytest.raises(IntegrityError, match="duty_email"):
        ReportFactory(duty_email=email)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("pending", "We are telling our duty officer"),
        ("retry", "We are telling our duty officer"),
        ("sent", "We have told our duty officer"),
        ("dead", ""),
        ("held", ""),
        ("cancelled", ""),
    ],
)
def test_resident_reads_that_they_are_told_only_where_it_is_so(
    portal, teams, resident, light, state, told
):
    report = submit(resident, light)
    sent_at = report.created_at if state == "sent" else None
    calls().update(state=state, sent_at=sent_at)
    portal.sign_in(resident)
    page = portal.get(f"{report.get_absolute_url()}received/").content.decode()
    assert ("duty officer" in page) == bool(told)
    assert told in page
    page = portal.get(report.get_absolute_url()).content.decode()
    assert ("Duty officer told" in page) == (state == "sent")


def test_staff_see_whether_the_duty_officers_were_told(portal, teams, resident, light):
    report = submit(resident, light)
    portal.sign_in(ResidentFactory(staff=True))
    page = portal.get(f"/admin/street_reports/report/{report.pk}/change/").content.decode()
    assert f"/admin/outbox/delivery/{report.duty_email_id}/change/" in page
    report = submit(resident, code="light-out")
    page = portal.get(f"/admin/street_reports/report/{report.pk}/change/").content.decode()
    assert "None" in page


def test_staff_see_that_urgent_faults_tell_nobody(portal, settings):
    portal.sign_in(ResidentFactory(staff=True))
    faults = "/admin/street_reports/faulttype/"
    assert "Nobody is told" not in portal.get(faults).content.decode()
    settings.DUTY_EMAILS = []
    assert "Nobody is told" in portal.get(faults).content.decode()


def test_deployment_check_warns_where_nobody_is_on_duty(settings):
    def found():
        checks = run_checks(include_deployment_checks=True)
        return [check for check in checks if check.id == "street_reports.W001"]

    assert not found()
    settings.DUTY_EMAILS = []
    assert "DUTY_EMAILS" in found()[0].hint


def test_erased_resident_leaves_nothing_in_the_email_to_the_duty_officers(teams, resident, light):
    report = submit(resident, light)
    erase(resident)
    assert resident.email not in str(Report.objects.get(pk=report.pk).duty_email.payload)
