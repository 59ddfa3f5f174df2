"""Street lights, lit signs and bollards, and grids, as the asset register knows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Avg, Count, F, Func, Min, Q
from django.db.models.functions import Floor

from street_reports import rules

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from street_reports.boxes import Box
    from street_reports.rules import Point


class Kind(models.TextChoices):
    """What residents can report, valued as in the asset extract.

    Stockport's own services call them StreetLightFault, LitSignFault, LitBollardFault and
    BlockedGrid.
    """

    STREET_LIGHT = "street_light", "Street light"
    LIT_SIGN = "lit_sign", "Lit sign"
    LIT_BOLLARD = "lit_bollard", "Lit bollard"
    GRID = "grid", "Grid (drain in the road)"

    @property
    def noun(self) -> str:
        """What the pages call it inside a sentence: “lit sign”."""
        return str(self.label).partition(" (")[0].lower()

    @property
    def has_plate(self) -> bool:
        """Whether it has a number on it; grids have none."""
        return self is not Kind.GRID


class PlateNumber(Func):
    """The digits of a plate without leading zeros: “LC 014” is 14, as people write it."""

    template = r"ltrim(regexp_replace(%(expressions)s, '\D', '', 'g'), '0')"


class StreetWords(Func):
    """The words of a street name for searching: lower case, apostrophes gone."""

    template = (
        "to_tsvector('simple'::regconfig, regexp_replace("
        "regexp_replace(lower(%(expressions)s), '[''’]', '', 'g'), '[^a-z0-9]+', ' ', 'g'))"
    )


def _square(point: Point) -> Combinable:
    """The square of an asset's distance from the point, in metres, on a flat map."""
    narrowing = math.cos(math.radians(point.latitude))
    north = (F("latitude") - point.latitude) * rules.METRES_PER_DEGREE
    east = (F("longitude") - point.longitude) * (rules.METRES_PER_DEGREE * narrowing)
    return north * north + east * east


class AssetQuerySet(models.QuerySet["Asset"]):
    """What stands in the streets."""

    def of_kind(self, kind: str) -> AssetQuerySet:
        """Only lights, only signs, only bollards, or only grids."""
        return self.filter(kind=kind)

    def reportable(self) -> AssetQuerySet:
        """Those that the register takes a new job for."""
        return self.filter(raise_new_job=Asset.NewJob.REPORTABLE)

    def on_street(self, words: tuple[tuple[str, ...], ...]) -> AssetQuerySet:
        """Where the street's name has every word (each in any of its spellings, or its start)."""
        query = " & ".join(
            "(" + " | ".join(f"{w}:*" for w in spellings) + ")" for spellings in words
        )
        return self.filter(street_words=SearchQuery(query, config="simple", search_type="raw"))

    def near(self, point: Point, metres: int) -> AssetQuerySet:
        """In the square of this half-width around the point (WGS84)."""
        return self.filter(**point.square(metres))

    def nearest_first(self, point: Point) -> AssetQuerySet:
        """Ordered by distance from the point."""
        return self.order_by(_square(point), "pk")

    def in_box(self, box: Box) -> AssetQuerySet:
        """Inside the box, its edges included."""
        return self.filter(
            latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
        )

    def clusters(self, cell: float) -> list[tuple[int, float, float]]:
        """In cells of so many degrees: how many, and the latitude and longitude of its middle."""
        cells = self.values(row=Floor(F("latitude") / cell), column=Floor(F("longitude") / cell))
        counted = cells.annotate(number=Count("*")).order_by("row", "column")
        return [
            (number, (row + 0.5) * cell, (column + 0.5) * cell)
            for number, row, column in counted.values_list("number", "row", "column")
        ]

    def streets(self) -> dict[str, int]:
        """The names of the streets, in order, with how many of these assets each has."""
        numbers = self.order_by("street").values("street").annotate(number=Count("*"))
        return dict(numbers.values_list("street", "number"))

    def nearest_streets(self, point: Point, most: int) -> list[tuple[str, int, int]]:
        """Names of streets with how many of these assets each has, and metres to the nearest."""
        found = self.values("street").annotate(number=Count("*"), square=Min(_square(point)))
        nearest = found.order_by("square", "street")[:most]
        return [(row["street"], row["number"], round(math.sqrt(row["square"]))) for row in nearest]

    def centre(self, postcode: str) -> Point | None:
        """The middle of the assets in this postcode, or None where there is none."""
        return self.filter(postcode=postcode).middle()

    def centre_of_sector(self, sector: str) -> Point | None:
        """The middle of the assets whose postcode begins so (“SK3 8”), or None."""
        return self.filter(postcode__startswith=sector).middle()

    def middle(self) -> Point | None:
        """The middle of these assets, or None where there is none."""
        middle = self.aggregate(
            latitude=Avg("latitude"), longitude=Avg("longitude"), number=Count("pk")
        )
        if not middle["number"]:
            return None
        return rules.Point(middle["latitude"], middle["longitude"])


