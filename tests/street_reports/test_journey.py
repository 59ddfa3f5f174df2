"""Residents report a light or a grid, page by page."""

from datetime import UTC, datetime

import pytest

from stockport.outbox.models import Delivery
from street_reports.models import Asset, Draft, Report
from tests.factories.street_reports import AssetFactory, ReportFactory
from tests.street_reports.test_photos import photo_file


def test_resident_reports_a_light(form, light, resident):
    form.fill()
    assert "outside number 68" in form.get("check").page.text(".govuk-summary-list")
    sent = form.send()
    report = Report.objects.get()
    assert sent.url == f"/street-reports/reports/{report.public_id}/received/"
    assert (report.asset, report.fault.code, report.resident) == (light, "light-out", resident)
    assert (report.description, report.wants_updates) == ("Since Monday.", True)
    confirmation = form.portal.get(sent.url).page
    assert report.reference in confirmation.text(".govuk-panel")
    assert resident.email in confirmation.text("main")


def test_resident_reports_a_grid(form):
    grid = AssetFactory(grid=True, location_description="Outside number 68")
    form.post("kind", kind="grid")
    assert "water is coming into a building" in form.get("danger").page.text("main ul")
    form.post("danger")
    form.post("whose")
    form.post("find", q="68 ashfield rd")
    form.post("choose", asset=str(grid.pk))
    form.post("fault", fault="grid-blocked")
    form.ANSWERS = {**form.ANSWERS, "kind": {"kind": "grid"}}
    for step in ("details", "photo", "updates"):
        form.post(step)
    form.send()
    report = Report.objects.get()
    assert report.reference.startswith("GR-")
    assert report.delivery.destination.slug == "highways-drainage"


def test_resident_describes_a_light_that_is_not_listed(form):
    form.answer_to_choose = "not-listed"
    form.fill()
    assert "By the bus stop" in form.get("check").page.text(".govuk-summary-list")
    form.send()
    report = Report.objects.get()
    assert report.asset is None
    assert report.location == "By the bus stop on Ashfield Road"
    assert (report.postcode, report.latitude) == ("SK3 8UD", 53.4)


@pytest.mark.parametrize("step", ["find", "choose", "fault", "details", "updates", "check"])
def test_danger_stops_the_form_also_for_who_opens_a_later_page(form, step):
    form.fill()
    form.post("danger", danger="yes")
    answer = form.get(step, follow=True)
    assert answer.page.h1 == "Contact us now, do not report this online"
    form.post(step, updates="yes")
    form.send()
    assert not Report.objects.exists()


def test_danger_page_gives_the_councils_number_and_never_an_invented_one(form, settings):
    form.fill(until="danger")
    form.post("danger", danger="yes")
    text = form.get("contact-us").page.text("main")
    assert "contact page" in text
    assert "999 if somebody’s life is at risk" in text
    settings.EMERGENCY_PHONE = "0161 000 0000"
    assert "0161 000 0000" in form.get("contact-us").page.text("main")


MISTAKES = [
    ("kind", {"kind": ""}, "Select what you want to report"),
    ("kind", {"kind": "bench"}, "Select what you want to report"),
    ("danger", {"danger": ""}, "Select yes if any of this is true"),
    ("find", {"q": ""}, "Enter a street or a postcode"),
    ("find", {"q": "?!"}, "Enter a street or a postcode"),
    ("find", {"q": "a" * 101}, "The search must be 100 characters or fewer"),
    ("choose", {"asset": ""}, "Select a street light, or “It is not listed”"),
    ("choose", {"asset": "0"}, "Select a street light, or “It is not listed”"),
    ("choose", {"asset": "9" * 40}, "Select a street light, or “It is not listed”"),
    ("choose", {"asset": "²"}, "Select a street light, or “It is not listed”"),
    ("fault", {"fault": ""}, "Select what is wrong"),
    ("fault", {"fault": "grid-blocked"}, "Select what is wrong from the list"),
    ("details", {"description": "a" * 1001}, "Your description must be 1,000 characters or fewer"),
    ("updates", {"updates": ""}, "Select yes if you want e-mails about what happens"),
]


