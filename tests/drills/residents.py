"""Residents who report a street light, page by page, at the portal's real web server."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

from tests.drills.process import DrillError

MOST = 20  # reports of one scenario, each of a light of its own
RESIDENTS = 5
FAULT = "light-out"
# The portal lets residents report it, and the back office has never heard of it.
UNKNOWN_FAULT = "light-unheard-of"
PASSWORD = "correct horse battery"
# No page takes longer for a fault that is not its own.
LONGEST = 5.0
PATIENCE = 30.0
WORDS = (
    "Alder", "Beech", "Cedar", "Damson", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper",
    "Larch", "Maple", "Nettle", "Oak", "Pine", "Quince", "Rowan", "Sorrel", "Thorn", "Willow",
)  # fmt: skip
FIRST_LIGHT = re.compile(r'name="asset"[^>]*value="(\d+)"')
THE_REST = (
    ("details", {"description": "Since Monday."}),
    ("photo", {}),
    ("updates", {"updates": "yes"}),
)


def email(number: int) -> str:
    """The address that the resident signs in with."""
    return f"drill{number}@example.org"


def street(number: int) -> str:
    """The street of the light that this report is about."""
    return f"{WORDS[number]} Road"


@dataclass(frozen=True)
class Sent:
    """A report that its resident was told is received."""

    report: str  # the public id, from the address of the confirmation
    seconds: float  # of the page that said so
    slowest: float  # of every page on the way there
    refused: int  # pages with an error of the portal before that one


class Resident:
    """One resident at one browser."""

    def __init__(self, site: str, number: int) -> None:
        self.site = site
        self.number = number
        self.browser = requests.Session()
        self.browser.trust_env = False
        # A connection that the server closes meanwhile would look like a fault of the portal.
        self.browser.headers["Connection"] = "close"

    def sign_in(self) -> None:
        """By the form, with the password; raises DrillError."""
        self.browser.cookies.clear()
        self.get("/account/sign-in/")
        password = {"login": email(self.number), "password": PASSWORD}
        where_to(self.post("/account/sign-in/", password))

    def get(self, path: str) -> requests.Response:
        """A page."""
        url = urljoin(self.site, path)
        return self.browser.get(url, allow_redirects=False, timeout=PATIENCE)

    def post(self, path: str, data: Mapping[str, str] | None = None) -> requests.Response:
        """The answer to a form."""
        return self.browser.post(
            urljoin(self.site, path),
            data=data,
            headers={"X-CSRFToken": self.browser.cookies["csrftoken"]},
            allow_redirects=False,
            timeout=PATIENCE,
        )


class Form:
    """The form in one tab of a resident's browser, about the light with this number."""

    def __init__(self, resident: Resident, number: int, fault: str) -> None:
        self.resident = resident
        self.number = number
        self.fault = fault
        self.address = ""

    def fill(self) -> None:
        """Answer every page but the last; raises DrillError where one is not accepted."""
        first = where_to(self.resident.get("/street-reports/new/"))
        self.address = first.removesuffix("kind/")
        self._answer("kind", {"kind": "street_light"})
        self._answer("danger", {"danger": "no"})
        self._answer("whose", {"owner": "none"})
        self._answer("find", {"q": street(self.number)})
        choices = self.resident.get(f"{self.address}choose/").text
        self._answer("choose", {"asset": FIRST_LIGHT.findall(choices)[0]})
        self._answer("fault", {"fault": self.fault})
        for step, answers in THE_REST:
            self._answer(step, answers)

    def _answer(self, step: str, answers: Mapping[str, str]) -> None:
        where_to(self.resident.post(f"{self.address}{step}/", answers))

    def send(self) -> Sent:
        """Confirm, again and again while the portal answers with an error; raises DrillError."""
        end, slowest, refused = time.monotonic() + PATIENCE, 0.0, 0
        while time.monotonic() < end:
            started = time.monotonic()
            answer = self.resident.post(f"{self.address}check/")
            seconds = time.monotonic() - started
            slowest = max(slowest, seconds)
            if answer.status_code < 500:
                return Sent(received(answer), seconds, slowest, refused)
            refused += 1
            time.sleep(0.5)
        raise DrillError(f"The portal answered with errors for {PATIENCE:.0f} s")


def received(answer: requests.Response) -> str:
    """The id of the report whose confirmation the answer leads to; DrillError for anything else."""
    where = where_to(answer)
    if not where.endswith("/received/"):
        raise DrillError(f"The form was not finished: it leads to {where}")
    return where.split("/")[-3]


def where_to(answer: requests.Response) -> str:
    """Where an answer leads that accepts what was typed; DrillError for anything else."""
    where = answer.headers.get("Location", "")
    if answer.status_code != 302 or "sign-in" in where:
        raise DrillError(f"{answer.url} answered {answer.status_code} {where}")
    return where
