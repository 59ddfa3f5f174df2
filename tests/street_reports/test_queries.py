"""How often each page asks the database, with one row and with twenty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from street_reports.acting import act
from street_reports.models import Act, Report
from tests.factories.street_reports import (
    DraftFactory,
    FollowerFactory,
    PhotoFactory,
    ReportFactory,
    UpdateFactory,
)

each_number = pytest.mark.parametrize("number", [1, 20])


@each_number
def test_list_of_reports(signed_in, resident, number, django_assert_num_queries):
    ReportFactory.create_batch(number, resident=resident)
    with django_assert_num_queries(6):  # session, resident, reports twice, drafts, storm
        signed_in.get("/street-reports/")


@each_number
def test_list_of_what_was_begun(signed_in, resident, light, number, django_assert_num_queries):
    chosen = {"kind": "kind=street_light", "choose": f"asset={light.pk}"}
    DraftFactory.create_batch(number, resident=resident, answers=chosen)
    with django_assert_num_queries(6):  # session, resident, reports, drafts, assets, storm
        signed_in.get("/street-reports/")


@each_number
def test_report(signed_in, resident, number, django_assert_num_queries):
    report = ReportFactory(resident=resident)
    UpdateFactory.create_batch(number, report=report)
    PhotoFactory.create_batch(min(number, 3), report=report, resident=resident)
    with django_assert_num_queries(8):  # session, resident, report, followers, tries, … , photos
        signed_in.get(report.get_absolute_url())


@each_number
def test_report_that_is_fixed(signed_in, resident, number, django_assert_num_queries):
    """As above; a follower's page asks in addition what they follow."""
    own = ReportFactory(resident=resident, status="fixed", fixed_at=timezone.now())
    followed = ReportFactory(status="fixed", fixed_at=timezone.now())
    FollowerFactory(report=followed, resident=resident)
    for report, queries in ((own, 7), (followed, 8)):
        for follower in FollowerFactory.create_batch(number, report=report):
            act(report=report, resident=follower.resident, kind=Act.Kind.CONFIRM)
        with django_assert_num_queries(queries):
            signed_in.get(report.get_absolute_url())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("photos", "queries"), [(0, 11), (1, 12), (3, 12)])
@pytest.mark.parametrize("fault", ["light-out", "light-several-out"])
def test_sending_a_report(form, resident, settings, photos, queries, fault):
    """Session, resident, draft, asset, fault; destinations, report, the draft again, photos,
    deliveries; a commit. Which photos there are is asked only where there are some."""
    settings.DUTY_EMAILS = ["duty@example.org"]
    form.fill(until="fault")
    form.post("fault", fault=fault)
    form.post("details")
    PhotoFactory.create_batch(photos, resident=resident, form_token=form.key)
    form.post("photo")
    form.post("updates")
    with CaptureQueriesContext(connection) as captured:
        form.send()
    report = Report.objects.get()
    assert report.delivery.followers.count() == photos
    assert bool(report.duty_email) == (fault == "light-several-out")
    asked = [query["sql"] for query in captured if query["sql"] != "BEGIN"]
    assert len(asked) == queries, "\n".join(asked)


@pytest.mark.parametrize("photos", [0, 3])
def test_page_of_photos(form, resident, photos, django_assert_num_queries):
    form.fill(until="photo")
    PhotoFactory.create_batch(photos, resident=resident, form_token=form.key)
    with django_assert_num_queries(6):  # session, resident, draft, asset, fault, photos
        form.get("photo")
