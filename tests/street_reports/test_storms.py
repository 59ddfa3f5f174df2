"""Storm mode: staff switch it, the questions about grids change, and no form loses anything."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from street_reports.models import Kind, Question, Report, Storm
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory, QuestionFactory
from tests.street_reports.test_questions import CONTACT_US, choose, question

SWITCH = "/admin/street_reports/storm/1/change/"
BANNER = ".govuk-notification-banner"
CALM = "Has it rained heavily within the last 2 hours?"
STORM = "Has the rain stopped?"
RISING = "Is the water rising towards a building?"
BLOCKED = "Is the road or the pavement blocked?"
HOUR = timedelta(hours=1)


def switch(is_on, **fields):
    Storm.objects.update(is_on=is_on, **fields)


def asked(form):
    """The questions on the page."""
    return form.get("details").page.text("main form")


def told(question_text, choice):
    return choose(question(question_text, Kind.GRID), choice)


@pytest.fixture
def grid(form):
    """The form about a blocked grid, at the questions."""
    form.ANSWERS = {
        **form.ANSWERS,
        "kind": {"kind": "grid"},
        "find": {"q": "Ashfield Road"},
        "fault": {"fault": "grid-blocked"},
    }
    form.answer_to_choose = str(AssetFactory(grid=True).pk)
    form.fill(until="details")
    return form


def finish(form):
    """From the photos to the check page; its text."""
    form.post("photo")
    form.post("updates")
    return form.get("check").page.text(".govuk-summary-list")


def test_storm_changes_the_questions_about_grids(grid):
    assert CALM in asked(grid) and STORM not in asked(grid)
    switch(True)
    assert CALM not in asked(grid) and STORM in asked(grid) and BLOCKED in asked(grid)
    switch(False)
    assert CALM in asked(grid)


def test_storm_changes_no_question_about_lights(form):
    switch(True)
    form.fill(until="details")
    assert not form.get("details").page.select(BANNER)
    assert STORM not in asked(form)
    form.fill()
    assert form.send().url.endswith("/received/")


@pytest.mark.parametrize(("minutes", "is_over"), [(-1, True), (1, False)])
def test_storm_ends_by_itself(grid, minutes, is_over):
    now = timezone.now()
    switch(True, switched_at=now - HOUR, ends_at=now + timedelta(minutes=minutes))
    assert (CALM in asked(grid)) == is_over
    assert bool(grid.portal.get("/street-reports/").page.select(BANNER)) != is_over
    assert str(Storm.objects.get()).startswith("Off by itself since" if is_over else "On until")


def test_banner_is_on_the_start_and_on_every_page_about_grids(grid, settings):
    grid.post("details")
    grid.post("photo")
    steps = ("danger", "whose", "find", "choose", "fault", "details", "photo", "updates")
    assert not any(grid.get(step).page.select(BANNER) for step in steps)
    settings.EMERGENCY_PHONE = "0161 000 0000"
    switch(True, message="<b>Ashfield Road</b> is closed.")
    grid.post("details", **told(STORM, "No, it is still raining"), **told(RISING, "No"))
    pages = [grid.get(step).page for step in steps] + [grid.portal.get("/street-reports/").page]
    for page in pages:
        text = page.text(BANNER)
        assert "not yet a blocked grid" in text
        assert "0161 000 0000" in text
        assert "<b>Ashfield Road</b> is closed." in text
    assert not grid.get("kind").page.select(BANNER)


def test_banner_invents_no_number(grid):
    switch(True)
    text = grid.get("fault").page.text(BANNER)
    assert "about to, or if the cover of a grid is missing: contact us." in text


def test_storm_that_begins_in_the_middle_asks_the_new_questions_and_keeps_what_was_typed(grid):
    grid.post("details", **told(CALM, "No"), **told(BLOCKED, "No"), description="By the gate.")
    finish(grid)
    switch(True)
    assert grid.send().url.endswith("/details/?change=1")
    assert not Report.objects.exists()
    page = grid.get("details").page
    assert page.errors == [f"Select an answer to “{q}”" for q in (STORM, RISING)]
    assert page.text("textarea") == "By the gate."
    assert len(page.select("input[checked]")) == 2
    kept = {i.get("name"): i.get("value") for i in page.select("input[checked]")}
    new = {**told(STORM, "Yes, 2 hours ago or more"), **told(RISING, "No")}
    grid.portal.post(f"{grid.base}details/?change=1", {**kept, **new, "description": "By it."})
    grid.send()
    report = Report.objects.get()
    assert {each["question"]: each["answer"] for each in report.answers} == {
        BLOCKED: "No",
        CALM: "No",
        STORM: "Yes, 2 hours ago or more",
        RISING: "No",
    }


def test_storm_that_ends_in_the_middle_keeps_what_was_answered_in_it(grid):
    switch(True)
    grid.get("details")
    answers = {**told(STORM, "No, it is still raining"), **told(RISING, "No")}
    switch(False)  # while the page is open
    grid.post("details", **answers, description="By the gate.")
    assert f"{STORM} No, it is still raining" in finish(grid)
    grid.send()
    report = Report.objects.get()
    assert report.description == "By the gate."
    assert report.delivery.payload["attributes"]["rained"] == "No, it is still raining"


def test_dangerous_answer_in_a_storm_ends_the_form(grid):
    switch(True)
    answer = grid.post("details", **told(STORM, "No, it is still raining"), **told(RISING, "Yes"))
    assert grid.portal.get(answer.url).page.h1 == CONTACT_US
    switch(False)  # a danger that was told stays one
    assert grid.get("check", follow=True).page.h1 == CONTACT_US
    grid.send()
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_storm_costs_the_sending_of_a_report_nothing(grid):
    switch(True)
    grid.post("details", **told(STORM, "No, it is still raining"), **told(RISING, "No"))
    finish(grid)
    with CaptureQueriesContext(connection) as captured:
        grid.send()
    assert Report.objects.get().answers
    asked = [query["sql"] for query in captured if query["sql"] != "BEGIN"]
    assert len(asked) == 11, "\n".join(asked)  # as many as test_queries.py counts for a light


def test_page_about_a_grid_asks_once_for_the_storm(grid, django_assert_num_queries):
    switch(True)
    with django_assert_num_queries(6):  # session, resident, draft, asset, fault, storm
        grid.get("details")


@pytest.fixture
def officer(portal):
    """Somebody of the staff who may switch storm mode, and nothing else."""
    somebody = ResidentFactory(is_staff=True)
    somebody.user_permissions.add(Permission.objects.get(codename="change_storm"))
    portal.sign_in(somebody)
    return somebody


def evening(**changed):
    tomorrow = timezone.localtime() + timedelta(days=1)
    ends = {"ends_at_0": tomorrow.strftime("%Y-%m-%d"), "ends_at_1": "18:00:00"}
    return {"is_on": "on", "message": "Stay in.", **ends, **changed}


def test_staff_switch_it_on_until_an_hour_and_that_is_on_record(portal, officer):
    assert portal.post(SWITCH, evening()).status_code == 302
    storm = Storm.objects.get()
    assert (storm.is_on, storm.message, storm.switched_by) == (True, "Stay in.", officer)
    assert timezone.localtime(storm.ends_at).hour == 18
    record = LogEntry.objects.get()
    assert record.user == officer
    assert record.change_message.startswith("On until ")
    assert record.change_message.endswith("at 6pm. Stay in.")
    page = portal.get("/admin/street_reports/storm/").content.decode()
    assert str(officer) in page and "On until" in page


def test_who_words_the_message_does_not_switch(portal, officer):
    before = ResidentFactory()
    switch(False, switched_by=before, switched_at=timezone.now() - HOUR)
    portal.post(SWITCH, {"message": "Sorry.", "ends_at_0": "", "ends_at_1": ""})
    storm = Storm.objects.get()
    assert (storm.message, storm.switched_by) == ("Sorry.", before)
    assert LogEntry.objects.get().change_message == "Off. Sorry."


def test_storm_cannot_end_before_it_begins(portal, officer):
    page = portal.post(SWITCH, evening(ends_at_0="2026-01-01")).content.decode()
    assert "The end must be in the future, or empty." in page
    assert not Storm.objects.get().is_on


def test_switch_needs_a_permission_of_its_own(portal):
    other = ResidentFactory(is_staff=True)
    other.user_permissions.set(Permission.objects.exclude(codename__endswith="_storm"))
    assert portal.get(SWITCH).status_code == 302
    for somebody in (ResidentFactory(), other):
        portal.sign_in(somebody)
        assert portal.post(SWITCH, evening()).status_code in (302, 403, 404)
    assert not Storm.objects.get().is_on


def test_there_is_one_switch_and_nobody_adds_or_deletes_one(portal):
    portal.sign_in(ResidentFactory(staff=True))
    assert portal.get("/admin/street_reports/storm/add/").status_code == 403
    assert portal.post("/admin/street_reports/storm/1/delete/").status_code == 403
    with pytest.raises(IntegrityError, match="storm_one_switch"):
        Storm.objects.create(pk=2)


@pytest.mark.django_db
def test_record_outlives_who_switched_it():
    somebody = ResidentFactory()
    switch(True, switched_by=somebody)
    somebody.delete()
    assert Storm.objects.on().get().switched_by is None


@pytest.mark.django_db
def test_database_refuses_a_storm_that_makes_no_sense():
    now = timezone.now()
    with pytest.raises(IntegrityError, match="storm_ends_later"):
        switch(True, switched_at=now, ends_at=now)


@pytest.mark.django_db
def test_database_refuses_a_question_for_another_weather():
    assert Question.objects.filter(weather="storm").count() == 2
    with pytest.raises(IntegrityError, match="question_weather_known"):
        QuestionFactory(weather="hail")
