"""The addresses of GeoReport v2, each in both formats (docs/open311.openapi.yaml says the same)."""

from __future__ import annotations

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path, re_path, register_converter

from street_reports.open311 import catalogue, errors, listing, news, photos, requests, updates
from street_reports.open311.answering import endpoint


class FormatConverter:
    """XML or JSON."""

    regex = "xml|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def nowhere(request: HttpRequest) -> NoReturn:
    """There is nothing at this address; raises Refused."""
    raise errors.Refused(errors.MISSING, "There is nothing here. Addresses end in .xml or .json.")


register_converter(FormatConverter, "format")
app_name = "open311"
urlpatterns = [
    path("discovery.<format:form>", endpoint(get=catalogue.discovery), name="discovery"),
    path("services.<format:form>", endpoint(get=catalogue.services), name="services"),
    path("services/<str:code>.<format:form>", endpoint(get=catalogue.definition), name="service"),
    path(
        "requests.<format:form>",
        endpoint(get=listing.listed, post=requests.submit),
        name="requests",
    ),
    path("requests/<str:reference>.<format:form>", endpoint(get=listing.one), name="request"),
    # An app's own reference may have a slash in it: “2026/001”.
    path("tokens/<path:token>.<format:form>", endpoint(get=requests.looked_up), name="token"),
    path(
        "servicerequestupdates.<format:form>",
        endpoint(get=news.listed, post=updates.submit),
        name="updates",
    ),
    path("photos/<uuid:public_id>.jpg", endpoint(get=photos.photo), name="photo"),
    re_path("", endpoint(get=nowhere, post=nowhere), name="nowhere"),
]
