"""Every constraint of the street reports is broken once, and the searches find what they say."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from street_reports.models import Asset, FaultType, Kind
from street_reports.rules import Point, read_search
from street_reports.workflow import Status
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    AssetFactory,
    FaultTypeFactory,
    PhotoFactory,
    ReportFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


def refused_by(constraint, make, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**fields)


def test_register_has_each_asset_once_per_kind():
    light = AssetFactory()
    AssetFactory(grid=True, central_asset_id=light.central_asset_id)
    refused_by("asset_id_unique", AssetFactory, central_asset_id=light.central_asset_id)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("asset_kind_known", {"kind": "bench"}),
        ("asset_new_job_known", {"raise_new_job": 4}),
        ("asset_in_britain", {"latitude": 0.0, "longitude": 0.0}),
    ],
)
def test_asset_that_makes_no_sense_is_refused(constraint, fields):
    refused_by(constraint, AssetFactory, **fields)


def test_fault_is_named_once_per_kind():
    fault = FaultTypeFactory()
    refused_by("faulttype_name_unique", FaultTypeFactory, code="again", name=fault.name)


def test_asset_has_one_open_report_per_fault():
    first = ReportFactory()
    refused_by("one_open_report", ReportFactory, asset=first.asset)
    flickering = FaultType.objects.get(code="light-flickering")
    ReportFactory(asset=first.asset, fault=flickering)
    first.move_to(Status.FIXED)
    ReportFactory(asset=first.asset)


def test_lights_that_are_not_listed_can_be_reported_side_by_side():
    ReportFactory(asset=None)
    ReportFactory(asset=None)


def test_form_makes_one_report_and_residents_cannot_take_each_others():
    token = uuid.uuid4()
    report = ReportFactory(form_token=token)
    refused_by("report_form_sent_once", ReportFactory, resident=report.resident, form_token=token)
    ReportFactory(form_token=token, resident=ResidentFactory())


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("report_status_known", {"status": "lost"}),
        ("report_has_a_place", {"location": ""}),
        ("report_point_whole", {"latitude": 53.4}),
    ],
)
def test_report_that_makes_no_sense_is_refused(constraint, fields):
    refused_by(constraint, ReportFactory, **fields)


def test_update_of_the_back_office_is_recorded_once_per_report():
    first = UpdateFactory()
    refused_by(
        "update_recorded_once", UpdateFactory, report=first.report, update_id=first.update_id
    )
    UpdateFactory(update_id=first.update_id)


def test_photo_has_a_file():
    refused_by("photo_has_a_file", PhotoFactory, file="")


@pytest.mark.parametrize("position", [0, 4])
def test_photo_is_one_of_three(position):
    refused_by("photo_position_known", PhotoFactory, position=position)


def test_form_has_one_photo_at_each_position():
    first = PhotoFactory(position=2)
    of_form = {"resident": first.resident, "form_token": first.form_token}
    refused_by("photo_position_of_form", PhotoFactory, position=2, **of_form)
    PhotoFactory(position=3, **of_form)
    PhotoFactory(position=2, form_token=first.form_token)  # somebody else's


def test_report_has_one_photo_at_each_position():
    first = PhotoFactory(report=ReportFactory(), position=2)
    refused_by("photo_position_of_report", PhotoFactory, report=first.report, position=2)


def test_form_has_each_photo_once():
    first = PhotoFactory(position=1)
    of_form = {"resident": first.resident, "form_token": first.form_token}
    refused_by("photo_once_per_form", PhotoFactory, position=2, digest=first.digest, **of_form)


def test_each_kind_offers_its_own_faults_and_only_those_in_use():
    FaultType.objects.filter(code="grid-smell").update(is_active=False)
    offered = list(FaultType.objects.offered(Kind.GRID).values_list("code", flat=True))
    assert offered[0] == "grid-blocked"
    assert "grid-smell" not in offered
    assert not any(code.startswith("light") for code in offered)


@pytest.mark.parametrize("plate", ["14", "014", "LC 014", "lc014", "0014"])
def test_database_reads_plates_as_people_do(plate):
    asset = AssetFactory(feature_id=plate)
    assert Asset.objects.get(plate_number="14") == asset


@pytest.mark.parametrize(
    ("street", "typed"),
    [
        ("Ashfield Road", "ashfield rd"),
        ("Ashfield Road", "ASHFIELD"),
        ("Ashfield Road", "ashf"),
        ("Ashfield Rd", "Ashfield Road"),
        ("St Mary's Way", "saint marys way"),
        ("St. Mary’s Way", "st mary's"),
        ("Bramhall-Moor Lane", "bramhall moor ln"),
    ],
)
def test_street_is_found_as_people_write_it(street, typed):
    asset = AssetFactory(street=street)
    AssetFactory(street="Buxton Crescent")
    assert list(Asset.objects.on_street(read_search(typed).words)) == [asset]


def test_nearest_asset_comes_first_and_far_ones_not_at_all():
    far = AssetFactory(latitude=53.42)
    near = AssetFactory(latitude=53.4001)
    nearest = AssetFactory(latitude=53.4000, longitude=-2.1601)
    here = Point(53.4, -2.16)
    found = list(Asset.objects.near(here, metres=400).nearest_first(here))
    assert found == [nearest, near]
    assert far not in found


def test_postcode_without_assets_has_no_centre():
    AssetFactory(latitude=53.4, longitude=-2.1)
    AssetFactory(latitude=53.5, longitude=-2.2)
    middle = Asset.objects.centre("SK3 8UD")
    assert middle is not None
    assert middle.metres_to(Point(53.45, -2.15)) <= 1
    assert Asset.objects.centre("SK1 1AA") is None
