"""Whose it is, where it is not the council's. Staff edit these."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from street_reports.models.assets import Asset, Kind


class OwnerQuerySet(models.QuerySet["Owner"]):
    """Who looks after what the council does not."""

    def offered(self, kind: str) -> OwnerQuerySet:
        """Those that residents are asked about for this kind of asset, in the order shown."""
        return self.filter(kinds__contains=[kind]).order_by("position", "pk")

    def known_of(self, asset: Asset | None) -> Owner | None:
        """Whose the register says it is, where staff have described them."""
        if asset is None or not asset.owner:
            return None
        return self.filter(slug=asset.owner).first()

    def of(self, asset: Asset) -> Owner | None:
        """Whose the register says it is; None for the council's.

        A code that staff have not described yet gives an owner without a name of its own.
        """
        if not asset.owner:
            return None
        return self.known_of(asset) or Owner(
            slug=asset.owner,
            name="somebody else",
            reason="Our register says that the council does not look after it.",
        )


class Owner(models.Model):
    """Who looks after it, why, and how to reach them. Reports of it are not taken here."""

    slug = models.SlugField(
        max_length=40, unique=True, help_text="The owner’s code in the asset extract."
    )
    name = models.CharField(max_length=100, help_text="In a sentence: “It belongs to …”.")
    looks_after = models.CharField(
        max_length=200, help_text="What residents choose: “It is on a private road”."
    )
    reason = models.CharField(max_length=300, help_text="Why it is theirs, in a sentence or two.")
    website = models.URLField(blank=True, help_text="Only shown where it is given.")
    phone = models.CharField(max_length=30, blank=True, help_text="Only shown where it is given.")
    kinds = ArrayField(
        models.CharField(max_length=20, choices=Kind),
        default=list,
        blank=True,
        verbose_name="residents are asked about it for",
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = OwnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kinds__contained_by=Kind.values),
                name="%(app_label)s_owner_kinds_known",
                violation_error_message="Choose only kinds that residents can report.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(looks_after="") & ~Q(reason=""),
                name="%(app_label)s_owner_is_explained",
                violation_error_message="Say who it is, what they look after, and why.",
            ),
            models.CheckConstraint(
                condition=Q(website="") | Q(website__startswith="https://"),
                name="%(app_label)s_owner_website_safe",
                violation_error_message="The website must begin with https://.",
            ),
            models.CheckConstraint(
                condition=Q(phone__regex=r"^[0-9 +()]*$"),
                name="%(app_label)s_owner_phone_digits",
                violation_error_message="The phone number has only digits, spaces, + and ().",
            ),
        ]

    def __str__(self) -> str:
        return self.name
