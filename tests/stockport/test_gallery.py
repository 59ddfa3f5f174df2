"""The gallery of components keeps the rules of every page, in every state."""

import pytest
from django.urls import reverse

from stockport.gallery import GalleryForm
from tests.client import PortalClient


def test_gallery_shows_components_at_rest(portal: PortalClient) -> None:
    page = portal.get(reverse("dev-components")).page
    assert page.errors == []
    assert len(page.select(".govuk-tag")) == 9


def test_gallery_shows_every_field_with_its_error(portal: PortalClient) -> None:
    page = portal.get(reverse("dev-components") + "?errors").page
    assert len(page.errors) == len(GalleryForm.base_fields)
    assert len(page.select("main form .govuk-form-group--error")) == len(page.errors)


def test_sent_form_comes_back_with_what_was_typed(portal: PortalClient) -> None:
    page = portal.post(reverse("dev-components"), {"name": "Ada", "born-year": "1980"}).page
    assert page.select('input[name="name"][value="Ada"]')
    assert page.select('input[name="born-year"][value="1980"]')
    assert "Date of birth must include a day and month" in page.errors


@pytest.mark.parametrize("name", [name for name in GalleryForm.base_fields if name != "agree"])
@pytest.mark.parametrize("state", ["", "?errors"])
def test_field_can_be_the_heading_of_its_page(portal: PortalClient, name: str, state: str) -> None:
    page = portal.get(reverse("dev-question", args=[name]) + state).page
    assert page.h1 == GalleryForm.base_fields[name].label


def test_field_that_is_none_is_not_found(portal: PortalClient) -> None:
    assert portal.get(reverse("dev-question", args=["nothing"])).status_code == 404
