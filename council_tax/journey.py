"""The journey of a request: which account, what it is, its own questions, check, a reference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.shortcuts import redirect

from accounts.http import resident_of
from council_tax import asking
from council_tax.models import Account
from council_tax.models.request import Kind
from council_tax.requests import send_request
from stockport.journey import Journey, NotFinished, Visit
from stockport.requested import AlreadyAsked
from stockport.steps import Answers, Step, StepForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The questions of each kind, in order: the address of a page and its form.
QUESTIONS: dict[str, tuple[tuple[str, type[StepForm]], ...]] = {
    Kind.MOVED: (("moved", asking.MovedForm), ("new-address", asking.NewAddressForm)),
    Kind.DISCOUNT_START: (("alone", asking.AloneForm),),
    Kind.DISCOUNT_END: (("joined", asking.JoinedForm),),
    Kind.DISABLED_BAND: (("feature", asking.FeatureForm),),
    Kind.INSTALMENTS: (("number", asking.NumberForm), ("day", asking.PayDayForm)),
    Kind.ARRANGEMENT: (("amount", asking.AmountForm), ("every", asking.EveryForm)),
    Kind.LOOKS_WRONG: (("wrong", asking.WrongForm),),
    Kind.NO_ACCESS: (("no-access", asking.NoAccessForm),),
    Kind.PAPERLESS: (("paperless", asking.PaperlessForm),),
}

# Where the answer changes a bill, the page leads to the estimate.
ESTIMATED = dict.fromkeys(("moved", "alone", "joined", "feature"), "council_tax/ask_estimated.html")


def _of(kind: str) -> Callable[[Answers], bool]:
    return lambda answers: bool(answers["what"]["kind"] == kind)


WHAT = Step("what", asking.KindForm)


class AskJourney(Journey):
    """Everything that can be asked, as one form whose pages depend on what it is."""

    name = "ask"
    namespace = "council_tax"
    start_url = "council_tax:index"
    at = "ask"
    steps = (
        # Somebody with one account is not asked which: `given` knows it.
        Step("account", asking.AccountForm, when=lambda answers: "account" not in answers),
        WHAT,
        *(
            Step(slug, form, when=_of(kind), template=ESTIMATED.get(slug, ""))
            for kind, questions in QUESTIONS.items()
            for slug, form in questions
        ),
    )

    def begin(self, request: HttpRequest) -> HttpResponse:
        """The first question; without an account the page says how to link one."""
        if not Account.objects.for_resident(resident_of(request)).exists():
            return redirect(self.start_url)
        return super().begin(request)

    def given(self, request: HttpRequest) -> Answers:
        """The account of somebody who has one."""
        mine = Account.objects.for_resident(resident_of(request)).select_related("property")
        accounts = list(mine[:2])
        return {"account": {"account": accounts[0]}} if len(accounts) == 1 else {}

    def finish(self, visit: Visit) -> str:
        """Send it; the page of the request."""
        answers = visit.answers
        kind = answers["what"]["kind"]
        given = {
            name: _plain(value)
            for slug, _ in QUESTIONS[kind]
            for name, value in answers[slug].items()
        }
        try:
            sent = send_request(
                resident=resident_of(visit.request),
                account=answers["account"]["account"],
                kind=kind,
                answers=given,
                summary=[(row.key, row.value) for row in visit.rows()],
                token=visit.key,
            )
        except AlreadyAsked as error:
            # The page of this step says so, with the reference, as it does for who comes later.
            raise NotFinished(self.url(visit.key, WHAT)) from error
        return sent.get_absolute_url()


def _plain(value: object) -> object:
    """A day or an amount as JSON has it."""
    return str(value) if isinstance(value, date | Decimal) else value


journey = AskJourney()
