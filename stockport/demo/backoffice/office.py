"""The resources of the demo back office: what is asked, what is answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import time

from stockport.demo.backoffice import finding
from stockport.demo.backoffice.call import Call, moment_in
from stockport.demo.backoffice.catalogue import SERVICES
from stockport.demo.backoffice.progress import steps
from stockport.demo.backoffice.rows import attribute_rows, case_row, service_row
from stockport.demo.backoffice.store import Case, Store
from stockport.demo.backoffice.strict import Refused, check
from stockport.demo.backoffice.wire import Many, Reply, Row

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-23T00:00:00Z"
UPDATE_FIELDS = (
    "service_request_id",
    "update_id",
    "status",
    "updated_datetime",
    "description",
)
TOKEN_SECONDS = 3
# mySociety's extension; updates that are sent in carry them in capitals.
STATUSES = frozenset(
    {
        "OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "PLANNED", "ACTION_SCHEDULED", "INVESTIGATING",
        "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL",
        "CANCELLED", "REOPEN", "FOR_TRIAGE", "UNCHANGED",
    }
)  # fmt: skip


@dataclass
class Office:
    """One back office: what it keeps, who may write to it, how fast it works."""

    store: Store
    api_key: str = "demo"
    pace: float = 20
    honours_keys: bool = True
    # What webhooks are signed with, in both directions; without one nobody can send any.
    secret: str = ""

    def discovery(self, url: str) -> Reply:
        """Where the service is, as the specification's discovery says."""
        formats = Many("format", ["text/xml", "application/json"])
        endpoint: Row = {
            "specification": SPECIFICATION,
            "url": url,
            "changeset": CHANGESET,
            "type": "test",
            "formats": formats,
        }
        return Reply(
            "discovery",
            {
                "changeset": CHANGESET,
                "contact": "The demo borough",
                "key_service": "The key is on the command line.",
                "endpoints": Many("endpoint", [endpoint]),
            },
        )

    def services(self) -> Reply:
        """What can be reported."""
        return Reply("services", Many("service", [service_row(each) for each in SERVICES.values()]))

    def definition(self, code: str) -> Reply:
        """What a report of this service must say; raises Refused."""
        if code not in SERVICES:
            raise Refused(404, f"service_code {code} does not exist.")
        rows = attribute_rows(SERVICES[code])
        body: Row = {"service_code": code, "attributes": Many("attribute", rows)}
        return Reply("service_definition", body)

    def report(self, call: Call, *, batch: bool = False) -> Reply:
        """Take a report; raises Refused."""
        self._check_key(call)
        report = check(call.form)
        case = self.store.accept(
            report.service.code,
            report.fields,
            report.attributes,
            key=call.key if self.honours_keys else None,
            batch=batch,
        )
        row: dict[str, str] = {"service_notice": f"It goes to the {report.service.team}."}
        row |= {"token": case.token} if case.token else {"service_request_id": case.request_id}
        return _requests([row])

    def token(self, token: str) -> Reply:
        """What has become of a token; raises Refused."""
        for case in self.store.cases("WHERE token = ?", token) if token else ():
            ready = time() - case.at > TOKEN_SECONDS
            return _requests(
                [{"service_request_id": case.request_id if ready else "", "token": token}]
            )
        raise Refused(404, "The token does not exist.")

    def request(self, request_id: str) -> Reply:
        """One report; raises Refused."""
        case = self.store.case(request_id)
        if case is None:
            raise Refused(404, f"service_request_id {request_id} does not exist.")
        return _requests([self._row(case, extended=True)])

    def requests(self, call: Call) -> Reply:
        """The reports that the query asks for; raises Refused."""
        extended = call.get("extensions") == "true"
        found = finding.reports(self.store, call, pace=self.pace, now=time())
        return _requests([self._row(case, extended=extended) for case in found])

    def updates(self, call: Call) -> Reply:
        """What has happened to reports in a time; raises Refused."""
        self._check_key(call)
        rows = [
            step.as_row() for step in finding.news(self.store, call, pace=self.pace, now=time())
        ]
        return Reply("service_request_updates", Many("request_update", rows))

    def update(self, call: Call) -> Reply:
        """Take a caller's update, with its files; raises Refused."""
        self._check_key(call)
        for name in UPDATE_FIELDS:
            if not call.get(name):
                raise Refused(400, f"{name} is required.")
        if call.get("status") not in STATUSES:
            raise Refused(400, f"status {call.get('status')} is not known.")
        moment_in(call, "updated_datetime")
        case = self.store.case(call.get("service_request_id"))
        if case is None:
            raise Refused(404, "service_request_id does not exist.")
        number = self.store.note(
            call.get("update_id"), case, call.get("status"), call.get("description"),
            self._keep_files(call),
        )  # fmt: skip
        row: Row = {"update_id": str(number)}
        return Reply("service_request_updates", Many("request_update", [row]))

    def _keep_files(self, call: Call) -> list[str]:
        names = []
        for number, content in enumerate(call.files.values(), start=1):
            name = re.sub(r"[^\w-]", "_", f"{call.get('update_id')}-{number}")[:100]
            (self.store.folder / name).write_bytes(content)
            names.append(name)
        return names

    def _check_key(self, call: Call) -> None:
        if call.get("api_key") != self.api_key:
            raise Refused(403, "The api_key is missing or wrong.")

    def _row(self, case: Case, *, extended: bool) -> Row:
        last = steps(case, pace=self.pace, now=time())[-1]
        return case_row(case, last, extended=extended)


def _requests(rows: list[Row]) -> Reply:
    return Reply("service_requests", Many("request", rows))
