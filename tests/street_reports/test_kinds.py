"""Lit signs and lit bollards are reported, found and sent like street lights."""

import pytest
from django.db import IntegrityError

from stockport.demo.backoffice.catalogue import SERVICES
from street_reports.models import FaultType, Kind, Report
from street_reports.rules import TEAMS, read_search
from street_reports.search import find_assets
from tests.factories.street_reports import AssetFactory, FaultTypeFactory

POSTS = [
    (Kind.LIT_SIGN, "Lit sign 012", "sign-out", "LS-"),
    (Kind.LIT_BOLLARD, "Lit bollard 012", "bollard-out", "LB-"),
]


@pytest.mark.parametrize(("kind", "name", "fault", "prefix"), POSTS)
def test_resident_reports_a_lit_post(form, kind, name, fault, prefix):
    post = AssetFactory(kind=kind, feature_id="012")
    form.ANSWERS = {
        **form.ANSWERS,
        "kind": {"kind": kind},
        "find": {"q": "12 ashfield road"},
        "fault": {"fault": fault},
    }
    form.answer_to_choose = str(post.pk)
    form.fill(until="choose")
    page = form.get("choose").page
    assert page.h1 == f"Which {Kind(kind).noun} is it?"
    assert f"1. {name}, " in page.text(".govuk-radios")
    form.fill()
    form.send()
    report = Report.objects.get()
    assert (report.asset, report.kind) == (post, kind)
    assert report.reference.startswith(prefix)
    assert report.delivery.destination.slug == "street-lighting"
    assert report.delivery.payload["attributes"]["feature_id"] == "012"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Kind.LIT_SIGN, Kind.LIT_BOLLARD])
def test_lit_post_is_found_by_its_number_among_its_own_kind(kind):
    AssetFactory(feature_id="012")
    AssetFactory(kind=kind, feature_id="013")
    post = AssetFactory(kind=kind, feature_id="B 012")
    typed = read_search(f"{Kind(kind).noun} 12 Ashfield Rd")
    assert [match.asset for match in find_assets(kind, typed).matches] == [post]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_faults_that_the_demo_back_office_knows_and_a_team(kind):
    offered = [fault.code for fault in FaultType.objects.offered(kind)]
    assert 5 <= len(offered) <= len(set(offered))
    assert set(offered) <= set(SERVICES)
    assert kind in TEAMS


def test_every_kind_has_references_of_its_own():
    assert len({team.prefix for team in TEAMS.values()}) == len(Kind)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [AssetFactory, FaultTypeFactory])
def test_database_refuses_an_unknown_kind(make):
    with pytest.raises(IntegrityError, match="kind_known"):
        make(kind="bench", **({"code": "bench-out"} if make is FaultTypeFactory else {}))
