"""Services and reports as the rows of an answer (pure)."""

from __future__ import annotations

from stockport.demo.backoffice.catalogue import SERVICES, Service
from stockport.demo.backoffice.progress import Step, moment
from stockport.demo.backoffice.store import Case
from stockport.demo.backoffice.wire import Many, Row


def service_row(service: Service) -> Row:
    """A service in the list of services."""
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": f"{service.name}: goes to the {service.team}.",
        "metadata": True,
        "type": "realtime",
        "keywords": "",
        "group": service.group,
    }


def attribute_rows(service: Service) -> list[Row]:
    """The questions of a service, numbered from 1."""
    return [
        {
            "variable": True,
            "code": attribute.code,
            "datatype": attribute.datatype,
            "required": attribute.required,
            "datatype_description": "",
            "order": order,
            "description": attribute.description,
            "automated": attribute.automated,
        }
        for order, attribute in enumerate(service.attributes, start=1)
    ]


def case_row(case: Case, last: Step, *, extended: bool) -> Row:
    """A report with the last thing that happened to it."""
    service = SERVICES[case.service_code]
    row: dict[str, str | Many] = {
        "service_request_id": case.request_id,
        "status": last.open_or_closed,
        "status_notes": last.description,
        "service_name": service.name,
        "service_code": service.code,
        "description": case.fields.get("description", ""),
        "agency_responsible": service.team,
        "service_notice": "",
        "requested_datetime": moment(case.at),
        "updated_datetime": moment(last.at),
        "expected_datetime": "",
        "address": case.fields.get("address_string", ""),
        "address_id": case.fields.get("address_id", ""),
        "zipcode": "",
        "lat": case.fields.get("lat", ""),
        "long": case.fields.get("long", ""),
        "media_url": case.fields.get("media_url", ""),
    }
    if extended:
        row["attributes"] = Many("attribute", _attribute_rows(case))
    return row


def _attribute_rows(case: Case) -> list[Row]:
    return [
        {"code": code, "value": value}
        for code, values in case.attributes.items()
        for value in values
    ]
