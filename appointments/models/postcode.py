"""Where a postcode is, for telling which place is near."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Postcode(models.Model):
    """A postcode and the middle of it, so that the nearest place can be named first."""

    code = models.CharField(max_length=8, unique=True, help_text="As printed: “SK1 3XE”.")
    latitude = models.DecimalField(max_digits=8, decimal_places=6, help_text="WGS84")
    longitude = models.DecimalField(max_digits=8, decimal_places=6, help_text="WGS84")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"),
                name="%(app_label)s_postcode_as_printed",
                violation_error_message="Write the postcode as it is printed, like SK1 3XE.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="%(app_label)s_postcode_on_earth",
                violation_error_message="Latitude is -90 to 90, longitude is -180 to 180.",
            ),
        ]

    def __str__(self) -> str:
        return self.code
