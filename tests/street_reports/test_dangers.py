"""Dangers are data: each kind has a list, staff edit it, and the gate stands whatever they do."""

import pytest
from django.db import IntegrityError

from street_reports.models import Danger, Kind, Report
from tests.factories.accounts import ResidentFactory

LIST = "/admin/street_reports/danger/"


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


def shown(form):
    return form.get("danger").page.text("main ul")


@pytest.mark.parametrize(
    ("kind", "danger"),
    [
        (Kind.STREET_LIGHT, "several lights are out at a junction"),
        (Kind.LIT_SIGN, "the sign or its post has fallen down"),
        (Kind.LIT_BOLLARD, "the bollard was knocked down"),
        (Kind.GRID, "water is coming into a building"),
    ],
)
def test_each_kind_has_its_own_dangers_and_each_ends_the_form(form, settings, kind, danger):
    settings.EMERGENCY_PHONE = "0161 000 0000"
    form.post("kind", kind=kind)
    assert danger in shown(form)
    form.post("danger", danger="yes")
    page = form.get("check", follow=True).page
    assert page.h1 == "Contact us now, do not report this online"
    assert "0161 000 0000" in page.text("main")
    assert not Report.objects.exists()


def test_dangers_are_read_in_the_order_that_staff_chose(form):
    Danger.objects.filter(text__startswith="several").update(position=0)
    Danger.objects.filter(text__startswith="the lamp").update(is_active=False)
    form.fill(until="danger")
    text = shown(form)
    assert text.index("several lights") < text.index("wires are loose")
    assert "the lamp" not in text


def test_gate_stands_where_every_danger_is_switched_off(form):
    Danger.objects.update(is_active=False)
    form.fill(until="danger")
    assert shown(form) == "somebody could be hurt"
    assert form.post("danger", danger="").page.errors == ["Select yes if any of this is true"]


def test_danger_cannot_write_html_into_the_page(form):
    Danger.objects.create(kind=Kind.STREET_LIGHT, text="<b onclick=x>loose</b>")
    form.fill(until="danger")
    page = form.get("danger").page
    assert "<b onclick=x>loose</b>" in page.text("main ul")
    assert not page.select("main ul b")


def test_page_of_dangers_asks_once_for_any_number(form, django_assert_num_queries):
    for number in range(20):
        Danger.objects.create(kind=Kind.STREET_LIGHT, text=f"danger {number}")
    form.fill(until="danger")
    with django_assert_num_queries(4):  # session, resident, draft, dangers
        form.get("danger")


def test_staff_change_switch_off_and_find_a_danger(staff):
    danger = Danger.objects.get(text__startswith="wires", kind="lit_sign")
    assert b"wires" in staff.get(f"{LIST}?q=wires").content
    assert b"wires" not in staff.get(f"{LIST}?q=junction").content
    data = {"kind": danger.kind, "text": "wires hang out", "position": 4}
    staff.post(f"{LIST}{danger.pk}/change/", data)
    danger.refresh_from_db()
    assert (danger.text, danger.position, danger.is_active) == ("wires hang out", 4, False)


def test_staff_are_told_of_a_kind_without_dangers(staff):
    assert b"No danger of" not in staff.get(LIST).content
    Danger.objects.filter(kind=Kind.LIT_BOLLARD).update(is_active=False)
    page = staff.get(LIST).content.decode()
    assert "No danger of a lit bollard is switched on" in page
    assert "No danger of a grid" not in page


def test_residents_and_strangers_cannot_change_dangers(portal):
    danger = Danger.objects.first()
    assert portal.get(LIST).status_code == 302
    portal.sign_in(ResidentFactory())
    assert portal.get(f"{LIST}{danger.pk}/change/").status_code in (302, 403, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "bench", "text": "it is loose"}, "danger_kind_known"),
        ({"kind": "grid", "text": ""}, "danger_has_text"),
        ({"kind": "grid", "text": "the road round the grid has collapsed"}, "danger_text_unique"),
    ],
)
def test_database_refuses_a_danger_that_makes_no_sense(fields, name):
    with pytest.raises(IntegrityError, match=name):
        Danger.objects.create(**fields)
