"""Each fault has questions of its own, as data: staff edit them at any time, nothing is lost."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from stockport.demo.backoffice import strict
from stockport.demo.backoffice.catalogue import SERVICES
from stockport.outbox.connectors import georeport
from stockport.outbox.models import Delivery
from street_reports.forms.questions import name_of
from street_reports.models import Choice, FaultType, Kind, Question, Report
from street_reports.service import service
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory, QuestionFactory, ReportFactory

SEVERAL = "Is it just this light, or several?"
CONTACT_US = "Contact us now, do not report this online"


def question(text, kind=Kind.STREET_LIGHT):
    return Question.objects.get(text=text, kind=kind)


def name(question):
    """The field's name."""
    return name_of({"id": question.pk, "choices": list(question.choices.values())})


def choose(question, text):
    """The answer to a question, as a browser sends it."""
    return {name(question): str(question.choices.get(text=text).pk)}


def to_check(form, **answers):
    """From the questions to the check page; its text."""
    form.post("details", **answers, description="By the gate.")
    form.post("photo")
    form.post("updates")
    return form.get("check", follow=True).page.text(".govuk-summary-list")


@pytest.fixture
def own(form):
    """Only one question about lights, in words, and one with choices."""
    Question.objects.all().delete()
    return QuestionFactory(text="Which way?", choices=["Up", "Down"]), QuestionFactory(text="Who?")


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


def test_questions_of_the_fault_are_on_one_page_after_it(form):
    form.fill(until="details")
    page = form.get("details").page
    assert page.h1 == "A few more questions"
    legends = [legend.text.strip() for legend in page.select("legend")]
    assert legends == [f"{SEVERAL} (optional)", "Since when? (optional)"]
    assert page.select("textarea[name=description]")


def test_fault_without_questions_asks_for_the_description_alone(form):
    form.fill(until="fault")
    form.post("fault", fault="light-plate")
    page = form.get("details").page
    assert page.h1 == "Is there anything else that helps us? (optional)"
    assert not page.select("input[type=radio]")


def test_answers_are_shown_kept_and_sent_in_words(form, resident):
    form.fill(until="details")
    since = question("Since when?")
    text = to_check(form, **choose(since, "A few days ago"), **choose(question(SEVERAL), "Several"))
    assert f"{SEVERAL} Several" in text
    assert "Since when? A few days ago" in text
    form.send()
    report = Report.objects.get()
    assert report.answers == [
        {"question": SEVERAL, "answer": "Several", "attribute": "one_or_several"},
        {"question": "Since when?", "answer": "A few days ago", "attribute": "since"},
    ]
    payload = report.delivery.payload
    assert payload["description"] == (
        f"It is not working.\n{SEVERAL} Several\nSince when? A few days ago\nBy the gate."
    )
    assert payload["attributes"]["since"] == "A few days ago"
    page = form.portal.get(report.get_absolute_url()).page
    assert "Since when? A few days ago" in page.text(".govuk-summary-list")
    [copy] = Delivery.objects.filter(destination__slug="email")
    assert "Since when? A few days ago\nWhat you told us: By the gate." in copy.payload["body"]


def test_later_edits_of_a_question_change_nothing_that_was_said(form):
    form.fill(until="details")
    to_check(form, **choose(question(SEVERAL), "Several"))
    form.send()
    Choice.objects.filter(text="Several").update(text="All")
    Question.objects.filter(text=SEVERAL).update(text="Is it all?")
    page = form.portal.get(Report.objects.get().get_absolute_url()).page
    assert f"{SEVERAL} Several" in page.text(".govuk-summary-list")


def test_optional_questions_can_be_left_out(form):
    form.fill(until="details")
    assert "Since when? Not given" in to_check(form)
    form.send()
    report = Report.objects.get()
    assert report.answers == []
    assert report.delivery.payload["description"] == "It is not working. By the gate."


