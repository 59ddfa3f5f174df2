"""Two at once for one record: who wins, and what the other one reads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.linking import proving, reviewing
from accounts.linking.proving import prove
from accounts.linking.telling import tell_others
from accounts.models import LinkRequest, Person, PersonLink, Resident
from stockport.outbox.models import Delivery
from tests.accounts.linking import KEY, claim_of, make_account, make_person
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory

pytestmark = pytest.mark.django_db(transaction=True)
both = pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
ONE_ACTIVE = "accounts_personlink_one_active"


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """What each gives, all begun together, each with a connection of its own."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [started.result() for started in [pool.submit(run, task) for task in tasks]]


@both
def test_two_residents_who_prove_one_record_both_see_it_and_the_first_is_told(
    guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the guard off neither sees the other's link before both are there: nobody is told."""
    person = make_person()
    make_account(person)
    claim, residents = claim_of(person), ResidentFactory.create_batch(2)
    if not guarded:
        in_step = Barrier(2)

        def late(person: Person, *, but: Resident) -> None:
            in_step.wait(10)
            tell_others(person, but=but)
            in_step.wait(10)

        monkeypatch.setattr(proving, "take_turns", lambda *names: None)
        monkeypatch.setattr(proving, "tell_others", late)

    def link(resident: Resident, address: str) -> bool:
        return prove(resident=resident, claim=claim, proof=KEY, address=address).linked

    assert at_once(lambda: link(residents[0], "a"), lambda: link(residents[1], "b")) == [True] * 2
    first = PersonLink.objects.active().order_by("linked_at", "pk")[0].resident
    told = [mail.payload["to"] for mail in Delivery.objects.all()]
    assert told == ([[first.email]] if guarded else [])


@both
def test_one_resident_with_two_browsers_is_linked_once_and_reads_so_in_both(guarded: bool) -> None:
    """With neither the turns nor the constraint there are two links, and removing one is no end."""
    person, resident = make_person(), ResidentFactory.create()
    make_account(person)
    claim = claim_of(person)
    inserted = Barrier(2)

    def link() -> bool:
        return prove(resident=resident, claim=claim, proof=KEY, address="a").linked

    with pytest.MonkeyPatch.context() as patch, constraint(kept=guarded):
        if not guarded:
            patch.setattr(proving, "take_turns", lambda *names: None)
            patch.setattr(proving, "tell_others", lambda person, but: inserted.wait(10))
        assert at_once(link, link) == [True, True]
        assert PersonLink.objects.active().count() == (1 if guarded else 2)
        PersonLink.objects.all().delete()


@both
def test_request_that_two_of_staff_decide_at_once_is_decided_by_the_first(
    guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the guard off the resident is told both: that they are linked, and that they are not."""
    person, asker = make_person(), ResidentFactory.create()
    asked = reviewing.ask_staff(resident=asker, claim=claim_of(person), tells="")
    if not guarded:
        looked = Barrier(2)
        late = lambda request: [LinkRequest.objects.get(pk=request.pk), looked.wait(10)][0]  # noqa: E731
        monkeypatch.setattr(reviewing, "_waiting", late)
    decisions = [{"person": person.pk, "reason": ""}, {"person": "", "reason": "No such home."}]
    answers = at_once(*(decider(asked, decision) for decision in decisions))
    already = [text for text in answers if "Somebody has decided this already" in text]
    mails = Delivery.objects.for_resident(asker).count()
    assert (len(already), mails) == ((1, 1) if guarded else (0, 2))


def decider(asked: LinkRequest, decision: dict[str, Any]) -> Callable[[], str]:
    """A member of staff who decides so, and reads what comes of it."""
    portal = PortalClient()
    portal.sign_in(ResidentFactory.create(staff=True))
    address = reverse("admin:accounts_linkrequest_change", args=[asked.pk])
    return lambda: portal.post(address, decision, follow=True).content.decode()


class constraint:
    """The constraint of one active link, left out inside where it is not kept."""

    def __init__(self, *, kept: bool) -> None:
        self.kept = kept
        [self.one] = [each for each in PersonLink._meta.constraints if each.name == ONE_ACTIVE]

    def __enter__(self) -> None:
        if not self.kept:
            with connection.schema_editor() as editor:
                editor.remove_constraint(PersonLink, self.one)

    def __exit__(self, *failure: object) -> None:
        if not self.kept:
            PersonLink.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(PersonLink, self.one)
