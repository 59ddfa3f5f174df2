"""A report that somebody's app sends: checked by our own rules, submitted as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import transaction

from stockport.db import on_violation
from street_reports import wording
from street_reports.actions import AlreadyReported, Place, submit_report
from street_reports.forms.questions import answer_of, choice_of
from street_reports.models import Asset, Owner, Report
from street_reports.models.answers import LONGEST_ANSWER
from street_reports.open311 import catalogue, errors, files, references
from street_reports.open311.errors import Refused
from street_reports.open311.files import LinksField, elsewhere
from street_reports.open311.keys import key_of, key_that_writes
from street_reports.open311.wire import Many, Reply, Row
from street_reports.rules import Point, postcode_in

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from street_reports.models import ApiKey, FaultType
    from street_reports.models.answers import Answer
    from street_reports.models.questions import Asked
    from street_reports.open311.references import Reference

LONGEST: Final = 4000  # characters of a description, as the specification has it
AROUND: Final = 2000  # metres from the nearest thing that the council looks after


class RequestForm(forms.Form):
    """The fields of a report. Names, phone, device_id and account_id are taken and not kept."""

    service_code = forms.CharField(max_length=40)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    long = forms.FloatField(required=False, min_value=-180, max_value=180)
    address_string = forms.CharField(required=False, max_length=300)
    address_id = forms.CharField(required=False, max_length=40)
    email = forms.EmailField(required=False, max_length=254)
    description = forms.CharField(required=False, max_length=LONGEST)
    media_url = LinksField(required=False, assume_scheme="https")

    def clean_email(self) -> str:
        """In lower case, as addresses are kept."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Both halves of a point, or neither."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and (cleaned["lat"] is None) != (cleaned["long"] is None):
            raise forms.ValidationError("Send both lat and long.")
        return cleaned


def submit(request: HttpRequest) -> Reply:
    """Take a report, or give the one that the app sent before; raises Refused."""
    key = key_that_writes(request)
    names = references.sent_in(request)
    if first := references.known(key, names).first():
        references.add(key, first.report, names)
        return _reply(first.report)
    fields = _fields(request)
    fault = catalogue.fault_of(fields["service_code"])
    if not key.may_report(fault):
        raise Refused(errors.FORBIDDEN, f"This key may not report {fault.code}.")
    report = {
        "email": fields["email"],
        "fault": fault,
        "place": _place(fault, fields, request.POST),
        "description": "\n".join(filter(None, (fields["description"], elsewhere(fields, key)))),
        "answers": _answers(fault, request.POST),
    }
    with files.photos_of(request, key) as token:
        taken = take(key=key, names=names, token=token, **report)
        return _reply(taken, lost=bool(request.FILES) and taken.form_token != token)


class SentBefore(Exception):
    """The same app has sent a report under this reference in this very moment."""


def take(*, key: ApiKey, names: list[Reference], **fields: Any) -> Report:
    """The report, with what the key calls it; the first one where the key sent it before.

    Raises Refused (503) where another report of the fault ends in this very moment. Whoever comes
    second with a reference makes nothing: their report or note goes with their transaction.
    """
    try:
        with on_violation("street_reports_submission_once", SentBefore()), transaction.atomic():
            report = _submitted(key=key, **fields)
            references.keep(key, report, names)
    except SentBefore:
        report = references.known(key, names)[0].report
        references.add(key, report, names)
    return report


def _submitted(*, key: ApiKey, fault: FaultType, place: Place, **fields: Any) -> Report:
    try:
        return submit_report(source=key, fault=fault, place=place, **fields)
    except AlreadyReported:
        same = Report.objects.open().filter(asset=place.asset, fault=fault).first()
        if same is None:
            raise Refused(errors.LATER, "Another report of this has just ended.") from None
        return same


def _fields(request: HttpRequest) -> dict[str, Any]:
    """The fields, checked; raises Refused with all that is wrong."""
    form = RequestForm(request.POST)
    if not form.is_valid():
        raise Refused(errors.BAD, *reasons(form))
    return form.cleaned_data


def reasons(form: forms.Form) -> list[str]:
    """What is wrong with each field, by its name."""
    return [
        str(reason) if name == "__all__" else f"{name}: {reason}"
        for name, found in form.errors.items()
        for reason in found
    ]