def test_grid_is_asked_about_the_rain_and_where_it_is(form):
    form.post("kind", kind="grid")
    for step in ("danger", "whose"):
        form.post(step)
    form.post("find", q="Ashfield Road")
    form.post("choose", asset=str(AssetFactory(grid=True).pk))
    form.post("fault", fault="grid-water")
    where = question("Which side of the road is it on, or outside which number?", Kind.GRID)
    rain = question("Has it rained heavily within the last 2 hours?", Kind.GRID)
    text = to_check(form, **choose(rain, "No"), **{name(where): "  Outside number 68 "})
    assert f"{where} Outside number 68" in text
    form.send()
    [_, answer] = Report.objects.get().answers
    assert answer == {"question": where.text, "answer": "Outside number 68", "attribute": ""}


def dangerous(form):
    """At the questions about a grid, where one answer is a danger; that answer."""
    form.ANSWERS = {**form.ANSWERS, "kind": {"kind": "grid"}, "fault": {"fault": "grid-blocked"}}
    form.answer_to_choose = str(AssetFactory(grid=True, feature_id="").pk)
    form.ANSWERS["find"] = {"q": "Ashfield Road"}
    form.fill(until="details")
    blocked = question("Is the road or the pavement blocked?", Kind.GRID)
    return choose(blocked, blocked.choices.get(is_dangerous=True).text)


def test_dangerous_answer_ends_the_form_with_the_councils_number(form, settings):
    settings.EMERGENCY_PHONE = "0161 000 0000"
    answer = form.post("details", **dangerous(form), description="Quick!")
    assert answer.url.endswith("/contact-us-now/")
    page = form.portal.get(answer.url).page
    assert page.h1 == CONTACT_US
    assert "0161 000 0000" in page.text("main")
    assert not page.select("main form")


@pytest.mark.parametrize("step", ["photo", "updates", "check"])
def test_dangerous_answer_stops_also_who_opens_a_later_page(form, step):
    danger = dangerous(form)
    for later in ("details", "photo", "updates"):
        form.post(later)
    form.post("details", **danger)
    assert form.get(step, follow=True).page.h1 == CONTACT_US
    form.post("updates")
    form.send()
    assert not Report.objects.exists()


def test_dangerous_answer_can_be_taken_back_and_the_rest_is_still_there(form):
    form.post("details", **dangerous(form), description="Quick!")
    page = form.get("details").page
    assert page.text("textarea") == "Quick!"
    blocked = question("Is the road or the pavement blocked?", Kind.GRID)
    assert form.post("details", **choose(blocked, "No")).url.endswith("/photo/")


def test_question_switched_off_before_sending_keeps_its_answer(form, own):
    way, _ = own
    form.fill(until="details")
    to_check(form, **choose(way, "Up"))
    Question.objects.update(is_active=False)
    assert "Which way? Up" in form.get("check").page.text(".govuk-summary-list")
    form.send()
    assert [answer["answer"] for answer in Report.objects.get().answers] == ["Up"]


def test_question_switched_off_while_its_page_is_open_keeps_its_answer(form, own):
    way, _ = own
    form.fill(until="details")
    form.get("details")
    Question.objects.update(is_active=False)
    text = to_check(form, **choose(way, "Down"))
    assert "Which way? Down" in text
    assert "Who?" not in text


def test_question_switched_on_before_sending_is_asked_and_nothing_typed_is_lost(form, own):
    form.fill(until="details")
    to_check(form, **choose(own[0], "Up"))
    QuestionFactory(text="Is it new?", is_required=True, choices=["Yes", "No"])
    assert form.send().url.endswith("/details/?change=1")
    page = form.get("details").page
    assert page.errors == ["Select an answer to “Is it new?”"]
    assert page.text("textarea") == "By the gate."
    assert page.select("input[checked]")
    form.send()
    assert not Report.objects.exists()


def test_change_of_the_fault_keeps_the_answers_that_it_shares(form):
    form.fill(until="details")
    since = question("Since when?")
    to_check(form, **choose(since, "A few days ago"), **choose(question(SEVERAL), "Several"))
    form.post("fault", fault="light-damaged")
    text = form.get("check").page.text(".govuk-summary-list")
    assert "Since when? A few days ago" in text
    assert SEVERAL not in text


def test_choice_that_staff_removed_must_be_made_again(form, own):
    way, _ = own
    form.fill(until="details")
    to_check(form, **choose(way, "Up"))
    way.choices.get(text="Up").delete()
    assert form.get("check", follow=True).page.errors == ["Select an answer to “Which way?”"]
    way.choices.all().delete()  # now it is answered in words, and the number of a choice is none
    assert "Which way? Not given" in form.get("check").page.text(".govuk-summary-list")


