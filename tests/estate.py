"""A resident who has one of everything, and the address of every page about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecondStepRemoval
from appointments.desk_calendar import ADDRESSES as DESKS
from appointments.models import Appointment, Channel, EarlierOffer
from council_tax.models import Document
from stockport.home.calendar import ADDRESSES, switch_on
from stockport.keyed import keyed
from street_reports.models.unconfirmed import digest
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    AppointmentFactory,
    DeskFactory,
    DeskServiceFactory,
    EarlierOfferFactory,
    LocationFactory,
    OpeningRuleFactory,
)
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimDraftFactory,
    ClaimFactory,
    ClaimRequestFactory,
    DecisionFactory,
    EvidenceRequestFactory,
    PaperFactory,
    SendingFactory,
)
from tests.factories.benefits import DocumentFactory as BenefitLetterFactory
from tests.factories.council_tax import RequestFactory, elements, household, person_of
from tests.factories.outbox import TextsFactory
from tests.factories.passkeys import make_passkey
from tests.factories.street_reports import (
    AssetFactory,
    ContactFactory,
    DestinationFactory,
    DraftFactory,
    PhotoFactory,
    QuestionFactory,
    ReportFactory,
    UnconfirmedFactory,
    UpdateFactory,
)
from tests.routes import PORTAL

if TYPE_CHECKING:
    from accounts.models import Resident
    from tests.client import PortalClient

UNUSED = "c2VjcmV0LW9mLWEtbGluay10aGF0LXdhcy1ub3QtdXNlZA"
JOURNEY = "3f0a6f3e-52a4-4f6b-9d5e-0c8f2f1f7a10"
OTHER_JOURNEY = "3f0a6f3e-52a4-4f6b-9d5e-0c8f2f1f7a11"
ANSWERS = {
    "kind": {"kind": "street_light"},
    "danger": {"danger": "no"},
    "whose": {"owner": "none"},
    "find": {"q": "14 ashfield rd"},
    "choose": {"asset": "not-listed"},
    "place": {"where": "By the bus stop on Ashfield Road", "postcode": "SK3 8UD"},
    "fault": {"fault": "light-out"},
    "details": {"description": "Since Monday."},
    "photo": {"photo": ""},
    "updates": {"updates": "yes"},
}
LINKING = {
    "service": {"service": "council-tax"},
    "number": {"reference": "5020000001"},
    "name": {"forenames": "Ada", "surname": "Shaw", "postcode": "SK1 3XE"},
    "way": {"way": "key"},
    "key": {"online_key": "7K4P-2WQX"},
}

# The account is known, for who has one.
ASKING = {
    "what": {"kind": "moved"},
    "moved": {"moved_on-day": "1", "moved_on-month": "5", "moved_on-year": "2026"},
    "new-address": {"new_address": "2 Low Street, SK1 1AA"},
}
# The claim is known too. The form of a bank account asks for the most.
CHANGING = {
    "what": {"kind": "bank"},
    "bank": {"holder": "Ada Shaw", "sort_code": "30 94 30", "account": "01234567"},
    "more": {"more": ""},
}
DISAGREEING = {
    "decision": {"decision": "D001"},
    "way": {"way": "appeal"},
    "why": {"why": "The rent is wrong."},
}
FORMS = {
    "council_tax:ask": (JOURNEY, ASKING),
    "benefits:change": (JOURNEY, CHANGING),
    "benefits:disagree": (OTHER_JOURNEY, DISAGREEING),
}

NO_ACCOUNT = {slug: typed for slug, typed in ANSWERS.items() if slug not in ("photo", "updates")}
NO_ACCOUNT |= {"email": {"email": "visitor@example.org", "updates": "yes"}}


@dataclass(frozen=True)
class Address:
    """A page: its route, and what stands in its address."""

    name: str
    values: dict[str, object]

    def __str__(self) -> str:
        return reverse(self.name, kwargs=self.values)

    def about(self, other: object) -> Address:
        """The same page of another thing: what it is about stands first in an address."""
        return Address(self.name, {**self.values, next(iter(self.values)): other})


class Estate:
    """What belongs to a resident, what is in their session, and what everybody shares."""

    def __init__(self, resident: Resident) -> None:
        self.resident = resident
        self.owned = [*self._council_tax(), *self._benefits(), *self._appointments()]
        self.owned += [*self._street_reports(), *self._passkeys()]
        link = person_of(self.resident).links.get()
        self.owned.append(Address("accounts:link_remove", {"pk": link.pk}))
        self.in_session = [Address("street_reports:new_check", {"key": JOURNEY})]
        self.in_session += [
            Address("street_reports:new_step", {"key": JOURNEY, "slug": step}) for step in ANSWERS
        ]
        self.linking = [
            *(Address("accounts:link_step", {"key": JOURNEY, "slug": step}) for step in LINKING),
            Address("accounts:link_check", {"key": JOURNEY}),
        ]
        self.asking = [
            Address(f"{form}_{page}", {"key": key, **({"slug": step} if step else {})})
            for form, (key, steps) in FORMS.items()
            for page, step in [("check", ""), *(("step", step) for step in steps)]
        ]
        self.visiting = [Address("street_reports:without_account_check", {"key": JOURNEY})]
        self.visiting += [
            Address("street_reports:without_account_step", {"key": JOURNEY, "slug": step})
            for step in NO_ACCOUNT
        ]
        self.shared = [*self._places(), self.reset_link(), *self._links(), *self._calendars()]
        self.plain = [Address(route.name, {}) for route in PORTAL if not route.converters]

    @property
    def pages(self) -> list[Address]:
        """Every page of the portal."""
        of_forms = [*self.in_session, *self.visiting, *self.linking, *self.asking]
        return [*self.plain, *self.owned, *of_forms, *self.shared]

    @property
    def routes(self) -> list[Address]:
        """One page of each route: the steps of a form share theirs."""
        return list({page.name: page for page in self.pages}.values())

    def _passkeys(self) -> list[Address]:
        passkey = make_passkey(self.resident)
        return [Address(f"mfa_{page}_webauthn", {"pk": passkey.pk}) for page in ("edit", "remove")]

    def _council_tax(self) -> list[Address]:
        elements()
        values = {"reference": household(self.resident).reference}
        DestinationFactory(slug="revenues")
        asked = {"reference": RequestFactory.create(resident=self.resident).reference}
        letter = Document.objects.for_resident(self.resident).get()
        return [
            *(Address(f"council_tax:{page}", values) for page in COUNCIL_TAX),
            Address("council_tax:letter", {**values, "number": letter.pk}),
            Address("council_tax:request", asked),
        ]

    def _benefits(self) -> list[Address]:
        claim = ClaimFactory.create(person=person_of(self.resident))
        award = AwardFactory.create(claim=claim)
        for number, part in enumerate(("needs", "income"), start=1):
            AwardLineFactory(award=award, number=number, part=part)
        BenefitPaymentFactory(claim=claim)
        values = {"reference": claim.reference}
        letter = BenefitLetterFactory.create(claim=claim)
        DecisionFactory.create(claim=claim, reference="D001", decided=timezone.localdate())
        told = ClaimRequestFactory.create(resident=self.resident, kind="rent", answers=RENT)
        draft = ClaimDraftFactory.create(resident=self.resident)
        asked = EvidenceRequestFactory.create(claim=claim)
        about = {
            "resident": self.resident,
            "claim_reference": claim.reference,
            "request_reference": asked.reference,
        }
        PaperFactory.create(**about)
        sending = SendingFactory.create(**about)
        paper = PaperFactory.create(**about, sent=True, sending=sending)
        paper.file.save("paper.jpg", ContentFile(b"jpeg"))
        return [
            *(Address(f"benefits:{page}", values) for page in BENEFITS),
            Address("benefits:evidence", {**values, "number": asked.pk}),
            Address("benefits:letter", {**values, "number": letter.pk}),
            Address("benefits:request", {"reference": told.reference}),
            Address("benefits:forget", {"key": draft.key}),
            Address("benefits:sent", {"reference": sending.reference}),
            Address("benefits:paper", {"public_id": paper.public_id}),
        ]

    def _appointments(self) -> list[Address]:
        TextsFactory()
        booked = {"uuid": AppointmentFactory.create(resident=self.resident).uuid}
        half_way = AppointmentFactory.create(
            resident=self.resident,
            held=True,
            channel=Channel.PHONE,
            phone="01632 960001",
            needs_interpreter=True,
            language="Urdu",
        )
        held = {"uuid": half_way.uuid}
        return [
            *(Address(f"appointments:{page}", booked) for page in BOOKED),
            Address("appointments:offer", {"uuid": self._offer().uuid}),
            Address("appointments:move", {**booked, **self._another_time()}),
            Address("appointments:check", held),
            *(Address("appointments:step", {**held, "step": step}) for step in QUESTIONS),
        ]

    def _offer(self) -> EarlierOffer:
        booked = Appointment.objects.get(resident=self.resident, status="booked")
        return EarlierOfferFactory.create(appointment=booked)

    def _another_time(self) -> dict[str, object]:
        """A place and a time to which the booked appointment can be moved."""
        booked = Appointment.objects.get(resident=self.resident, status="booked")
        location = LocationFactory.create(slug="annexe", name="Annexe")
        for weekday in range(7):
            OpeningRuleFactory.create(location=location, weekday=weekday)
        desk = DeskFactory.create(location=location)
        DeskServiceFactory.create(service=booked.service, desk=desk)
        return {"place": location.slug, "start": f"{in_days(5):%Y%m%dT%H%MZ}"}

    def _street_reports(self) -> list[Address]:
        DestinationFactory()
        AssetFactory(street="Ashfield Road", feature_id="014")
        QuestionFactory(text="What is it near?")
        report = ReportFactory.create(resident=self.resident)
        UpdateFactory(report=report)
        photo = PhotoFactory.create(resident=self.resident, report=report)
        fixed = ReportFactory.create(
            resident=self.resident, status="fixed", fixed_at=timezone.now()
        )
        draft = DraftFactory.create(resident=self.resident)
        return [
            Address("street_reports:report", {"public_id": report.public_id}),
            Address("street_reports:submitted", {"public_id": report.public_id}),
            *(
                Address("street_reports:act", {"public_id": report.public_id, "kind": kind})
                for kind in ("add", "withdraw")
            ),
            Address("street_reports:photo", {"public_id": photo.public_id}),
            Address("street_reports:fixed", {"public_id": fixed.public_id}),
            Address("street_reports:act", {"public_id": fixed.public_id, "kind": "reopen"}),
            Address("street_reports:delete_draft", {"key": draft.key}),
        ]

    def _links(self) -> list[Address]:
        """What the e-mails of somebody without an account lead to."""
        secret = {"secret": ContactFactory.create(is_reporter=True).secret}
        UnconfirmedFactory.create(digest=digest(UNUSED))
        return [
            *(Address(f"street_reports:{page}", {"key": JOURNEY}) for page in ("asked", "again")),
            *(Address(f"street_reports:{page}", secret) for page in ("by_link", "stop")),
            Address("street_reports:confirm", {"secret": UNUSED}),
            self._stop_link(),
        ]

    def _stop_link(self) -> Address:
        """What stops the removal of a second step, of somebody who cannot sign in."""
        SecondStepRemoval.objects.create(resident=ResidentFactory.create(), link=keyed(UNUSED))
        return Address("accounts:keep_second_step", {"secret": UNUSED})

    def _calendars(self) -> list[Address]:
        """What calendar programs read."""
        switch_on(self.resident)
        desk = DeskFactory.create(calendar_key=uuid.uuid4())
        return [
            Address("home:feed", {"secret": ADDRESSES.secret(self.resident.calendar_key)}),
            Address("appointments:desk", {"secret": DESKS.secret(desk.calendar_key)}),
        ]

    def _places(self) -> list[Address]:
        service, place = make_place()
        DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.PHONE)
        values: dict[str, object] = {"service": service.slug}
        there = {**values, "place": place.slug}
        on = {**there, "day": in_days(3).date().isoformat()}
        return [
            Address("appointments:places", values),
            Address("appointments:days", there),
            Address("appointments:times", on),
        ]

    def reset_link(self) -> Address:
        """What an e-mail would lead to; it works until the resident signs in."""
        uid = user_pk_to_url_str(self.resident)
        key = default_token_generator.make_token(self.resident)
        return Address("account_reset_password_from_key", {"uidb36": uid, "key": key})

    def visit(self, portal: PortalClient) -> None:
        """Fill in the form of a report without an account up to its check page."""
        for address in self.visiting[1:]:
            answer = portal.post(str(address), NO_ACCOUNT[str(address.values["slug"])])
            assert answer.status_code == 302, answer.page.errors

    def sign_in(self, portal: PortalClient) -> None:
        """Sign in, and fill in the form of a report up to its check page."""
        verified_sign_in(portal, self.resident)
        for address in self.in_session[1:]:
            answer = portal.post(str(address), ANSWERS[str(address.values["slug"])])
            assert answer.status_code == 302, answer.page.errors
        for address in self.asking:
            if step := address.values.get("slug"):
                typed = FORMS[address.name.removesuffix("_step")][1][str(step)]
                answer = portal.post(str(address), typed)
                assert answer.status_code == 302, answer.page.errors


def verified_sign_in(portal: PortalClient, resident: Resident) -> None:
    """Sign in somebody whose e-mail address is confirmed, with the password given just now."""
    confirmed = {"verified": True, "primary": True}
    resident.emailaddress_set.update_or_create(email=resident.email, defaults=confirmed)
    portal.sign_in(resident)
    portal.give_password()


BENEFITS = (
    *("claim", "letters", "worked_out", "what_if", "payments", "payments_csv", "overpayments"),
)
RENT = {"rent": "120", "every": "week", "since": "2026-11-02"}
COUNCIL_TAX = (
    *("account", "bill", "changes", "letters", "pay", "transactions", "transactions_csv"),
)
BOOKED = ("detail", "booked", "earlier", "text", "cancel", "calendar")
QUESTIONS = ("needs", "language", "phone", "notes")
