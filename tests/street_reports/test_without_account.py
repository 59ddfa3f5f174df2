"""A report without an account: typed by a visitor, sent once its e-mail address is confirmed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stockport.outbox.models import Delivery
from street_reports.models import FaultType, Report, Unconfirmed
from tests.accounts.mail import last_mail_to, link_sent_to, mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD
from tests.factories.street_reports import ReportFactory
from tests.street_reports.conftest import EMAIL, Visitor

CHECK = "Check your e-mail"


def ask(visitor: Visitor) -> str:
    """Fill in everything and ask for the link; its path."""
    visitor.fill()
    page = visitor.portal.post(f"{visitor.base}check/", follow=True).page
    assert (page.h1, EMAIL in page.text("main")) == (CHECK, True)
    return link_sent_to(EMAIL)


def test_first_page_offers_both_ways_alike(portal):
    page = portal.get(reverse("street_reports:index")).page
    buttons = page.select("main a.govuk-button")
    assert [button.get("href") for button in buttons] == [
        reverse("street_reports:new"),
        reverse("street_reports:without_account"),
    ]
    assert len({button.get("class") for button in buttons}) == 1


def test_start_page_says_what_needs_no_account(portal):
    assert portal.get("/").page.select(f'main a[href="{reverse("street_reports:index")}"]')


def test_nothing_is_reported_before_the_link_is_used(visitor, light):
    link = ask(visitor)
    assert [delivery.kind for delivery in Delivery.objects.all()] == ["email"]
    page = visitor.portal.get(link).page
    assert page.h1 == "Confirm your report"
    assert "Since Monday." in page.text("main")
    assert not Report.objects.exists()
    page = visitor.portal.post(link, follow=True).page
    report = Report.objects.get()
    assert page.h1 == f"Report {report.reference}"
    assert (report.asset, report.resident, report.wants_updates) == (light, None, False)
    contact = report.contacts.get()
    assert (contact.email, contact.is_reporter, contact.wants_updates) == (EMAIL, True, True)


def test_e_mail_to_confirm_repeats_nothing_that_was_typed(visitor):
    ask(visitor)
    assert "Since Monday." not in last_mail_to(EMAIL)["body"]
    visitor.portal.post(link_sent_to(EMAIL))
    assert "Since Monday." in last_mail_to(EMAIL)["body"]


def test_only_a_hash_of_the_secret_is_stored(visitor):
    secret = ask(visitor).split("/")[3]
    row = str(Unconfirmed.objects.values().get())
    assert len(secret) == 43 and secret not in row


def test_link_works_in_another_browser(visitor):
    link = ask(visitor)
    page = PortalClient().post(link, follow=True).page
    assert page.h1 == f"Report {Report.objects.get().reference}"


def test_using_the_link_again_leads_to_the_same_page_and_sends_nothing(visitor):
    link = ask(visitor)
    first = visitor.portal.post(link).url
    number = Delivery.objects.count()
    assert visitor.portal.post(link).url == visitor.portal.get(link).url == first
    assert (Report.objects.count(), Delivery.objects.count()) == (1, number)


def test_form_sent_twice_is_one_e_mail(visitor):
    ask(visitor)
    first = visitor.send()
    assert first.url == visitor.send().url == reverse("street_reports:asked", args=[visitor.key])
    assert len(mails_to(EMAIL)) == 1


def test_wrong_address_is_changed_and_its_link_stops_working(visitor):
    first = ask(visitor)
    page = visitor.portal.post(f"{visitor.base}link/again/", follow=True).page
    assert page.h1 == "Your e-mail address"
    answer = visitor.post("email", email="Ada@Example.net", updates="no")
    assert "Since Monday." in visitor.portal.get(answer.url).page.text("main")
    visitor.send()
    assert visitor.portal.get(first).page.h1 == "This link no longer works"
    visitor.portal.post(link_sent_to("ada@example.net"))
    contact = Report.objects.get().contacts.get()
    assert (contact.email, contact.wants_updates) == ("ada@example.net", False)


def test_who_confirmed_already_does_not_report_twice_with_another_link(visitor):
    visitor.portal.post(ask(visitor))
    visitor.portal.post(f"{visitor.base}link/again/")
    visitor.post("email")
    visitor.send()
    assert (Report.objects.count(), len(mails_to(EMAIL))) == (1, 2)


def test_page_about_the_e_mail_is_only_for_who_asked_for_it(visitor, portal):
    ask(visitor)
    stranger = PortalClient()
    assert stranger.get(f"{visitor.base}link/sent/").url == reverse("street_reports:index")


@pytest.mark.parametrize(("email", "error"), [
    ("", "Enter your e-mail address"),
    ("ada", "Enter an e-mail address like name@example.org"),
    ("a" * 250 + "@b.uk", "Enter an e-mail address like name@example.org"),
])  # fmt: skip
def test_address_that_cannot_be_written_to_is_asked_for_again(visitor, email, error):
    visitor.fill(until="email")
    page = visitor.post("email", email=email, updates="yes").page
    assert page.errors == [error]
    assert page.select("#id_email")[0].get("value", "") == email


def test_photos_are_not_asked_for_and_the_page_says_how_to_add_them(visitor):
    visitor.fill(until="email")
    text = visitor.get("email").page.text("main")
    assert "We take photos only from people with an account" in text
    assert visitor.get("photo").status_code == 404


def test_urgent_fault_is_not_taken_and_signing_in_keeps_the_answers(visitor, resident, settings):
    settings.EMERGENCY_PHONE = "0161 496 0000"
    FaultType.objects.filter(code="light-out").update(is_urgent=True)
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    visitor.fill(until="fault")
    page = visitor.portal.post(f"{visitor.base}fault/", {"fault": "light-out"}, follow=True).page
    assert page.h1 == "We need to know about this at once"
    assert "0161 496 0000" in page.text("main")
    assert not page.select("main form")
    [sign_in] = page.select('main a[href^="/account/sign-in/"]')
    there = visitor.portal.post(
        sign_in.get("href"),
        {"login": resident.email, "password": PASSWORD, "next": sign_in.get("href").split("=")[1]},
    )
    page = visitor.portal.get(there.url, follow=True).page
    assert page.h1 == "A few more questions"
    assert "/street-reports/new/" in there.url


def test_urgent_fault_cannot_be_sent_by_opening_a_later_page(visitor):
    FaultType.objects.filter(code="light-out").update(is_urgent=True)
    visitor.fill(until="fault")
    visitor.post("fault")
    for step in ("details", "email", "check"):
        assert visitor.portal.get(f"{visitor.base}{step}/").url.startswith(f"{visitor.base}urgent/")
    visitor.send()
    assert not Unconfirmed.objects.exists()


def test_who_signs_in_half_way_goes_on_in_their_account(visitor, resident):
    visitor.fill(until="email")
    visitor.portal.sign_in(resident)
    page = visitor.portal.get(f"{visitor.base}email/", follow=True).page
    assert page.h1 == "Add photos (optional)"


def test_pages_of_visitors_are_stored_nowhere(visitor):
    link = ask(visitor)
    page = visitor.portal.post(link).url
    for address in (
        f"{visitor.base}kind/",
        f"{visitor.base}link/sent/",
        link,
        page,
        f"{page}stop/",
    ):
        assert "no-store" in visitor.portal.get(address).headers["Cache-Control"], address


def test_address_with_an_account_gets_the_same_as_any_other(visitor, resident):
    visitor.fill(until="email")
    visitor.post("email", email=resident.email, updates="yes")
    page = visitor.portal.post(f"{visitor.base}check/", follow=True).page
    assert page.h1 == CHECK
    delivery = Delivery.objects.get()
    assert (delivery.resident, delivery.payload["to"]) == (None, [resident.email])
    visitor.portal.post(link_sent_to(resident.email))
    assert Report.objects.get().resident is None


@pytest.mark.usefixtures("_nothing_cached")
def test_sixth_link_to_one_address_within_an_hour_is_refused(visitor, light):
    for _ in range(5):
        other = Visitor(PortalClient())
        other.answer_to_choose = str(light.pk)
        other.fill(until="email")
        assert other.post("email").status_code == 302
    visitor.fill(until="email")
    page = visitor.post("email").page
    assert "Wait an hour and try again" in page.errors[0]
    assert page.select("#id_email")[0].get("value") == EMAIL
    assert visitor.post("email", email="other@example.org", updates="no").status_code == 302


def test_negative_control_without_limits_any_number_is_sent(visitor, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    visitor.fill(until="email")
    assert {visitor.post("email").status_code for _ in range(7)} == {302}


def test_fault_that_is_reported_already_is_followed_by_e_mail(visitor, light):
    first = ReportFactory(asset=light, description="Private words")
    visitor.fill(until="reported")
    assert "Private words" not in visitor.get("reported").page.html
    assert visitor.post("reported", information="", updates="no").page.errors
    visitor.post("reported", information="It sparks.", updates="yes")
    visitor.post("email", email=EMAIL)
    visitor.send()
    link = link_sent_to(EMAIL)
    assert visitor.portal.get(link).page.h1 == "Confirm what you add"
    assert not Delivery.objects.filter(kind="note").exists()
    page = visitor.portal.post(link, follow=True).page
    assert "Somebody else reported this before you" in page.text("main")
    assert "Private words" not in page.html
    note = Delivery.objects.get(kind="note")
    assert note.payload == {"description": "From somebody else: It sparks."}
    contact = first.contacts.get()
    assert (contact.is_reporter, contact.wants_updates, contact.delivery) == (False, True, note)


def test_fault_reported_in_the_meantime_is_followed_with_what_was_written(visitor, light):
    link = ask(visitor)
    first = ReportFactory(asset=light)
    page = visitor.portal.post(link, follow=True).page
    assert page.h1 == f"Report {first.reference}"
    assert "Somebody else reported this before you" in page.text("main")
    assert "We added what you wrote" in page.text("main")
    assert Delivery.objects.get(kind="note").payload["description"].endswith("Since Monday.")
    assert Report.objects.get() == first


def test_what_ended_in_the_meantime_is_reported_anew(visitor, light):
    first = ReportFactory(asset=light)
    visitor.fill(until="reported")
    visitor.post("reported", information="It sparks.", updates="yes")
    visitor.post("email", email=EMAIL)
    visitor.send()
    first.move_to("fixed")
    visitor.portal.post(link_sent_to(EMAIL))
    report = Report.objects.open().get()
    assert (report.asset, report.description) == (light, "It sparks.")
