"""Writing down that staff looked at somebody's record: for the resident, and for auditors.

It is written once the answer is made, outside whatever transaction made it: what is rolled back has
been seen all the same. Where it cannot be written, nobody sees the page (docs/adr/0035).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import LOOKED, Person, Resident
from stockport.services import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.template.response import TemplateResponse

SEEN, WHY = "accounts_seen", "why_looking"
Seen = tuple[type[Model], Any]  # a record's model, and its key when it was seen
# Records that no service has: the way from each to whose it is.
OURS: Mapping[str, tuple[str, ...]] = {
    "account.emailaddress": ("user",),
    "accounts.letterpin": ("resident", "person"),
    "accounts.linkattempt": ("resident",),
    "accounts.linkrequest": ("resident",),
    "accounts.person": ("pk",),
    "accounts.personlink": ("resident", "person"),
    "accounts.resident": ("pk",),
    "accounts.secondstepremoval": ("resident",),
    "mfa.authenticator": ("user",),
    "outbox.delivery": ("resident",),
    "outbox.inboundupdate": ("delivery__resident",),
    "usersessions.usersession": ("user",),
}
ROLE = """
    coalesce((SELECT string_agg(g.name, ', ' ORDER BY g.name) FROM auth_group g
        JOIN accounts_resident_groups m ON m.group_id = g.id WHERE m.resident_id = %s), '')
"""
LOOK = """
    INSERT INTO accounts_auditevent
        (at, kind, resident_id, person_id, actor_id, role, why, detail, about)
    SELECT %s, %s, {resident}, {person}, %s, {role}, %s, %s || ' ' || seen.thing, ''
    FROM ({whose}) AS seen (thing, whose) WHERE seen.whose IS NOT NULL
"""


@cache
def ways() -> Mapping[str, tuple[str, ...]]:
    """From each kind of record to whose it is, by the model's label."""
    theirs = {
        label: way for service in services() for label, way in service.records_of_people.items()
    }
    return {**OURS, **theirs}


def seen(request: HttpRequest, *things: Model) -> None:
    """Have it written down that whoever asked sees these records."""
    request.META.setdefault(SEEN, []).extend((type(thing), thing.pk) for thing in things)


def to_why(request: HttpRequest) -> HttpResponseRedirect:
    """To the question why staff look, and back here."""
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('why_looking')}?{query}")


def write_down(*, by: Resident, things: Iterable[Seen], why: str) -> None:
    """That this member of staff saw these records, one row for each person: one statement a kind.

    A record of nobody leaves nothing.
    """
    kinds: dict[type[Model], set[Any]] = defaultdict(set)
    for model, key in things:
        kinds[model].add(key)
    now = timezone.now()
    for model, keys in kinds.items():
        label = model._meta.label_lower
        for way in ways().get(label, ()):
            whose = model._base_manager.filter(pk__in=keys).values_list("pk", way).distinct()
            query, values = whose.order_by().query.sql_with_params()
            of_person = _leads_to(model, way) is Person
            with connection.cursor() as cursor:
                cursor.execute(
                    LOOK.format(
                        role=ROLE,
                        resident="NULL" if of_person else "seen.whose",
                        person="seen.whose" if of_person else "NULL",
                        whose=query,
                    ),
                    [now, LOOKED, by.pk, by.pk, why, label, *values],
                )


def _leads_to(model: type[Model], way: str) -> type[Model]:
    """Whose key is at the end of the way: a person's or a resident's."""
    for name in way.split("__"):
        if name != "pk":
            model = model._meta.get_field(name).related_model or model
    return model


class LookingMiddleware:
    """Writes down what staff have seen in the admin, and first asks them why they look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, once it is on record who saw what."""
        response = self.get_response(request)
        if (things := request.META.get(SEEN)) and request.user.is_authenticated:
            write_down(by=request.user, things=things, why=request.session.get(WHY, ""))
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, keywords: dict[str, Any]
    ) -> HttpResponse | None:
        """To the question why, before the first record of a session opens."""
        is_record = self._is_of_admin(request) and self._model(request) in ways()
        if not is_record or not keywords or WHY in request.session or request.method != "GET":
            return None
        return to_why(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """Note the record of an admin page."""
        thing = (response.context_data or {}).get("original")
        if isinstance(thing, Model) and self._is_of_admin(request):
            seen(request, thing)
        return response

    def _is_of_admin(self, request: HttpRequest) -> bool:
        return request.path.startswith(self.admin) and request.user.is_staff

    def _model(self, request: HttpRequest) -> str:
        """The label of the model whose admin page this is."""
        name = request.resolver_match.url_name or "" if request.resolver_match else ""
        return ".".join(name.rsplit("_", 1)[0].rsplit("_", 1))
