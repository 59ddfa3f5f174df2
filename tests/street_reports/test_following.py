"""One open report of a fault, and everybody else who met it follows that one."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction

from stockport.db import violated_constraint
from stockport.outbox.models import Delivery
from street_reports.actions import AlreadyReported, Place, submit_report
from street_reports.following import OwnReport, follow_report
from street_reports.models import Follower, Report
from street_reports.progress import apply_update
from street_reports.service import service
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    FaultTypeFactory,
    FollowerFactory,
    PhotoFactory,
    ReportFactory,
)

RESIDENTS = 200
AT_ONCE = 40  # connections: the server that the tests use has others to serve
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def submit(resident, asset, **more):
    more.setdefault("description", "It is dark.")
    return submit_report(
        resident=resident,
        token=uuid.uuid4(),
        fault=FaultTypeFactory(),
        place=Place.of(asset),
        **more,
    )


def test_second_resident_follows_with_what_they_wrote(teams, resident, light):
    first = submit(ResidentFactory(), light)
    second = submit(resident, light, description="Since Monday.", wants_updates=True)
    assert second == first
    follower = Follower.objects.for_resident(resident).get()
    assert (follower.report, follower.information) == (first, "Since Monday.")
    assert follower.wants_updates


def test_second_resident_follows_with_what_they_answered(teams, resident, light):
    first = submit(ResidentFactory(), light)
    told = [{"question": "Since when?", "answer": "May", "attribute": ""}]
    submit(resident, light, description="Dark.", answers=told)
    follower = Follower.objects.for_resident(resident).get()
    assert follower.information == "Dark.\nSince when? May"
    assert follower.delivery.payload["description"].endswith(follower.information)
    long = [{"question": "q" * 150, "answer": "a" * 200, "attribute": ""}] * 5
    submit(ResidentFactory(), light, description="Very dark.", answers=long)
    assert first.followers.latest("pk").information.startswith("Very dark.\nqqq")


def test_what_a_follower_adds_is_sent_after_the_report_and_names_nobody(teams, resident, light):
    first = submit(ResidentFactory(), light)
    note = follow_report(resident=resident, report=first, information="Since Monday.").delivery
    assert (note.kind, note.depends_on) == ("note", first.delivery)
    assert note.payload == {"description": "From another resident: Since Monday."}
    assert note.reference == first.reference


def test_following_twice_is_following_once(teams, resident, light):
    first = submit(ResidentFactory(), light)
    one = follow_report(resident=resident, report=first, information="Since Monday.")
    assert follow_report(resident=resident, report=first, information="Again.") == one
    assert Delivery.objects.filter(kind="note").count() == 1


def test_nobody_who_adds_nothing_sends_anything(teams, resident, light):
    follower = follow_report(resident=resident, report=submit(ResidentFactory(), light))
    assert follower.delivery is None
    assert not Delivery.objects.filter(kind="note").exists()


def test_nobody_follows_their_own_report(teams, resident, light):
    mine = submit(resident, light)
    with pytest.raises(OwnReport):
        follow_report(resident=resident, report=mine)
    with pytest.raises(AlreadyReported):
        submit(resident, light)


def test_database_refuses_the_reporter_and_a_second_row(resident):
    mine = ReportFactory(resident=resident)
    with pytest.raises(IntegrityError) as own, transaction.atomic():
        FollowerFactory(report=mine, resident=resident)
    assert violated_constraint(own.value) == "street_reports_follower_is_another"
    follower = FollowerFactory(report=mine)
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        FollowerFactory(report=mine, resident=follower.resident)
    assert violated_constraint(twice.value) == "street_reports_follower_once"


def report_at_once(light):
    """Two hundred residents submit, forty of them at any time; what each of them gets."""
    people = ResidentFactory.create_batch(RESIDENTS)

    def run(person):
        try:
            return submit(person, light)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, people))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_hundred_reports_at_once_make_one_and_199_followers(teams, light):
    results = report_at_once(light)
    [report] = Report.objects.all()
    assert {result.pk for result in results} == {report.pk}
    assert report.followers.count() == RESIDENTS - 1
    assert Delivery.objects.filter(kind="street_report").count() == 1
    assert Delivery.objects.filter(kind="note").count() == RESIDENTS - 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_the_constraint_two_hundred_reports_are_two_hundred(teams, light):
    """The negative control: nothing but the index makes them one."""
    [constraint] = [c for c in Report._meta.constraints if c.name.endswith("one_open_report")]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Report, constraint)
    try:
        report_at_once(light)
        assert (Report.objects.count(), Follower.objects.count()) == (RESIDENTS, 0)
    finally:
        Report.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Report, constraint)


def test_news_reach_reporter_and_followers_who_want_them_one_by_one(db):
    report = ReportFactory(wants_updates=True)
    wants = FollowerFactory(report=report, wants_updates=True)
    FollowerFactory(report=report, wants_updates=False)
    apply_update(report=report, update_id="U1", status="planned", text="Friday.", updated_at=NOON)
    emails = Delivery.objects.filter(kind="email").order_by("pk")
    assert sorted(email.payload["to"] for email in emails) == sorted(
        [[report.resident.email], [wants.resident.email]]
    )
    for email in emails:
        others = {report.resident.email, wants.resident.email} - set(email.payload["to"])
        assert not any(other in str(email.payload) for other in others)


def test_follower_of_an_unlisted_place_gets_none_of_the_reporters_words(db):
    report = ReportFactory(asset=None, location="By my house at 12", postcode="SK3 8UD")
    FollowerFactory(report=report, wants_updates=True)
    apply_update(report=report, update_id="U1", status="planned", text="", updated_at=NOON)
    [email] = Delivery.objects.filter(kind="email")
    assert "my house" not in email.payload["body"]
    assert "Near SK3 8UD" in email.payload["body"]


@pytest.fixture
def followed(portal, resident):
    """A report that the signed-in resident follows."""
    portal.sign_in(resident)
    report = ReportFactory(description="Private words", location="By my house", asset=None)
    PhotoFactory(report=report, resident=report.resident)
    FollowerFactory(report=report, resident=resident, information="Since Monday.")
    return report


def test_follower_reads_what_happens_but_not_what_the_reporter_gave(portal, followed):
    page = portal.get(followed.get_absolute_url()).page
    text = page.text("main")
    assert "You follow this report" in text
    assert "Since Monday." in text
    assert "Waiting to be sent" in text
    for private in ("Private words", "my house", followed.resident.email):
        assert private not in page.html
    assert not page.select("main img")


def test_follower_finds_it_among_their_own(portal, followed):
    page = portal.get("/street-reports/").page
    assert "You follow this report" in page.text("main")
    assert followed.get_absolute_url() in page.html
    assert "my house" not in page.html


def test_follower_cannot_open_the_page_that_confirms_the_report(portal, followed):
    assert portal.get(f"{followed.get_absolute_url()}received/").status_code == 404


def test_reporter_does_not_learn_who_follows(portal, followed):
    portal.sign_in(followed.resident)
    page = portal.get(followed.get_absolute_url()).page
    assert "Since Monday." not in page.html


def test_somebody_who_does_not_follow_finds_nothing(portal, followed):
    portal.sign_in(ResidentFactory())
    assert portal.get(followed.get_absolute_url()).status_code == 404


def test_copy_of_the_data_has_what_is_followed_and_erasure_ends_it(teams, resident, light):
    first = submit(ResidentFactory(), light)
    note = follow_report(resident=resident, report=first, information="I live at 12").delivery
    [row] = dict(service.export(resident))["followed_reports"]
    assert (row["report__reference"], row["information"]) == (first.reference, "I live at 12")
    assert service.erase(resident).deleted == 1
    note.refresh_from_db()
    assert (note.state, note.resident, note.payload) == ("cancelled", None, {})
    assert not Follower.objects.exists()


def test_erasing_the_reporter_leaves_what_followers_added(teams, resident, light):
    mine = submit(resident, light)
    other = follow_report(resident=ResidentFactory(), report=mine, information="Since Monday.")
    service.erase(resident)
    other.delivery.refresh_from_db()
    assert (other.delivery.state, other.delivery.resident) == ("pending", other.resident)


def test_resident_meets_a_reported_fault_and_follows_it(form, light):
    other = ReportFactory(asset=light, description="Private words")
    form.fill(until="reported")
    form.post("reported", information="Since Monday.", updates="yes")
    page = form.portal.post(f"{form.base}check/", follow=True).page
    assert page.h1 == f"Report {other.reference}"
    assert "You follow this report" in page.text("main")
    assert other.followers.get().information == "Since Monday."
    assert Report.objects.get() == other


def test_form_to_follow_says_what_is_missing(form, light):
    ReportFactory(asset=light)
    form.fill(until="reported")
    page = form.post("reported", information="x" * 1001).page
    assert page.errors == [
        "What you add must be 1,000 characters or fewer",
        "Select yes if you want e-mails about what happens",
    ]


def test_who_reported_or_follows_it_is_led_to_it(form, light, resident):
    report = ReportFactory(asset=light)
    FollowerFactory(report=report, resident=resident)
    form.fill(until="fault")
    page = form.portal.post(f"{form.base}fault/", {"fault": "light-out"}, follow=True).page
    assert page.h1 == "You know about this report"
    assert page.select(f'a[href="{report.get_absolute_url()}"]')


@pytest.fixture
def unlisted(form):
    """The form at “where is it”, for a light that is not listed."""
    form.answer_to_choose = "not-listed"
    form.fill(until="place")
    return form


def report_at(latitude, **more):
    """An open report of another light, so far north of the equator."""
    return ReportFactory(latitude=latitude, longitude=-2.16, **more)


def test_open_reports_nearby_are_shown_with_their_distance(unlisted):
    near = report_at(53.401)
    report_at(53.4035)  # 390 metres
    report_at(53.401, status="fixed")
    page = unlisted.portal.post(
        f"{unlisted.base}place/", unlisted.ANSWERS["place"], follow=True
    ).page
    assert page.h1 == "Is it one of these?"
    values = [radio.get("value") for radio in page.select("input[type=radio]")]
    assert values == [str(near.public_id), "none"]
    assert "About 111 metres away" in page.text("main")


def test_at_most_five_are_shown_the_nearest_first(unlisted):
    reports = [report_at(53.4 + n / 5000) for n in (6, 5, 4, 3, 2, 1)]
    unlisted.post("place")
    page = unlisted.get("nearby").page
    values = [radio.get("value") for radio in page.select("input[type=radio]")]
    assert values == [*(str(r.public_id) for r in reversed(reports[1:])), "none"]


def test_report_nearby_is_followed(unlisted):
    near = report_at(53.401, asset=None, location="By my house")
    unlisted.post("place")
    assert "my house" not in unlisted.get("nearby").page.html
    unlisted.post("nearby", report=str(near.public_id))
    unlisted.post("reported", updates="no")
    unlisted.send()
    assert near.followers.count() == 1
    assert Report.objects.get() == near


def test_none_of_these_goes_on_to_a_report(unlisted):
    report_at(53.401)
    unlisted.post("place")
    assert unlisted.post("nearby", report="elsewhere").page.errors
    assert unlisted.post("nearby", report="none").url.endswith("/fault/")


def test_asset_in_a_programme_needs_no_report_and_the_page_says_what_to_do_in_danger(form, light):
    light.raise_new_job, light.programme_date = 2, "2026-12-01"
    light.save()
    form.fill(until="choose")
    text = form.get("choose").page.text("main")
    assert "No report is needed" in text
    assert "planned for 1 December 2026" in text
    assert "If one of them is dangerous" in text
    assert form.post("choose", asset=str(light.pk)).page.errors


def test_job_that_the_register_knows_is_shown_with_date_and_reference(form, light):
    light.raise_new_job, light.logged_date, light.ext_system_ref = 3, "2026-11-03", "8001234"
    light.save()
    form.fill(until="choose")
    text = form.get("choose").page.text("main")
    assert "already reported on 3 November 2026, the job’s reference is 8001234" in text
