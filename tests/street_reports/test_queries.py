"""How often each page asks the database, with one row and with twenty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from street_reports.models import Report
from tests.factories.street_reports import PhotoFactory, ReportFactory, UpdateFactory

each_number = pytest.mark.parametrize("number", [1, 20])


@pytest.fixture
def signed_in(portal, resident):
    portal.sign_in(resident)
    return portal


@each_number
def test_list_of_reports(signed_in, resident, number, django_assert_num_queries):
    ReportFactory.create_batch(number, resident=resident)
    with django_assert_num_queries(4):  # session, resident, number of reports, reports
        signed_in.get("/street-reports/")


@each_number
def test_report(signed_in, resident, number, django_assert_num_queries):
    report = ReportFactory(resident=resident)
    UpdateFactory.create_batch(number, report=report)
    PhotoFactory.create_batch(number, report=report, resident=resident)
    with django_assert_num_queries(6):  # session, resident, report, tries, updates, photos
        signed_in.get(report.get_absolute_url())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("photos", "queries"), [(0, 12), (1, 15)])
def test_sending_a_report(form, resident, photos, queries):
    """Session, resident, asset, fault; team, delivery, report; destination and delivery of the
    e-mail; the session again. A photo is looked up, becomes the report's and has a delivery."""
    form.fill(until="photo")
    photo = PhotoFactory(resident=resident)
    form.post("photo", kept=str(photo.public_id) if photos else "")
    form.post("updates")
    with CaptureQueriesContext(connection) as captured:
        form.send()
    assert Report.objects.count() == 1
    asked = [query["sql"] for query in captured if query["sql"] != "BEGIN"]
    assert len(asked) <= queries, "\n".join(asked)