def test_choice_of_another_question_is_refused(form):
    form.fill(until="details")
    [other] = choose(question("Since when?"), "A few days ago").values()
    page = form.post("details", **{name(question(SEVERAL)): other}, description="x").page
    assert page.errors == [f"Select an answer to “{SEVERAL}”"]
    assert page.text("textarea") == "x"


def test_answer_to_a_question_about_another_fault_is_dropped(form):
    form.fill(until="details")
    foreign = question("Has it rained heavily within the last 2 hours?", Kind.GRID)
    to_check(form, **choose(foreign, "Yes"))
    assert foreign.text not in form.get("check").page.html
    assert name(foreign) not in str(dict(form.portal.session.items()))


def test_answer_in_words_may_have_200_characters(form, own):
    form.fill(until="details")
    page = form.post("details", **{name(own[1]): "a" * 201}).page
    assert page.errors == ["Your answer to “Who?” must be 200 characters or fewer"]
    assert page.select(f"input[name={name(own[1])}]")[0].get("value") == "a" * 201
    to_check(form, **{name(own[1]): "é" * 200})
    form.send()
    assert Report.objects.get().answers[0]["answer"] == "é" * 200


def test_answers_and_questions_cannot_write_html_into_a_page(form, own):
    QuestionFactory(text="<b>Bold?</b>", hint="<i>hint</i>", choices=["<u>yes</u>"])
    form.fill(until="details")
    assert not form.get("details").page.select("main b, main i, main u")
    to_check(form, **{name(own[1]): "<b>me</b>"})
    assert not form.get("check").page.select("main b")
    form.send()
    report = Report.objects.get()
    assert not form.portal.get(report.get_absolute_url()).page.select("main b")


def test_who_follows_a_report_does_not_read_its_answers(form, light):
    told = [{"question": "Who?", "answer": "Ada Shaw", "attribute": ""}]
    report = ReportFactory(asset=light, answers=told)
    form.fill(until="fault")
    form.post("fault")
    assert "Ada Shaw" not in form.get("reported").page.html
    form.post("reported", information="", updates="no")
    assert "Ada Shaw" not in form.portal.get(form.send().url).page.html
    assert report.followers.count() == 1


def test_copy_of_a_residents_data_has_the_answers_and_erasure_removes_them(form, resident, own):
    form.fill(until="details")
    to_check(form, **{name(own[1]): "Ada Shaw"})
    form.send()
    copy = json.dumps(dict(service.export(resident)), cls=DjangoJSONEncoder)
    assert '"answer": "Ada Shaw"' in copy
    service.erase(resident)
    report = Report.objects.get()
    assert report.answers == []
    assert report.delivery.payload["description"] == "It is not working."


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind)
def test_strict_back_office_takes_the_attribute_of_every_question(kind):
    asked = FaultType.objects.offered(kind).annotate(asked=Question.objects.of_each_fault())
    for fault in asked:
        attributes = {each["attribute"]: "Yes" for each in fault.asked if each["attribute"]}
        payload = {"service_code": fault.code, "address_string": "x", "attributes": attributes}
        form = georeport.fields(payload, "SL-1")
        report = strict.check({key: [str(value)] for key, value in form.items()})
        assert report.attributes.keys() - {"report_reference"} == attributes.keys()


def test_strict_back_office_refuses_an_attribute_of_another_service():
    form = {
        "service_code": ["light-out"],
        "address_string": ["x"],
        "attribute[report_reference]": ["SL-1"],
        "attribute[rained]": ["Yes"],
    }
    with pytest.raises(strict.Refused, match="rained"):
        strict.check(form)
    assert "rained" in {each.code for each in SERVICES["grid-water"].attributes}


def test_page_of_questions_asks_once_for_any_number(form, own, django_assert_num_queries):
    form.fill(until="details")
    for _ in range(20):
        QuestionFactory(choices=["Yes", "No"])
    with django_assert_num_queries(5):  # session, resident, draft, asset, fault with its questions
        form.get("details")


