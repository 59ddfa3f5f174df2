"""What the lists of the outbox share: asking before an action is done, doing it, trying again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Model
from django.template.response import TemplateResponse

from stockport.outbox import staff
from stockport.outbox.workflow import IllegalMove

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from stockport.admin import ModelAdmin
    from stockport.outbox.models.deliveries import DeliveryQuerySet

T = TypeVar("T", bound=Model)
# More than a person has looked at one by one.
MANY = 20
CHOICE = ("action", "_selected_action", "select_across")


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the question of `ask` was answered."""
    return "confirm" in request.POST


def ask(
    admin: ModelAdmin,
    request: HttpRequest,
    *,
    title: str,
    text: str,
    button: str,
    form: forms.Form | None = None,
    about: Sequence[str] = (),
) -> HttpResponse:
    """A page that asks, and sends the same choice again with the answer.

    `about` lists what was chosen, where staff need to see it once more.
    """
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": title,
        "text": text,
        "button": button,
        "form": form,
        "about": about,
        "fields": [(name, value) for name in CHOICE for value in request.POST.getlist(name)],
    }
    return TemplateResponse(request, "admin/outbox/ask.html", context)


def each(
    admin: ModelAdmin,
    request: HttpRequest,
    chosen: Iterable[T],
    note: str,
    act: Callable[[T], object],
) -> None:
    """Do it to each, put it on record, and say which ones do not allow it."""
    done = 0
    for one in chosen:
        try:
            with transaction.atomic():
                act(one)
                admin.log_change(request, one, note)
        except IllegalMove as error:
            admin.message_user(request, f"{one}: {error}", messages.ERROR)
            continue
        done += 1
    if done:
        admin.message_user(request, f"{note} ({done})")


def try_again(
    admin: ModelAdmin, request: HttpRequest, deliveries: DeliveryQuerySet, *, checked: bool = False
) -> HttpResponse | None:
    """Put the deliveries in line, on record, and say how many; many only once that is confirmed."""
    number = deliveries.count()
    if number > MANY and not is_confirmed(request):
        return ask(
            admin,
            request,
            title="Try many deliveries again",
            text=f"This puts up to {number:,} deliveries in line at once.",
            button="Try them again",
        )
    note = "Put in line after a check by hand." if checked else "Put in line."
    with transaction.atomic():
        tried = staff.try_all_again(deliveries=deliveries, checked=checked)
        LogEntry.objects.log_actions(str(request.user.pk), tried, CHANGE, note)
    if tried:
        admin.message_user(request, f"{note} ({len(tried):,})")
    if left := number - len(tried):
        words = f"{left:,} cannot go again: sent, cancelled, or being sent at this moment."
        admin.message_user(request, words, messages.ERROR)
    return None
