"""A form of several pages: what is asked, in which order, and what becomes of the answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from stockport.keeping import KEPT
from tests.factories.accounts import ResidentFactory
from tests.stockport import pets_urls

if TYPE_CHECKING:
    from accounts.models import Resident
    from tests.client import PortalClient

pytestmark = pytest.mark.urls("tests.stockport.pets_urls")


class Tab:
    """A resident at one journey."""

    def __init__(self, portal: PortalClient) -> None:
        self.portal = portal
        self.base = portal.get("/pets/new/").url.removesuffix("animal/")

    def get(self, page: str) -> Any:
        return self.portal.get(f"{self.base}{page}")

    def post(self, page: str, **data: str) -> Any:
        return self.portal.post(f"{self.base}{page}", data)

    def next(self, page: str, **data: str) -> str:
        """Where an answer leads."""
        return str(self.post(page, **data).url).removeprefix(self.base)

    def redirect(self, page: str) -> str:
        """Where a page sends who opens it."""
        return str(self.get(page).url).removeprefix(self.base)


@pytest.fixture
def tab(portal: PortalClient, resident: Resident) -> Tab:
    pets_urls.finished.clear()
    portal.sign_in(resident)
    return Tab(portal)


@pytest.fixture
def dog(tab: Tab) -> Tab:
    """Everything answered."""
    tab.post("animal/", animal="dog")
    tab.post("name/", name="Rex")
    tab.post("born/", **{"born-day": "3", "born-month": "4", "born-year": "2020"})
    return tab


def test_pages_follow_each_other(tab: Tab) -> None:
    assert tab.next("animal/", animal="dog") == "name/"
    assert tab.next("name/", name="Rex") == "born/"
    assert tab.next("born/") == "check/"


def test_page_that_does_not_concern_somebody_is_left_out(tab: Tab) -> None:
    tab.post("animal/", animal="cat")
    assert tab.next("name/", name="Mia") == "check/"
    assert tab.redirect("born/") == "check/"


def test_later_page_leads_to_the_first_that_has_no_answer(tab: Tab) -> None:
    assert tab.redirect("born/") == "animal/"
    tab.post("animal/", animal="dog")
    assert tab.redirect("check/") == "name/?change=1"
    assert tab.next("born/", where="here") == "name/"


def test_earlier_answer_that_became_wrong_is_shown_with_its_error(dog: Tab) -> None:
    dog.portal.post(f"{dog.base}animal/?change=1", {"animal": "cat"})
    dog.post("name/", name="Mia")
    session = dog.portal.session
    [kept] = session["journey_pet"].values()
    kept["name"] = "name=Rex"
    session.save()
    assert dog.redirect("check/") == "name/?change=1"
    page = dog.get("name/").page
    assert page.errors == ["Rex is a dog"]
    assert page.select("input[name=name]")[0].get("value") == "Rex"


def test_wrong_answer_is_not_stored_and_not_lost(tab: Tab) -> None:
    tab.post("animal/", animal="cat")
    page = tab.post("name/", name="Rex").page
    assert page.errors == ["Rex is a dog"]
    assert page.select("input[name=name]")[0].get("value") == "Rex"
    assert not tab.get("name/").page.select("input[name=name]")[0].get("value")


def test_journey_that_ends_early_never_finishes(tab: Tab) -> None:
    tab.post("animal/", animal="dog")
    assert tab.next("name/", name="Felix") == "unwanted/"
    assert tab.get("unwanted/").page.h1 == "No Felix"
    assert tab.redirect("born/") == "unwanted/"
    assert tab.next("check/").startswith("unwanted/")
    assert pets_urls.finished == []


def back(page: Any) -> str:
    return str(page.select(".govuk-back-link")[0].get("href"))


def test_back_leads_to_the_page_before(dog: Tab) -> None:
    assert back(dog.get("animal/").page) == "/"
    assert back(dog.get("born/").page) == f"{dog.base}name/"
    assert back(dog.get("check/").page) == f"{dog.base}born/"
    assert back(dog.get("name/?change=1").page) == f"{dog.base}check/"


def test_check_page_shows_all_answers_in_words(dog: Tab) -> None:
    page = dog.get("check/").page
    assert page.h1 == "Check your answers"
    values = ["".join(value.itertext()).strip() for value in page.select("dd")]
    assert [v for v in values if "Change" not in v] == ["Dog", "Rex", "3 April 2020", "Not given"]


def test_change_comes_back_to_the_check_page(dog: Tab) -> None:
    [link] = [a for a in dog.get("check/").page.select("dd a") if "name" in (a.get("href") or "")]
    answer = dog.portal.post(str(link.get("href")), {"name": "Rexi"})
    assert answer.url == f"{dog.base}check/"


def test_change_asks_again_what_it_makes_meaningless(dog: Tab) -> None:
    answer = dog.portal.post(f"{dog.base}animal/?change=1", {"animal": "cat"}, follow=True)
    assert answer.page.h1 == "What is its name?"
    assert back(answer.page) == f"{dog.base}animal/"
    answer = dog.portal.post(answer.request["PATH_INFO"] + "?change=1", {"name": "Mia"})
    assert answer.url == f"{dog.base}check/"


def test_same_answer_again_forgets_nothing(dog: Tab) -> None:
    dog.portal.post(f"{dog.base}animal/?change=1", {"animal": "dog"})
    assert dog.get("check/").status_code == 200


def test_journey_finishes_once(dog: Tab) -> None:
    assert dog.post("check/").url == "/done/"
    assert dog.post("check/").url == "/done/"
    assert dog.get("name/").url == "/done/"
    [(key, answers)] = pets_urls.finished
    assert str(key) in dog.base
    assert answers["name"] == {"name": "Rex"}


def test_journey_that_cannot_finish_keeps_its_answers(tab: Tab) -> None:
    tab.post("animal/", animal="cat")
    tab.post("name/", name="Tom")
    assert tab.next("check/") == "name/"
    assert "Tom" in tab.get("check/").page.text("dl")


def test_two_tabs_do_not_mix(dog: Tab) -> None:
    other = Tab(dog.portal)
    other.post("animal/", animal="cat")
    other.post("name/", name="Mia")
    assert "Rex" in dog.get("check/").page.text("dl")
    dog.post("check/")
    assert other.next("check/") == "/done/"
    assert len(pets_urls.finished) == 2


def test_session_keeps_only_the_newest_journeys(dog: Tab) -> None:
    for _ in range(KEPT):
        Tab(dog.portal).post("animal/", animal="cat")
    assert len(dog.portal.session["journey_pet"]) == KEPT
    assert dog.redirect("check/") == "animal/?change=1"


def test_session_keeps_only_what_the_form_asks(tab: Tab) -> None:
    tab.post("animal/", animal="cat", secret="x" * 10_000)
    [kept] = tab.portal.session["journey_pet"].values()
    assert kept == {"animal": "animal=cat"}


def test_looking_at_a_page_stores_nothing(tab: Tab) -> None:
    tab.get("animal/")
    assert "journey_pet" not in tab.portal.session


def test_page_that_is_not_part_of_the_journey_is_not_found(tab: Tab) -> None:
    assert tab.get("felix/").status_code == 404


def test_key_of_somebody_else_shows_nothing_of_theirs(dog: Tab, portal: PortalClient) -> None:
    other = type(portal)()
    other.sign_in(ResidentFactory())
    assert other.get(f"{dog.base}check/").url == f"{dog.base}animal/?change=1"
    assert other.get(f"/pets/new/{uuid.uuid4()}/name/").status_code == 302