def test_staff_see_the_answers_of_a_report(staff):
    told = [{"question": "Which <way>?", "answer": "Up & down", "attribute": ""}]
    report = ReportFactory(answers=told)
    page = staff.get(f"/admin/street_reports/report/{report.pk}/change/").content.decode()
    assert "Which &lt;way&gt;? Up &amp; down" in page


def test_staff_write_a_question_with_its_answers(staff):
    out = FaultType.objects.get(code="light-out")
    data = {
        "kind": "street_light",
        "text": "Does it hang?",
        "faults": [out.pk],
        "weather": "always",
        "position": 3,
        "is_active": "on",
        "choices-TOTAL_FORMS": 2,
        "choices-INITIAL_FORMS": 0,
        "choices-0-text": "Yes",
        "choices-0-is_dangerous": "on",
        "choices-0-position": 1,
        "choices-1-text": "No",
        "choices-1-position": 2,
    }
    assert staff.post("/admin/street_reports/question/add/", data).status_code == 302
    new = Question.objects.get(text="Does it hang?")
    assert list(new.faults.all()) == [out]
    assert list(new.choices.order_by("position").values_list("text", "is_dangerous")) == [
        ("Yes", True),
        ("No", False),
    ]
    assert "Does it hang?" in staff.get("/admin/street_reports/question/?q=hang").content.decode()
    page = staff.post("/admin/street_reports/question/add/", data | {"kind": "grid"})
    assert "Choose only faults of the kind" in page.content.decode()


def test_list_of_questions_takes_the_same_queries_for_any_number(
    staff, django_assert_max_num_queries
):
    QuestionFactory.create_batch(20)
    with django_assert_max_num_queries(8):
        staff.get("/admin/street_reports/question/")


def test_residents_and_strangers_cannot_change_questions(portal):
    assert portal.get("/admin/street_reports/question/").status_code == 302
    portal.sign_in(ResidentFactory())
    assert portal.get("/admin/street_reports/question/add/").status_code in (302, 403, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "bench", "text": "x"}, "question_kind_known"),
        ({"text": ""}, "question_has_text"),
        ({"text": "Since when?"}, "question_text_unique"),
        ({"attribute": "report reference]"}, "question_attribute_plain"),
    ],
)
def test_database_refuses_a_question_that_makes_no_sense(fields, name):
    with pytest.raises(IntegrityError, match=name):
        QuestionFactory(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choices", "name"), [([""], "choice_has_text"), (["Yes", "Yes"], "choice_text_unique")]
)
def test_database_refuses_an_answer_that_makes_no_sense(choices, name):
    with pytest.raises(IntegrityError, match=name):
        QuestionFactory(choices=choices)


@pytest.mark.django_db
def test_database_refuses_a_question_about_a_fault_of_another_kind():
    grid = FaultType.objects.get(code="grid-smell")
    about = QuestionFactory()
    refused = pytest.raises(IntegrityError, match="question_fault_of_its_kind")
    with refused, transaction.atomic():
        about.faults.add(grid)
    about.faults.add(FaultType.objects.get(code="light-out"))
    for row in (about, FaultType.objects.get(code="light-out")):
        with refused, transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(kind=Kind.GRID)


WHOLE = {"question": "Who?", "answer": "Me", "attribute": ""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [
        {},
        WHOLE,
        "words",
        ["words"],
        [[WHOLE]],
        [{}],
        [WHOLE, {**WHOLE, "answer": ""}],
        [{**WHOLE, "answer": "a" * 201}],
        [{**WHOLE, "answer": 7}],
        [{**WHOLE, "question": "a" * 151}],
        [{**WHOLE, "question": None}],
        [{**WHOLE, "attribute": "api_key]"}],
        [{"question": "Who?", "answer": "Me"}],
    ],
    ids=str,
)
def test_database_refuses_answers_that_are_not_whole(answers):
    with pytest.raises(IntegrityError, match="report_answers_whole"):
        ReportFactory(answers=answers)


@pytest.mark.django_db
def test_database_takes_answers_that_are_whole():
    ReportFactory(answers=[WHOLE, {**WHOLE, "answer": "two\nlines", "attribute": "since"}])
