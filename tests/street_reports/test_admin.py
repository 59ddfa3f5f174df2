"""What staff find and may change."""

import pytest

from street_reports.models import FaultType
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory, PhotoFactory, ReportFactory, UpdateFactory


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


@pytest.mark.parametrize("query", ["014", "14", "ashfield", "SK3 8", "A-77"])
def test_staff_find_an_asset_by_what_they_know(staff, query):
    AssetFactory(feature_id="014", central_asset_id="A-77")
    AssetFactory(street="Buxton Road", postcode="SK2 6LS", feature_id="9", central_asset_id="B-1")
    page = staff.get(f"/admin/street_reports/asset/?q={query}")
    assert b"A-77" in page.content
    assert b"B-1" not in page.content


def test_staff_see_a_report_with_its_delivery_news_and_photos(staff):
    report = UpdateFactory(text="We come on Friday.").report
    photo = PhotoFactory(report=report)
    page = staff.get(f"/admin/street_reports/report/{report.pk}/change/").content.decode()
    assert f"/admin/outbox/delivery/{report.delivery_id}/change/" in page
    assert "We come on Friday." in page
    assert photo.get_absolute_url() in page


@pytest.mark.parametrize("make", [AssetFactory, ReportFactory, PhotoFactory])
def test_staff_only_look_at_what_others_own(staff, make):
    row = make()
    address = f"/admin/street_reports/{row._meta.model_name}/{row.pk}/"
    assert staff.get(f"{address}change/").status_code == 200
    assert staff.post(f"{address}change/").status_code == 403
    assert staff.post(f"{address}delete/").status_code == 403


def test_staff_switch_a_fault_off(staff):
    fault = FaultType.objects.get(code="grid-smell")
    data = {"kind": fault.kind, "code": fault.code, "name": "It smells bad", "position": 3}
    staff.post(f"/admin/street_reports/faulttype/{fault.pk}/change/", data)
    fault.refresh_from_db()
    assert (fault.name, fault.is_active) == ("It smells bad", False)


@pytest.mark.parametrize("name", ["asset", "faulttype", "report", "photo"])
@pytest.mark.parametrize("number", [1, 20])
def test_lists_take_the_same_queries_for_any_number_of_rows(
    staff, name, number, django_assert_max_num_queries
):
    for _ in range(number):
        PhotoFactory(report=ReportFactory())
    with django_assert_max_num_queries(9):
        assert staff.get(f"/admin/street_reports/{name}/").status_code == 200
