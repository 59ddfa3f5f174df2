"""A report and all that leaves the portal because of it, written together and once."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from stockport.outbox.models import Delivery, Destination
from street_reports.actions import Place, submit_report
from street_reports.models import Report
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory, FaultTypeFactory

RACERS = 24


def submit(resident, asset=None, token=None, **more):
    place = Place.of(asset) if asset else Place("By the bus stop")
    return submit_report(
        resident=resident,
        token=token or uuid.uuid4(),
        fault=FaultTypeFactory(),
        place=place,
        **more,
    )


def test_report_goes_to_its_team_without_saying_who_made_it(teams, resident, light):
    report = submit(resident, light, description="Dark.")
    payload = report.delivery.payload
    assert report.delivery.destination.slug == "street-lighting"
    assert payload["service_code"] == "light-out"
    assert payload["attributes"]["central_asset_id"] == light.central_asset_id
    assert payload["attributes"]["feature_id"] == "014"
    assert (payload["lat"], payload["long"]) == (light.latitude, light.longitude)
    assert payload["description"] == "It is not working. Dark."
    assert resident.email not in str(payload)


def test_report_of_what_is_not_listed_goes_by_words(teams, resident):
    payload = submit(resident).delivery.payload
    assert payload["address_string"] == "By the bus stop"
    assert (payload["lat"], payload["attributes"]) == (None, {})


def test_resident_gets_a_copy_by_email(teams, resident, light):
    report = submit(resident, light, description="Dark.", wants_updates=True)
    email = Delivery.objects.get(kind="email")
    assert email.payload["to"] == [resident.email]
    assert report.reference in email.payload["subject"]
    for words in (report.location, "Dark.", "street lighting team", report.get_absolute_url()):
        assert words in email.payload["body"]
    assert "We will e-mail you" in email.payload["body"]


def test_nothing_is_written_where_a_team_is_missing(teams, resident, light):
    Destination.objects.get(slug="street-lighting").delete()
    with pytest.raises(Destination.DoesNotExist):
        submit(resident, light)
    assert not Report.objects.exists()
    assert not Delivery.objects.exists()


def test_second_report_of_the_same_fault_leaves_nothing_behind(teams, resident, light):
    first = submit(resident, light)
    assert submit(ResidentFactory(), light) == first
    assert Report.objects.count() == 1
    assert Delivery.objects.count() == 2


def test_form_of_one_resident_says_nothing_to_another(teams, resident):
    token = uuid.uuid4()
    first = submit(resident, token=token)
    assert submit(resident, token=token) == first
    assert submit(ResidentFactory(), token=token) != first


def race(work, people):
    """What each of them gets when all start at once."""

    def run(person):
        try:
            return work(person)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_who_report_one_light_at_once_one_does(teams, light):
    people = ResidentFactory.create_batch(RACERS)
    results = race(lambda person: submit(person, light), people)
    assert len({report.pk for report in results}) == 1
    assert Report.objects.count() == 1
    assert Delivery.objects.filter(kind="street_report").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_race_is_won_by_the_constraint_and_nothing_else(teams, light):
    """The negative control: without the index, every one of them makes a report."""
    people = ResidentFactory.create_batch(RACERS)
    [constraint] = [c for c in Report._meta.constraints if c.name.endswith("one_open_report")]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Report, constraint)
    try:
        race(lambda person: submit(person, light), people)
        assert Report.objects.count() == RACERS
    finally:
        Report.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Report, constraint)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_form_sent_many_times_at_once_makes_one_report(teams, light, resident):
    token = uuid.uuid4()
    results = race(lambda _: submit(resident, light, token=token), [None] * RACERS)
    assert {report.pk for report in results} == {Report.objects.get().pk}
    assert Delivery.objects.count() == 2


def test_asset_stands_where_the_report_says(db):
    asset = AssetFactory(feature_id="7", location_description="Opposite number 3, Ashfield Road")
    assert Place.of(asset).words == "Street light 7, opposite number 3, Ashfield Road, SK3 8UD"
