"""A signed-in resident, the teams' destinations, and a way through the form."""

from __future__ import annotations

import pytest

from accounts.models import Resident
from street_reports.models import Asset
from tests.client import PortalClient
from tests.factories.street_reports import AssetFactory, DestinationFactory


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    """Photos of a test go where pytest cleans up."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def light(db: None) -> Asset:
    """Street light 014 on Ashfield Road."""
    return AssetFactory(feature_id="014", location_description="Outside number 68")


@pytest.fixture
def teams(db: None) -> None:
    """Where reports go."""
    DestinationFactory()
    DestinationFactory(slug="highways-drainage", name="drainage team")


class Form:
    """A resident at the pages of the form, in one tab."""

    START = "/street-reports/new/"
    ANSWERS = {
        "kind": {"kind": "street_light"},
        "danger": {"danger": "no"},
        "whose": {"owner": "none"},
        "find": {"q": "14 ashfield rd"},
        "choose": {},
        "place": {"where": "By the bus stop on Ashfield Road", "postcode": "sk38ud"},
        "fault": {"fault": "light-out"},
        "details": {"description": "Since Monday."},
        "photo": {},
        "updates": {"updates": "yes"},
    }

    def __init__(self, portal: PortalClient) -> None:
        self.portal = portal
        self.answer_to_choose = "not-listed"
        first = portal.get(self.START).url
        self.base = first.removesuffix("kind/")

    @property
    def key(self) -> str:
        """The key of the journey, which is the token of the report."""
        return self.base.rstrip("/").rsplit("/", 1)[1]

    def get(self, step: str, **kwargs):
        """The page of a step."""
        return self.portal.get(f"{self.base}{step}/", **kwargs)

    def post(self, step: str, **data):
        """Answer a step: with its usual answer unless told otherwise."""
        data = data or self.ANSWERS[step] or {}
        if step == "choose" and not data:
            data = {"asset": self.answer_to_choose}
        return self.portal.post(f"{self.base}{step}/", data)

    def fill(self, until: str = "check") -> str:
        """Answer one page after the other; the address of the page where it stops."""
        address = f"{self.base}kind/"
        while (step := address.removeprefix(self.base).strip("/")) != until:
            answer = self.post(step)
            assert answer.status_code == 302, answer.page.errors
            address = answer.url
        return address

    def send(self):
        """Confirm on the check page."""
        return self.portal.post(f"{self.base}check/")


@pytest.fixture
def form(portal: PortalClient, resident: Resident, light: Asset, teams: None) -> Form:
    """The form for the light, not begun."""
    portal.sign_in(resident)
    form = Form(portal)
    form.answer_to_choose = str(light.pk)
    return form


EMAIL = "ada@example.org"


class Visitor(Form):
    """Somebody without an account, at the pages of the form."""

    START = "/street-reports/without-account/"
    ANSWERS = Form.ANSWERS | {"email": {"email": EMAIL, "updates": "yes"}}


@pytest.fixture
def visitor(portal: PortalClient, light: Asset, teams: None) -> Visitor:
    """The form for the light, without an account, not begun."""
    visitor = Visitor(portal)
    visitor.answer_to_choose = str(light.pk)
    return visitor
