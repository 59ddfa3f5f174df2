"""How the portal writes money, dates and times, and what its navigation holds."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils import timezone

from stockport import money
from stockport.components import NavItem
from stockport.text import visible

register = template.Library()
register.filter("visible", visible, is_safe=True)


@register.filter
def pounds(amount: Decimal) -> str:
    """£1,234.50, without the sign: words say who owes whom."""
    return money.pounds(amount)


@register.filter
def day(when: date | datetime) -> str:
    """23 November 2026."""
    local = _local(when)
    return f"{local.day} {local:%B %Y}"


@register.filter
def weekday(when: date | datetime) -> str:
    """Monday 23 November 2026."""
    return f"{_local(when):%A} {day(when)}"


@register.filter
def clock(when: datetime) -> str:
    """10:02am, 2pm, midday or midnight, in London (GOV.UK style guide, times)."""
    local = timezone.localtime(when)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


@register.filter
def moment(when: datetime) -> str:
    """23 November 2026 at 10:02am."""
    return f"{day(when)} at {clock(when)}"


@register.filter
def as_json(value: object) -> str:
    """For an attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)


def _local(when: date | datetime) -> date:
    return timezone.localtime(when) if isinstance(when, datetime) else when


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[NavItem]:
    """The sections of the portal: the services and the account, or the ways in."""
    path = context["request"].path
    if not context["user"].is_authenticated:
        ways_in = (("Sign in", "account_login"), ("Create an account", "account_signup"))
        return [_item(text, reverse(name), path) for text, name in ways_in]
    entries = [(service.title, service.url_name) for service in context["services"]]
    return [
        _item(text, reverse(name), path) for text, name in [*entries, ("Account", "accounts:index")]
    ]


def _item(text: str, href: str, path: str) -> NavItem:
    return NavItem(text, href, current=path == href, active=path.startswith(href))
