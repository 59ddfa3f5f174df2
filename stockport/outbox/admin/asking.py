"""The page between choosing an action and doing it, and the action that both lists offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.template.response import TemplateResponse

from stockport.outbox import staff

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from stockport.admin import ModelAdmin
    from stockport.outbox.models.deliveries import DeliveryQuerySet

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
) -> HttpResponse:
    """A page that asks, and sends the same choice again with the answer."""
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": title,
        "text": text,
        "button": button,
        "form": form,
        "fields": [(name, value) for name in CHOICE for value in request.POST.getlist(name)],
    }
    return TemplateResponse(request, "admin/outbox/ask.html", context)


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
