"""What can be reported: our fault types as services, our questions as their attributes."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from django.conf import settings

from street_reports.forms.fault import IN_GENERAL
from street_reports.models import Danger, FaultType, Kind, Question, Submission
from street_reports.open311 import errors
from street_reports.open311.errors import Refused
from street_reports.open311.wire import Many, Reply, Row, Value

if TYPE_CHECKING:
    from django.http import HttpRequest

    from street_reports.models.questions import Asked

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
CHANGESET: Final = "2026-11-28T00:00:00Z"  # of this server, not of its data
ASSET: Final = "central_asset_id"
# What an app may call its report: the same twice is one report.
REFERENCES: Final = (Submission.Kind.REPORT_REFERENCE.value, Submission.Kind.FIXMYSTREET_ID.value)
# What apps fill in without asking anybody, by mySociety's word for how.
AUTOMATED: Final = {
    ASSET: ("hidden_field", "The id of the light, sign, bollard or grid in our asset register"),
    REFERENCES[0]: ("hidden_field", "Your own reference; the same one twice is one report"),
    REFERENCES[1]: ("server_set", "FixMyStreet’s id of the report, used in the same way"),
}


def discovery(request: HttpRequest) -> Reply:
    """Where the server is, and in which formats it answers."""
    endpoint: Row = {
        "specification": SPECIFICATION,
        "url": f"{settings.SITE_URL}/open311/v2",
        "changeset": CHANGESET,
        "type": "test" if settings.DEBUG else "production",
        "formats": Many("format", ["text/xml", "application/json"]),
    }
    return Reply(
        "discovery",
        {
            "changeset": CHANGESET,
            "contact": f"{settings.COUNCIL_NAME}, {settings.CONTACT_URL}",
            "key_service": f"Ask {settings.COUNCIL_NAME} for a key: {settings.CONTACT_URL}",
            "endpoints": Many("endpoint", [endpoint]),
        },
    )


def services(request: HttpRequest) -> Reply:
    """All that residents can report today."""
    faults = FaultType.objects.filter(is_active=True).order_by("kind", "position", "pk")
    dangers = _dangers()
    return Reply("services", Many("service", [_service(each, dangers) for each in faults]))


def _dangers() -> dict[str, str]:
    """By kind, what is told by phone instead."""
    said: dict[str, list[str]] = {kind: [] for kind in Kind.values}
    shown = Danger.objects.filter(is_active=True).order_by("position", "pk")
    for kind, text in shown.values_list("kind", "text"):
        said[kind].append(text)
    return {kind: "; ".join(texts or [IN_GENERAL]) for kind, texts in said.items()}


def phone() -> str:
    """How to tell of a danger."""
    number = settings.EMERGENCY_PHONE
    return f"Phone us now on {number}." if number else f"Phone us now: {settings.CONTACT_URL}."


def _service(fault: FaultType, dangers: dict[str, str]) -> Row:
    gate = f"Do not report this online if any of this is true: {dangers[fault.kind]}. {phone()}"
    label = str(Kind(fault.kind).label)
    return {
        "service_code": fault.code,
        "service_name": f"{Kind(fault.kind).noun.capitalize()}: {fault.name}",
        "description": " ".join(part for part in (fault.hint, gate) if part),
        "metadata": True,
        "type": "realtime",
        "keywords": Kind(fault.kind).noun,
        "group": label,
    }


def fault_of(code: str) -> FaultType:
    """The fault that can be reported by this code, with its questions; raises Refused (404)."""
    offered = FaultType.objects.filter(is_active=True, code=code)
    fault = offered.annotate(asked=Question.objects.of_each_fault()).first()
    if fault is None:
        raise Refused(errors.MISSING, f"There is no service_code {code}.")
    return fault


def asked_about(fault: FaultType) -> dict[str, Asked]:
    """What is asked about it now, by the code of each attribute."""
    named: dict[str, Asked] = {}
    for question in getattr(fault, "asked", ()):
        if question["is_asked"]:
            code = question["attribute"]
            unusable = not code or code in named or code in AUTOMATED
            named[f"question_{question['id']}" if unusable else code] = question
    return named


def definition(request: HttpRequest, code: str) -> Reply:
    """What a report of this service can say; raises Refused."""
    number = count(1)
    rows = [
        _question(name, asked, next(number)) for name, asked in asked_about(fault_of(code)).items()
    ]
    rows += [
        _attribute(name, "string", description, next(number)) | {"automated": how}
        for name, (how, description) in AUTOMATED.items()
    ]
    body: Row = {"service_code": code, "attributes": Many("attribute", rows)}
    return Reply("service_definition", body)


def _question(name: str, asked: Asked, order: int) -> Row:
    if not asked["choices"]:
        return _attribute(name, "string", asked["text"], order, asked["is_required"], asked["hint"])
    values: list[Value] = [
        {"key": str(each["id"]), "name": each["text"]} for each in asked["choices"]
    ]
    return {
        **_attribute(
            name, "singlevaluelist", asked["text"], order, asked["is_required"], asked["hint"]
        ),
        "values": Many("value", values),
    }


def _attribute(
    code: str, datatype: str, description: str, order: int, required: bool = False, hint: str = ""
) -> Row:
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": required,
        "datatype_description": hint or None,
        "order": order,
        "description": description,
    }
