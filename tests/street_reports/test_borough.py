"""`manage.py load_street_reports` makes a large borough to measure with."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stockport.outbox.models import Delivery
from street_reports.borough import assets, street_names
from street_reports.models import Asset, Report
from tests.factories.street_reports import AssetFactory


def load(**options):
    out = StringIO()
    call_command("load_street_reports", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_borough_has_as_many_lights_grids_and_reports_as_asked_for():
    assert "200 assets and 1,000 reports" in load(assets=200, reports=1000)
    assert Asset.objects.count() == 200
    assert Asset.objects.values("kind").distinct().count() == 2
    assert Report.objects.count() == Delivery.objects.filter(state="sent").count() == 1000
    assert 0 < Report.objects.open().count() < 10


@pytest.mark.django_db
def test_report_is_of_its_asset_and_went_to_the_team_of_its_kind():
    load(assets=200, reports=400)
    for report in Report.objects.in_full()[:50]:
        assert report.kind == report.asset.kind == report.fault.kind
        assert report.delivery.reference == report.reference
        assert report.reference[:2] == {"street_light": "SL", "grid": "GR"}[report.kind]


def test_borough_is_the_same_every_time_and_every_street_has_its_own_name():
    assert list(assets(500)) == list(assets(500))
    names = street_names()
    assert len(set(names)) == len(names) == 4000
    assert names[0] == "Ashfield Road"


@pytest.mark.django_db
def test_borough_never_comes_upon_what_is_there():
    AssetFactory()
    with pytest.raises(CommandError, match="use an empty database"):
        load(assets=10, reports=10)
    assert Asset.objects.count() == 1


@pytest.mark.django_db
def test_borough_is_refused_in_production(settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="never for a council's own database"):
        load(assets=10, reports=10)
    assert not Asset.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("numbers", [{"assets": 0}, {"reports": -1}])
def test_numbers_that_make_no_borough_are_refused(numbers):
    with pytest.raises(CommandError):
        load(**({"assets": 10, "reports": 10} | numbers))
