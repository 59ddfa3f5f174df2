"""Where appointments happen: a Location, and the Desks in it that can each see somebody."""

from __future__ import annotations

from enum import Enum

from django.db import models
from django.db.models import F, Q

MOST_EXTRA = 10


class Lanes(Enum):
    """Which lanes of a desk are asked for."""

    ONLINE = "those that residents may take"
    STAFF = "all, those kept back for people who walk in included"
    EXTRA = "those beyond, in which staff book over what is full"


class Channel(models.TextChoices):
    """How a resident and the council meet."""

    IN_PERSON = "in-person", "In person"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video"
    HOME = "home", "At your home"


class Location(models.Model):
    """A building that residents come to, with what they need to know before they set out."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=200, help_text="On one line, without the postcode.")
    postcode = models.CharField(max_length=8)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, help_text="WGS84")
    longitude = models.DecimalField(max_digits=8, decimal_places=6, help_text="WGS84")
    step_free = models.BooleanField("step-free access", default=False)
    accessible_toilet = models.BooleanField(default=False)
    hearing_loop = models.BooleanField(default=False)
    quiet_room = models.BooleanField("quiet or private room", default=False)
    parking = models.CharField("accessible parking", max_length=200, blank=True)
    directions = models.TextField("how to get there", max_length=1000, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                # A place in an address (/book/<service>/<place>/) is a location or a channel.
                condition=~Q(slug__in=["in-person", "phone", "video", "home"]),
                name="%(app_label)s_location_slug_not_a_channel",
                violation_error_message="This word already stands for a kind of appointment.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="%(app_label)s_location_on_earth",
                violation_error_message="Latitude is -90 to 90, longitude is -180 to 180.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_address(self) -> str:
        """Name, address and postcode on one line, as an envelope would carry them."""
        return f"{self.name}, {self.address}, {self.postcode}"

    @property
    def facilities(self) -> list[str]:
        """What the building has for people who need it, in plain words."""
        facts = (
            (self.step_free, "step-free access"),
            (self.accessible_toilet, "accessible toilet"),
            (self.hearing_loop, "hearing loop"),
            (self.quiet_room, "quiet room"),
            (bool(self.parking), f"accessible parking: {self.parking}"),
        )
        return [words for here, words in facts if here]


class Desk(models.Model):
    """A room, an officer or a phone line: each of its lanes sees one appointment at a time."""

    class Kind(models.TextChoices):
        OFFICER = "officer", "Officer"
        ROOM = "room", "Room"
        LINE = "line", "Phone line"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="desks")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OFFICER)
    lanes = models.PositiveSmallIntegerField(
        default=1, help_text="How many appointments it takes at the same time."
    )
    walk_in_lanes = models.PositiveSmallIntegerField(
        "kept for walk-ins",
        default=0,
        help_text="How many of them are not offered online: staff fill them.",
    )
    online = models.BooleanField(
        "bookable online", default=True, help_text="Clear to keep it for people who walk in."
    )
    video_url = models.URLField(
        "address of its video calls", blank=True, help_text="Where residents join a video call."
    )
    keeps_location_hours = models.BooleanField(
        "open when the location is",
        default=True,
        help_text="Clear where only the desk's own hours count.",
    )
    # Half of the secret address of the desk's calendar, while it has one.
    calendar_key = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    class Meta:
        ordering = ["location", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="%(app_label)s_desk_name_unique",
                violation_error_message="This location already has a desk with this name.",
            ),
            models.CheckConstraint(
                condition=Q(lanes__range=(1, 100)),
                name="%(app_label)s_desk_lanes_1_to_100",
                violation_error_message="A desk has 1 to 100 lanes.",
            ),
            models.CheckConstraint(
                condition=Q(walk_in_lanes__lte=F("lanes")),
                name="%(app_label)s_desk_walk_in_lanes_it_has",
                violation_error_message="A desk cannot keep back more lanes than it has.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.location}"

    def lanes_for(self, which: Lanes) -> range:
        """The numbers of these lanes. Those kept back for people who walk in come last."""
        if which is Lanes.EXTRA:
            return range(self.lanes, self.lanes + MOST_EXTRA)
        if which is Lanes.STAFF:
            return range(self.lanes)
        return range(self.lanes - self.walk_in_lanes if self.online else 0)