class Asset(models.Model):
    """Something in the street. The asset register owns it; an extract brings it nightly."""

    class NewJob(models.IntegerChoices):
        REPORTABLE = 1, "Can be reported"
        PROGRAMMED = 2, "In a maintenance programme"
        REPORTED = 3, "Already reported"

    kind = models.CharField(max_length=20, choices=Kind)
    central_asset_id = models.CharField(max_length=40)
    site_code = models.CharField(max_length=20, blank=True, help_text="USRN of the street.")
    feature_id = models.CharField(
        "plate number",
        max_length=20,
        blank=True,
        help_text="As on the column or sign; grids have none.",
    )
    street = models.CharField(max_length=100)
    postcode = models.CharField(max_length=8, blank=True)
    location_description = models.CharField(max_length=200, blank=True)
    easting = models.IntegerField(help_text="British National Grid, metres.")
    northing = models.IntegerField(help_text="British National Grid, metres.")
    latitude = models.FloatField(help_text="WGS84.")
    longitude = models.FloatField(help_text="WGS84.")
    raise_new_job = models.PositiveSmallIntegerField(
        choices=NewJob, default=NewJob.REPORTABLE, help_text="What the register says of a new job."
    )
    ext_system_ref = models.CharField(
        "reference of the job", max_length=40, blank=True, help_text="Where a job is open."
    )
    logged_date = models.DateField(null=True, blank=True)
    job_entry_date = models.DateField(null=True, blank=True)
    programme_date = models.DateField(null=True, blank=True)
    last_cleaned = models.DateField(null=True, blank=True)
    next_clean = models.DateField(null=True, blank=True)
    owner = models.CharField(
        max_length=40, blank=True, help_text="Code of who looks after it; empty: the council."
    )
    plate_number = models.GeneratedField(
        expression=PlateNumber("feature_id"),
        output_field=models.CharField(max_length=20),
        db_persist=True,
    )
    street_words = models.GeneratedField(
        expression=StreetWords("street"), output_field=SearchVectorField(), db_persist=True
    )

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "central_asset_id"],
                name="%(app_label)s_asset_id_unique",
                violation_error_message="The register already has an asset with this id.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["street_light", "lit_sign", "lit_bollard", "grid"]),
                name="%(app_label)s_asset_kind_known",
                violation_error_message="An asset is a light, a lit sign, a lit bollard or a grid.",
            ),
            models.CheckConstraint(
                condition=Q(raise_new_job__in=[1, 2, 3]),
                name="%(app_label)s_asset_new_job_known",
                violation_error_message="Whether a new job can be raised is 1, 2 or 3.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(49, 61), longitude__range=(-9, 2)),
                name="%(app_label)s_asset_in_britain",
                violation_error_message="The asset must lie in Great Britain.",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "latitude", "longitude"], name="street_reports_asset_box"),
            models.Index(fields=["plate_number"], name="street_reports_asset_plate"),
            models.Index(
                fields=["postcode"],
                name="street_reports_asset_postcode",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(fields=["kind", "street"], name="street_reports_asset_name"),
            GinIndex(fields=["street_words"], name="street_reports_asset_street"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.street}"

    @property
    def name(self) -> str:
        """“Street light 014”, or “Grid” where there is no plate."""
        return f"{Kind(self.kind).noun.capitalize()} {self.feature_id}".strip()

    @property
    def address(self) -> str:
        """Where it stands, in words: description, street and postcode."""
        description = rules.mid_sentence(self.location_description)
        if self.street.lower() in description.lower():
            return ", ".join(part for part in (description, self.postcode) if part)
        return ", ".join(part for part in (description, self.street, self.postcode) if part)

    @property
    def point(self) -> Point:
        """Where it stands."""
        return rules.Point(self.latitude, self.longitude)

    @property
    def is_reportable(self) -> bool:
        """Whether the register takes a new job for it."""
        return self.raise_new_job == Asset.NewJob.REPORTABLE
