"""What is not the council's is sent to its owner, with a name, a reason and a way to reach them."""

import pytest
from django.db import IntegrityError

from street_reports.models import Asset, Kind, Owner, Report
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory

LIST = "/admin/street_reports/owner/"
NOT_OURS = "The council does not look after this"


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


def test_light_on_a_private_road_is_sent_to_its_owner(form):
    form.fill(until="whose")
    form.post("whose", owner="private")
    page = form.get("not-ours").page
    assert page.h1 == NOT_OURS
    text = page.text("main")
    assert "It belongs to the owner of the road. We have not sent a report." in text
    assert "The council has not adopted the road." in text
    assert "How to tell them" not in text  # no number or page is known, and none is made up
    assert not page.select("main form")


def test_sewer_is_sent_to_the_water_company_with_its_number(form):
    form.post("kind", kind="grid")
    form.post("danger")
    assert "traffic signal" not in form.get("whose").page.text(".govuk-radios")
    form.post("whose", owner="united-utilities")
    page = form.get("not-ours").page
    assert "0345 672 3723" in page.text("main")
    assert page.select('main a[href="https://www.unitedutilities.com/"]')


@pytest.mark.parametrize("step", ["find", "choose", "fault", "details", "updates", "check"])
def test_another_owner_stops_the_form_also_for_who_opens_a_later_page(form, step):
    form.fill()
    form.post("whose", owner="tfgm")
    assert form.get(step, follow=True).page.h1 == NOT_OURS
    form.send()
    assert not Report.objects.exists()


def test_light_that_the_register_gives_to_another_owner_goes_no_further(form, light):
    Asset.objects.filter(pk=light.pk).update(owner="national-highways")
    form.fill(until="choose")
    assert form.post("choose").url.endswith("/another-owner/")
    page = form.get("another-owner").page
    assert page.h1 == NOT_OURS
    assert "It belongs to National Highways." in page.text("main")
    assert form.get("fault", follow=True).page.h1 == NOT_OURS


def test_owner_that_nobody_has_described_yet_is_still_not_the_council(form, light):
    Asset.objects.filter(pk=light.pk).update(owner="canal-trust")
    form.fill(until="choose")
    form.post("choose")
    text = form.get("another-owner").page.text("main")
    assert "It belongs to somebody else." in text
    assert "Our register says that the council does not look after it." in text


def test_another_light_can_be_chosen_instead(form, light):
    AssetFactory(street="Ashfield Road", feature_id="014")
    Asset.objects.filter(pk=light.pk).update(owner="private")
    form.fill(until="choose")
    form.post("choose")
    form.post("choose", asset="not-listed")
    assert form.get("place").page.h1 == "Where it is"


def test_council_owned_answer_is_on_the_check_page(form):
    form.fill()
    text = form.get("check").page.text(".govuk-summary-list")
    assert "Does somebody else look after it? None of these" in text


@pytest.mark.parametrize("answer", ["", "bench", "united-utilities", "a" * 41, "' OR 1=1", "none "])
def test_owner_that_was_not_offered_cannot_be_chosen(form, answer):
    form.fill(until="whose")
    reply = form.post("whose", owner=answer)
    if answer == "none ":  # spaces round an answer are not part of it
        assert reply.status_code == 302
    else:
        assert reply.page.errors == ["Select one of these, or “None of these”"]


def test_owner_cannot_write_html_into_the_page(form):
    Owner.objects.filter(slug="private").update(name="<b>me</b>", reason="<i>why</i>")
    form.fill(until="whose")
    form.post("whose", owner="private")
    page = form.get("not-ours").page
    assert "<b>me</b>" in page.text("main")
    assert not page.select("main b, main i")


def test_pages_ask_once_for_any_number_of_owners(form, django_assert_num_queries):
    for number in range(20):
        Owner.objects.create(
            slug=f"o{number}", name="x", looks_after=f"y{number}", reason="z", kinds=[*Kind]
        )
    form.fill(until="whose")
    with django_assert_num_queries(4):  # session, resident, draft, owners
        form.get("whose")
    form.post("whose", owner="o7")
    with django_assert_num_queries(4):  # session, resident, draft, the owner
        form.get("not-ours")


def test_staff_change_and_find_an_owner(staff):
    owner = Owner.objects.get(slug="private")
    assert b"the owner of the road" in staff.get(f"{LIST}?q=unadopted").content
    assert b"the owner of the road" not in staff.get(f"{LIST}?q=sewer").content
    data = {
        "slug": "private",
        "name": "its owner",
        "looks_after": "It is private",
        "reason": "It is not ours.",
        "website": "example.org/roads",
        "kinds": ["grid", "lit_sign"],
        "position": 9,
    }
    staff.post(f"{LIST}{owner.pk}/change/", data)
    owner.refresh_from_db()
    assert (owner.name, owner.website) == ("its owner", "https://example.org/roads")
    assert owner.kinds == ["grid", "lit_sign"]
    page = staff.post(f"{LIST}{owner.pk}/change/", data | {"website": "http://example.org"})
    assert "The website must begin with https://." in page.content.decode()


def test_residents_and_strangers_cannot_change_owners(portal):
    assert portal.get(LIST).status_code == 302
    portal.sign_in(ResidentFactory())
    assert portal.get(LIST).status_code in (302, 403, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kinds": ["bench"]}, "owner_kinds_known"),
        ({"reason": ""}, "owner_is_explained"),
        ({"website": "javascript:alert(1)"}, "owner_website_safe"),
        ({"phone": "<script>"}, "owner_phone_digits"),
    ],
)
def test_database_refuses_an_owner_that_makes_no_sense(fields, name):
    whole = {"slug": "new", "name": "x", "looks_after": "y", "reason": "z"}
    with pytest.raises(IntegrityError, match=name):
        Owner.objects.create(**{**whole, **fields})