def _place(fault: FaultType, fields: dict[str, Any], sent: QueryDict) -> Place:
    """Where it is: an asset of ours, a point, or words; raises Refused."""
    has_point = fields["lat"] is not None
    asset_id = sent.get(f"attribute[{catalogue.ASSET}]", "").strip()
    # Beside a point it may be an id in somebody else's register of addresses.
    if asset_id := asset_id or ("" if has_point else fields["address_id"]):
        return Place.of(_asset(fault, asset_id))
    words = " ".join(fields["address_string"].split())
    if not has_point and not words:
        raise Refused(errors.BAD, "Say where it is: lat and long, address_string or address_id.")
    postcode = postcode_in(words)
    if not has_point:
        return Place(words, postcode, Asset.objects.centre(postcode) if postcode else None)
    point = Point(fields["lat"], fields["long"])
    if not 49 <= point.latitude <= 61 or not Asset.objects.near(point, AROUND).exists():
        raise Refused(
            errors.BAD, "lat and long are outside the area that this council looks after."
        )
    return Place(words or f"{point.latitude:.6f}, {point.longitude:.6f}", postcode, point)


def _asset(fault: FaultType, asset_id: str) -> Asset:
    """The asset of the kind of the fault, if it takes reports; raises Refused."""
    name = catalogue.ASSET
    found = Asset.objects.of_kind(fault.kind).filter(central_asset_id=asset_id).first()
    if found is None:
        raise Refused(errors.BAD, f"{name}: there is no {wording.noun(fault.kind)} {asset_id}.")
    if owner := Owner.objects.of(found):
        raise Refused(errors.BAD, f"{name}: the council does not look after this: {owner} does.")
    if not found.is_reportable:
        raise Refused(errors.BAD, f"{name}: it needs no report, {wording.no_need(found)}.")
    return found


def _answers(fault: FaultType, sent: QueryDict) -> list[Answer]:
    """What was answered to our questions; raises Refused with all that is missing or unknown."""
    answers, wrong = [], []
    for code, asked in catalogue.asked_about(fault).items():
        value = sent.get(f"attribute[{code}]", "").strip()
        if not value:
            wrong += [f"attribute[{code}] is required: {asked['text']}"] * asked["is_required"]
            continue
        chosen = _key_of(asked, value)
        if chosen is None or len(chosen) > LONGEST_ANSWER:
            wrong.append(f"attribute[{code}] is not one of its answers, or too long.")
            continue
        _check_danger(asked, chosen)
        answers.append(answer_of(asked, chosen))
    if wrong:
        raise Refused(errors.BAD, *wrong)
    return answers


def _key_of(asked: Asked, value: str) -> str | None:
    """The key of what was chosen, given as a key or by its name; words where nothing is chosen."""
    if not asked["choices"]:
        return value
    keys = [str(each["id"]) for each in asked["choices"]]
    named = [str(each["id"]) for each in asked["choices"] if each["text"] == value]
    return value if value in keys else next(iter(named), None)


def _check_danger(asked: Asked, chosen: str) -> None:
    choice = choice_of(asked, chosen)
    if choice and choice["is_dangerous"]:
        raise Refused(errors.BAD, f"This is dangerous, so it is not taken. {catalogue.phone()}")


def _reply(report: Report, *, lost: bool = False) -> Reply:
    notice = f"It goes to the {report.destination.name}."
    known = " Somebody had reported it before: the photos are not added." if lost else ""
    row: Row = {"service_request_id": report.reference, "service_notice": f"{notice}{known}"}
    return Reply("service_requests", Many("request", [row]))


def looked_up(request: HttpRequest, token: str) -> Reply:
    """What an app's own reference, as a token, has become; raises Refused.

    Every service answers at once with an id, so nobody is ever given a token. Who lost an answer
    asks with their key and any of their references.
    """
    names = references.of_any_kind(token)
    has_key = bool(request.GET.get("api_key"))
    first = references.known(key_of(request), names).first() if has_key else None
    if first is None:
        raise Refused(errors.MISSING, f"There is no token {token}.")
    row: Row = {"service_request_id": first.report.reference, "token": token}
    return Reply("service_requests", Many("request", [row]))
