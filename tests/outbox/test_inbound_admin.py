"""Staff see what came back, and settle what found no service by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.models import InboundUpdate
from street_reports.models import Update
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory, DestinationFactory, InboundUpdateFactory
from tests.factories.street_reports import ReportFactory

pytestmark = pytest.mark.django_db

UPDATES = reverse("admin:outbox_inboundupdate_changelist")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True, email="duty@example.org"))
    return portal


def act(staff, action, *chosen, **data):
    data = {"action": action, "_selected_action": [each.pk for each in chosen], **data}
    page = staff.post(UPDATES, data, follow=True).content.decode()
    for each in chosen:
        each.refresh_from_db()
    return page


def notes():
    return list(LogEntry.objects.values_list("change_message", flat=True))


@pytest.mark.parametrize("rows", [1, 20])
def test_list_costs_the_same_for_one_and_for_many(staff, django_assert_num_queries, rows):
    InboundUpdateFactory.create_batch(rows, destination=DestinationFactory())
    with django_assert_num_queries(9):
        page = staff.get(UPDATES).content.decode()
    assert page.count(InboundUpdate.UNKNOWN) == rows


def test_staff_find_an_update_by_any_reference(staff):
    wanted, other = InboundUpdateFactory.create_batch(2, waiting=True)
    for words in (wanted.update_id, wanted.remote_reference, wanted.delivery.reference):
        page = staff.get(UPDATES, {"q": words}).content.decode()
        assert wanted.remote_reference in page
        assert other.remote_reference not in page


def test_staff_see_only_what_is_quarantined_or_of_one_destination(staff):
    quarantined, waiting = InboundUpdateFactory(), InboundUpdateFactory(waiting=True)
    for chosen in (
        {"state__exact": "quarantined"},
        {"destination__id__exact": quarantined.destination_id},
    ):
        page = staff.get(UPDATES, chosen).content.decode()
        assert quarantined.remote_reference in page
        assert waiting.remote_reference not in page


def test_staff_dismiss_what_does_not_concern_the_portal(staff):
    update = InboundUpdateFactory()
    act(staff, "dismiss", update)
    assert (update.state, update.reason) == ("dismissed", "Dismissed by duty@example.org.")
    assert update.description == ""
    assert notes() == ["Dismissed."]


def test_staff_say_which_report_an_update_belongs_to(staff):
    report = ReportFactory()
    update = InboundUpdateFactory(destination=report.delivery.destination)
    assert "Our reference" in act(staff, "assign", update)
    assert update.state == "quarantined"
    act(staff, "assign", update, reference=f" {report.reference} ", confirm="yes")
    hand_on(update.destination_id)
    update.refresh_from_db()
    assert (update.state, update.delivery) == ("applied", report.delivery)
    assert Update.objects.get().report == report
    assert notes() == [f"Belongs to {report.reference}."]


def test_update_never_belongs_to_what_another_destination_was_sent(staff):
    update, elsewhere = InboundUpdateFactory(), DeliveryFactory()
    page = act(staff, "assign", update, reference=elsewhere.reference, confirm="yes")
    assert "was not sent anything called" in page
    assert update.state == "quarantined"
    assert notes() == []


def test_update_belongs_to_a_report_not_to_its_photo(staff):
    report = DeliveryFactory(reference="SL-1")
    DeliveryFactory(destination=report.destination, reference="SL-1", depends_on=report)
    update = InboundUpdateFactory(destination=report.destination)
    act(staff, "assign", update, reference="SL-1", confirm="yes")
    assert update.delivery == report


def test_staff_have_an_update_applied_again_at_once(staff):
    later = timezone.now() + timedelta(hours=1)
    update = InboundUpdateFactory(waiting=True, failures=9, due_at=later, reason="It failed.")
    act(staff, "apply_again", update)
    assert (update.failures, update.reason) == (0, "")
    assert update.due_at < timezone.now()
    assert notes() == ["In line again."]


def test_update_of_nothing_known_cannot_be_applied(staff):
    update = InboundUpdateFactory()
    assert "Say first which delivery" in act(staff, "apply_again", update)
    assert update.state == "quarantined"


@pytest.mark.parametrize("action", ["dismiss", "apply_again"])
def test_settled_update_stays_settled(staff, action):
    update = InboundUpdateFactory(
        waiting=True, state="applied", applied_at=timezone.now(), description=""
    )
    assert "This update is settled: applied." in act(staff, action, update)
    assert update.state == "applied"
    assert notes() == []


def test_staff_who_may_only_look_cannot_act(portal):
    looker = ResidentFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_inboundupdate"))
    portal.sign_in(looker)
    update = InboundUpdateFactory()
    act(portal, "dismiss", update)
    assert update.state == "quarantined"


def test_webhook_secret_can_be_set_and_never_be_read(staff):
    destination = DestinationFactory(webhook_secret=SECRET)
    url = reverse("admin:outbox_destination_change", args=[destination.pk])
    page = staff.get(url)
    assert SECRET not in page.content.decode()
    form = {**page.context["adminform"].form.initial, "api_key": "", "webhook_secret": ""}
    form = {name: value for name, value in form.items() if value is not None}
    staff.post(url, form)
    destination.refresh_from_db()
    assert destination.webhook_secret == SECRET
    page = staff.post(url, {**form, "webhook_secret": "sesame"}).content.decode()
    assert "Enter whsec_ and 24 to 64 random bytes in base64." in page
    assert "sesame" not in page
    new = "whsec_c2VjcmV0LW9mLWEtcm90YXRlZC1lbmRwb2ludA=="
    staff.post(url, {**form, "webhook_secret": new})
    destination.refresh_from_db()
    assert destination.webhook_secret == new
