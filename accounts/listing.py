"""Writing down which residents' records a list has shown to staff: for auditors.

Not for residents: on each one's own list it would bury who opened a record (docs/adr/0035).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.http import resident_of
from accounts.looking import ROLE, WHY, ways
from accounts.models import LISTED, Resident

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.template.response import TemplateResponse

SHOWN = "accounts_shown"
LONGEST = 500  # characters of an event's detail
LIST = f"""
    INSERT INTO accounts_auditevent (at, kind, actor_id, role, why, detail, about)
    SELECT %s, %s, %s, {ROLE}, %s, %s, ''
"""


def write_down(*, by: Resident, label: str, keys: Iterable[Any], why: str) -> None:
    """That a list of these records was shown: one row, which names as many as it has room for.

    Not the words that were searched for: they may be a name, and this record forgets nothing.
    """
    shown = [str(key) for key in keys]
    detail = f"{label} {len(shown)}: {' '.join(shown)}"
    if len(detail) > LONGEST:
        detail = detail[: LONGEST - 2].rsplit(" ", 1)[0] + " …"
    with connection.cursor() as cursor:
        cursor.execute(LIST, [timezone.now(), LISTED, by.pk, by.pk, why, detail])


def listed(request: HttpRequest, label: str, keys: Iterable[Any]) -> None:
    """Have it written down that whoever asked sees a list of these records.

    What leads to nobody, or shows nothing, is not written down.
    """
    shown = list(keys)
    if shown and label in ways():
        request.META[SHOWN] = label, shown


class ListingMiddleware:
    """Writes down the records of a list once the answer is made, outside its transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.offers = reverse("admin:autocomplete")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, once it is on record what it shows."""
        response = self.get_response(request)
        if request.path == self.offers and response.status_code == 200:
            listed(request, *_offered(request, response))
        if shown := request.META.get(SHOWN):
            why = request.session.get(WHY, "")
            write_down(by=resident_of(request), label=shown[0], keys=shown[1], why=why)
        return response

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """Note the records of a list of the admin."""
        if cl := (response.context_data or {}).get("cl"):
            rows = getattr(cl, "result_list", ())
            listed(request, cl.model._meta.label_lower, [row.pk for row in rows])
        return response


def _offered(request: HttpRequest, response: HttpResponse) -> tuple[str, list[str]]:
    """What a field offers to choose from while somebody types."""
    asking = apps.get_model(request.GET["app_label"], request.GET["model_name"])
    offered = asking._meta.get_field(request.GET["field_name"]).related_model
    keys = [row["id"] for row in json.loads(response.content)["results"]]
    return offered._meta.label_lower, keys
