"""Lights and grids in a box of the map as GeoJSON (RFC 7946): nothing about any resident."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response

from stockport.readonly import readonly
from street_reports.boxes import DETAIL, BoxForm
from street_reports.models import Asset
from street_reports.search import Match, with_reports
from street_reports.wording import hint

if TYPE_CHECKING:
    from django.http import HttpRequest

    from street_reports.boxes import Box

MOST = 500
KEPT = 300  # seconds that a browser may show it again without asking


@login_not_required
@readonly
def assets(request: HttpRequest) -> HttpResponse:
    """The assets of the box, each or in clusters; 400 where the query is no box."""
    form = BoxForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    answer = JsonResponse(collection(form.cleaned_data["kind"], form.cleaned_data["box"]))
    answer.headers["Content-Type"] = "application/geo+json"
    answer.headers["Cache-Control"] = f"private, max-age={KEPT}"
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    answer.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer


def collection(kind: str, box: Box) -> dict[str, Any]:
    """At most 500 features; `more` says that some were left out."""
    there = Asset.objects.of_kind(kind).in_box(box)
    if box.zoom < DETAIL:
        features = [_cluster(*row) for row in there.clusters(box.cell)]
    else:
        features = [_asset(asset) for asset in with_reports(there.order_by("pk"))[: MOST + 1]]
    return {
        "type": "FeatureCollection",
        "features": features[:MOST],
        "more": len(features) > MOST,
    }


def _asset(asset: Asset) -> dict[str, Any]:
    properties = {
        "name": f"{asset.name}, {asset.address}",
        "plate": asset.feature_id,
        "street": asset.street,
        "reportable": asset.is_reportable,
        "hint": hint(Match(asset)),
    }
    return _feature(str(asset.pk), asset.latitude, asset.longitude, properties)


def _cluster(number: int, latitude: float, longitude: float) -> dict[str, Any]:
    return _feature(f"{latitude:.6f},{longitude:.6f}", latitude, longitude, {"number": number})


def _feature(
    name: str, latitude: float, longitude: float, properties: dict[str, Any]
) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(longitude, 6), round(latitude, 6)]}
    return {"type": "Feature", "id": name, "geometry": point, "properties": properties}