@pytest.mark.parametrize(("step", "answer", "message"), MISTAKES)
def test_mistake_is_explained(form, step, answer, message):
    form.fill(until=step)
    assert form.post(step, **answer).page.errors == [message]


def test_mistake_loses_nothing_that_was_typed(form):
    form.fill(until="details")
    page = form.post("details", description="a" * 1001).page
    assert page.text("textarea") == "a" * 1001
    assert "outside number 68" in form.get("choose").page.text("main form")


def test_place_needs_words_and_a_whole_postcode(form):
    form.answer_to_choose = "not-listed"
    form.fill(until="place")
    page = form.post("place", where="", postcode="SK1").page
    assert page.errors == ["Enter where it is", "Enter a full postcode, like SK1 3XE"]
    assert page.select("#id_postcode")[0].get("value") == "SK1"


def test_something_else_needs_a_description(form):
    form.fill(until="fault")
    form.post("fault", fault="light-other")
    assert form.post("details", description="").page.errors == ["Describe what is wrong"]


def test_light_that_needs_no_report_is_shown_and_cannot_be_chosen(form, light):
    Asset.objects.filter(pk=light.pk).update(raise_new_job=2, programme_date="2026-12-01")
    form.fill(until="choose")
    page = form.get("choose").page
    assert "maintenance programme, planned for 1 December 2026" in page.text("main ul")
    assert [i.get("value") for i in page.select("input[type=radio]")] == ["not-listed"]
    assert form.post("choose", asset=str(light.pk)).page.errors


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Xyzzy Street", "We found no street light there. Go back to search again"),
        ("99 Ashfield Road", "No street light there has the number 99. These are on the street."),
        ("SK3 8UD", "The nearest is first."),
    ],
)
def test_list_says_what_the_search_found(form, typed, words):
    form.fill(until="find")
    form.post("find", q=typed)
    page = form.get("choose").page
    assert words in page.text("#id_asset-hint")
    assert page.select("input[value=not-listed]")


def test_list_that_is_cut_says_how_to_see_fewer(form):
    AssetFactory.create_batch(31)
    form.fill(until="find")
    form.post("find", q="Ashfield Road")
    assert "There are more. Go back and add" in form.get("choose").page.text("#id_asset-hint")


def test_light_that_the_register_has_a_job_for_says_since_when(form, light):
    Asset.objects.filter(pk=light.pk).update(raise_new_job=3, logged_date="2026-11-03")
    form.fill(until="choose")
    assert "already reported on 3 November 2026" in form.get("choose").page.text("main ul")


def test_reported_fault_is_not_reported_again(form, light):
    other = ReportFactory(asset=light, description="Private words")
    form.fill(until="fault")
    assert "“It is not working” reported on" in form.get("choose").page.text("main form")
    form.post("fault")
    answer = form.get("details", follow=True)
    assert answer.page.h1 == "This has already been reported"
    text = answer.page.text("main")
    assert "Received" in text
    assert "Private words" not in text
    assert other.reference not in text
    assert str(other.public_id) not in answer.page.html
    form.send()
    assert Report.objects.get() == other


def test_who_was_faster_is_met_at_the_end(form, light):
    form.fill()
    ReportFactory(asset=light)
    answer = form.portal.post(f"{form.base}check/", follow=True)
    assert answer.page.h1 == "This has already been reported"
    assert Report.objects.count() == 1


def test_other_fault_of_a_reported_light_can_be_reported(form, light):
    ReportFactory(asset=light)
    form.fill(until="fault")
    form.post("fault", fault="light-flickering")
    for step in ("details", "photo", "updates"):
        form.post(step)
    form.send()
    assert Report.objects.count() == 2


