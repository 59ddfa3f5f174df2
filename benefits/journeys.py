"""The two forms about a claim: a change to tell, and a decision to question."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.http import resident_of
from benefits import asking, disagreeing, modulus
from benefits.bank import account_number, ending
from benefits.drafts import DraftStore
from benefits.models import Claim, ClaimDraft
from benefits.models.request import RequestKind
from benefits.requests import Told, send_request
from stockport.journey import Journey, NotFinished, Visit
from stockport.reauthentication import password_again
from stockport.requested import AlreadyAsked
from stockport.steps import Answers, Step

if TYPE_CHECKING:
    from uuid import UUID

    from benefits.models.claims import ClaimQuerySet
    from stockport.keeping import Store

TWO = 2  # claims, from which on it is asked which
BANK = "bank"


class ClaimJourney(Journey):
    """A form about one claim of somebody's, kept in the account until it is sent."""

    namespace = "benefits"
    start_url = "benefits:index"
    claim_form: ClassVar[type[asking.ClaimForm]]

    def _claims(self, request: HttpRequest) -> ClaimQuerySet:
        return self.claim_form.claims(Claim.objects.for_resident(resident_of(request)))

    def store(self, request: HttpRequest, key: UUID) -> Store:
        """In the account."""
        return DraftStore(resident_of(request), self.name, key)

    def begin(self, request: HttpRequest) -> HttpResponse:
        """The first question; without a claim there is none."""
        if not self._claims(request).exists():
            return redirect(self.start_url)
        return super().begin(request)

    def given(self, request: HttpRequest) -> Answers:
        """The claim of somebody who has one; Http404 for who has none, any more."""
        claims = list(self._claims(request)[:TWO])
        if not claims:
            raise Http404
        return {"claim": {"claim": claims[0]}} if len(claims) == 1 else {}

    @abstractmethod
    def told(self, visit: Visit) -> Told:
        """What the answers say."""

    def finish(self, visit: Visit) -> str:
        """Send it; the page of the request."""
        try:
            sent = send_request(
                resident=resident_of(visit.request),
                claim=visit.answers["claim"]["claim"],
                told=self.told(visit),
                token=visit.key,
            )
        except AlreadyAsked as error:
            raise NotFinished(reverse(self.start_url)) from error
        return sent.get_absolute_url()


def _of(*kinds: str) -> Callable[[Answers], bool]:
    return lambda answers: answers["what"]["kind"] in kinds


def _both(first: Callable[[Answers], bool], also: Callable[[Answers], bool]) -> Callable[..., bool]:
    return lambda answers: first(answers) and also(answers)


def _is_asked_which(answers: Answers) -> bool:
    # Somebody with one claim is not asked: `given` knows it.
    return "claim" not in answers


INCOME, HOUSEHOLD = _of(RequestKind.INCOME), _of(RequestKind.HOUSEHOLD)
ADDRESS = _of(RequestKind.ADDRESS)


class ChangeJourney(ClaimJourney):
    """Tell us about a change."""

    name = at = ClaimDraft.Form.CHANGE.value
    claim_form = asking.LiveClaimForm
    steps = (
        Step("claim", asking.LiveClaimForm, when=_is_asked_which, clears=("what",)),
        Step("what", asking.KindForm),
        Step("rent", asking.RentForm, "Your rent", when=_of(RequestKind.RENT)),
        Step(
            "whose",
            asking.WhoseForm,
            when=_both(INCOME, lambda answers: asking.has_partner(answers["claim"]["claim"])),
        ),
        Step("income", asking.IncomeForm, "What has changed in the income", when=INCOME),
        Step(
            "now",
            asking.NowForm,
            "How much it is now",
            when=_both(INCOME, lambda answers: answers["income"]["happened"] != "stopped"),
        ),
        Step("household", asking.HouseholdForm, when=HOUSEHOLD),
        Step("somebody", asking.SomebodyForm, "Who it is", when=HOUSEHOLD),
        Step("moved", asking.MovedForm, "Your move", when=ADDRESS),
        Step(
            "new-rent",
            asking.NewRentForm,
            "The rent of your new home",
            when=_both(ADDRESS, lambda answers: answers["moved"]["renting"] != "no"),
        ),
        Step(BANK, asking.BankForm, "The account to pay into", when=_of(RequestKind.BANK)),
        Step("more", asking.MoreForm),
    )

    def step(self, request: HttpRequest, key: UUID, slug: str) -> HttpResponse:
        """The page of a bank account asks for the password first.

        What is posted to it does not, because allauth would keep it in the session meanwhile; it is
        sealed, and the check page asks before anything is sent.
        """
        if slug == BANK and request.method != "POST":
            return password_again(super().step)(request, key, slug)
        return super().step(request, key, slug)

    def checked(self, visit: Visit) -> HttpResponse:
        """The check page of a bank account asks for the password first.

        The answers that are sent say whether it is one: read again, they may be others.
        """
        go_on = super().checked
        if BANK in visit.answers:
            return password_again(lambda _: go_on(visit))(visit.request)
        return go_on(visit)

    def told(self, visit: Visit) -> Told:
        """The kind, and every answer under its own name; of a bank account how it ends."""
        given = {
            name: _plain(value)
            for step, form in visit.passed
            if step.slug not in ("claim", "what", BANK)
            for name, value in form.cleaned_data.items()
        }
        secret = {}
        if bank := visit.answers.get(BANK):
            number = account_number(bank["account"])
            given |= {"holder": bank["holder"], "ending": ending(number)}
            # A number that cannot be has not come this far (asking.BankForm).
            checked = modulus.is_possible(bank["sort_code"], number)
            given["modulus_check"] = "passed" if checked else "not checked"
            secret = {**bank, "account": number}
        return Told(
            kind=visit.answers["what"]["kind"],
            answers=given,
            summary=_summary(visit),
            secret=secret,
        )


def _is_housing_benefit(answers: Answers) -> bool:
    return disagreeing.appeal_of(answers) is not None


class DisagreeJourney(ClaimJourney):
    """Ask us to look again, or appeal."""

    name = at = ClaimDraft.Form.DISAGREE.value
    claim_form = asking.ClaimForm
    steps = (
        Step("claim", asking.ClaimForm, when=_is_asked_which, clears=("decision",)),
        Step(
            "no-decision",
            None,
            template="benefits/no_decision.html",
            when=lambda answers: not answers["claim"]["claim"].decisions.exists(),
        ),
        Step("decision", disagreeing.DecisionForm, clears=("way",)),
        Step("too-late", None, template="benefits/too_late.html", when=disagreeing.is_too_late),
        Step("way", disagreeing.WayForm, when=_is_housing_benefit),
        Step("late", disagreeing.LateForm, when=disagreeing.is_late),
        Step("why", disagreeing.WhyForm),
    )

    def told(self, visit: Visit) -> Told:
        """Which decision, why, and why so late."""
        answers = visit.answers
        decision = disagreeing.decision_of(answers)
        given = {"decided": str(decision.decided), "why": answers["why"]["why"]}
        if "late" in answers:
            given["late"] = answers["late"]["late"]
        return Told(
            kind=disagreeing.kind_of(answers),
            answers=given,
            summary=_summary(visit),
            decision_reference=decision.reference,
        )


def _summary(visit: Visit) -> list[tuple[str, str]]:
    return [(row.key, row.value) for row in visit.rows()]


def _plain(value: object) -> object:
    """A day or an amount as JSON has it."""
    return str(value) if isinstance(value, date | Decimal) else value


change, disagree = ChangeJourney(), DisagreeJourney()