def test_new_search_forgets_the_light_chosen_before(form):
    form.fill()
    other = AssetFactory(street="Buxton Road", feature_id="1")
    form.portal.post(f"{form.base}find/?change=1", {"q": "Buxton Road"})
    answer = form.get("check", follow=True)
    assert answer.page.h1 == "Which street light is it?"
    form.portal.post(f"{form.base}choose/?change=1", {"asset": str(other.pk)})
    assert "Buxton Road" in form.get("check").page.text(".govuk-summary-list")


def test_form_sent_twice_makes_one_report(form):
    form.fill()
    first, second = form.send(), form.send()
    assert first.url == second.url
    assert Report.objects.count() == 1
    assert Delivery.objects.count() == 2
    assert form.get("find").url == first.url


def test_form_sent_twice_at_once_makes_one_report(form):
    """The second click is answered with the draft as it was before the first one."""
    form.fill(until="photo")
    form.post("photo", photo=photo_file())
    form.post("photo")
    form.post("updates")
    before = Draft.objects.get().answers
    first = form.send()
    Draft.objects.update(answers=before, report=None)
    assert form.send().url == first.url
    assert Report.objects.count() == 1


def test_two_tabs_do_not_mix(form, light):
    form.fill()
    other = type(form)(form.portal)
    other.answer_to_choose = form.answer_to_choose
    other.fill(until="fault")
    other.post("fault", fault="light-flickering")
    assert "It is not working" in form.get("check").page.text(".govuk-summary-list")


def test_form_is_for_residents_who_are_signed_in(portal):
    answer = portal.get("/street-reports/new/")
    assert answer.url.startswith("/account/sign-in/")


def test_misspelt_street_is_asked_about(form, light):
    form.fill(until="find")
    assert form.post("find", q="14 Ashfeild Road").url.endswith("/street/")
    page = form.get("street").page
    assert page.h1 == "Which street is it on?"
    assert "We found no Ashfeild Road. Did you mean Ashfield Road?" in page.text("main form")
    assert "1 street light" in page.text(".govuk-radios")
    assert form.post("street", street="Ashfield Road").url.endswith("/choose/")
    assert "outside number 68" in form.get("choose").page.text(".govuk-radios")
    form.post("choose", asset=str(light.pk))
    assert form.get("place", follow=True).page.h1 == "What is wrong?"


def test_postcode_leads_over_the_street_to_a_list_with_distances(form, light):
    ReportFactory(asset=light, status="fixed", created_at=datetime(2026, 11, 3, 9, tzinfo=UTC))
    AssetFactory(street="Buxton Road", latitude=53.401)
    form.fill(until="find")
    form.post("find", q="sk38ud")
    text = form.get("street").page.text(".govuk-radios")
    assert "metres from the postcode, 1 street light" in text
    form.post("street", street="Ashfield Road")
    text = form.get("choose").page.text(".govuk-radios")
    assert "1. Street light 014, outside number 68" in text
    assert "metres from the postcode." in text
    assert "Last reported on 3 November 2026, and dealt with." in text


def test_street_that_is_not_listed_leads_to_the_place_in_words(form):
    form.fill(until="find")
    form.post("find", q="Ashfeild Road")
    assert form.post("street", street="not-listed").url.endswith("/place/")
    form.post("place")
    form.post("fault")
    for step in ("details", "photo", "updates"):
        form.post(step)
    summary = form.get("check").page.text(".govuk-summary-list")
    assert "It is not listed" in summary
    form.send()
    assert Report.objects.get().asset is None


@pytest.mark.parametrize("street", ["", "Xyzzy", "a" * 101, "Ashfeild Road"])
def test_street_that_was_not_offered_cannot_be_chosen(form, street):
    form.fill(until="find")
    form.post("find", q="Ashfeild Road")
    page = form.post("street", street=street).page
    assert page.errors == ["Select a street, or “It is not listed”"]


def test_same_fault_of_two_things_that_are_not_listed_is_two_reports(form):
    ReportFactory(asset=None)
    form.answer_to_choose = "not-listed"
    form.fill()
    form.send()
    assert Report.objects.count() == 2
