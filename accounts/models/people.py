"""Who signs in (Resident), whom the council knows (Person), and their link (PersonLink)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from stockport.db import IsSha256


class ResidentManager(BaseUserManager["Resident"]):
    """Creates residents and staff; the e-mail address is the log-in."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Resident:
        """A resident with this address; raises ValueError without one."""
        if not email:
            raise ValueError("A resident needs an e-mail address.")
        resident = self.model(email=self.normalize_email(email).lower(), **fields)
        resident.set_password(password)
        resident.save(using=self._db)
        return resident

    def create_superuser(self, email: str, password: str, **fields: object) -> Resident:
        """A member of staff who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Resident(AbstractBaseUser, PermissionsMixin):
    """Somebody with a log-in: a resident of the borough or a member of staff."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        "e-mail address",
        max_length=254,
        unique=True,
        error_messages={"unique": "Somebody already signs in with this e-mail address."},
    )
    is_active = models.BooleanField("can sign in", default=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    date_joined = models.DateTimeField("signed up", default=timezone.now)
    closed_at = models.DateTimeField("account closed", null=True, blank=True, editable=False)
    # Half of the secret address of the resident's calendar, while it has one.
    calendar_key = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    objects: ClassVar[ResidentManager] = ResidentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        permissions = [("appoint_staff", "Can decide who is staff, and in which role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="%(app_label)s_resident_email_lower_case",
                violation_error_message="Store the e-mail address in lower case.",
            ),
            models.CheckConstraint(
                condition=~Q(email=""),
                name="%(app_label)s_resident_email_not_blank",
                violation_error_message="Enter an e-mail address.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(is_active=False, is_staff=False),
                name="%(app_label)s_resident_closed_cannot_sign_in",
                violation_error_message="Nobody can sign in to a closed account.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(calendar_key=None),
                name="%(app_label)s_resident_closed_has_no_calendar",
                violation_error_message="Nobody can read the calendar of a closed account.",
            ),
        ]

    def __str__(self) -> str:
        return self.email


def _hashed(field: str) -> Q:
    return Q(**{field: ""}) | Q(IsSha256(field))


class PersonQuerySet(models.QuerySet["Person"]):
    """The council's records of people."""

    def for_resident(self, resident: Resident) -> PersonQuerySet:
        """The records that this resident is linked to at present."""
        return self.filter(
            pk__in=PersonLink.objects.for_resident(resident).active().values("person_id")
        )

    def of_recent_visitors(self, since: datetime) -> PersonQuerySet:
        """The records of residents who have signed in since then, not refreshed since then."""
        links = PersonLink.objects.active().filter(resident__last_login__gte=since)
        before = Q(refreshed_at=None) | Q(refreshed_at__lt=since)
        return self.filter(before, pk__in=links.values("person_id"))


class Person(models.Model):
    """The council's record of somebody, as its back office knows them. The back office owns it."""

    source = models.CharField(max_length=40, help_text="The system that holds the record.")
    reference = models.CharField("person reference", max_length=40)
    title = models.CharField(max_length=20, blank=True)
    forenames = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=100)
    date_of_birth = models.DateField(null=True, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    address = models.CharField(
        max_length=300, blank=True, help_text="Where the council writes to, with commas."
    )
    # Keyed hashes (stockport/keyed.py) of what proves who somebody is: compared and never shown.
    online_key = models.CharField(max_length=64, blank=True, editable=False)
    phone_last3 = models.CharField(max_length=64, blank=True, editable=False)
    bank_last3 = models.CharField(max_length=64, blank=True, editable=False)
    ni_number = models.CharField(
        "National Insurance number", max_length=64, blank=True, editable=False
    )
    refreshed_at = models.DateTimeField(
        "figures last asked for",
        null=True,
        blank=True,
        editable=False,
        help_text="When the council’s system was last asked for newer figures between two nights.",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"],
                name="%(app_label)s_person_reference_unique",
                violation_error_message="This system already has a person with this reference.",
            ),
            models.CheckConstraint(
                condition=_hashed("online_key")
                & _hashed("phone_last3")
                & _hashed("bank_last3")
                & _hashed("ni_number"),
                name="%(app_label)s_person_proofs_hashed",
                violation_error_message="What proves who somebody is is only stored hashed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.reference})"

    @property
    def full_name(self) -> str:
        """Title, forenames and surname, as printed on letters."""
        return " ".join(part for part in (self.title, self.forenames, self.surname) if part)


class PersonLinkQuerySet(models.QuerySet["PersonLink"]):
    """Links between residents and people."""

    def for_resident(self, resident: Resident) -> PersonLinkQuerySet:
        """This resident's links, revoked ones included."""
        return self.filter(resident=resident)

    def active(self) -> PersonLinkQuerySet:
        """Links that have not been revoked."""
        return self.filter(revoked_at=None)


class PersonLink(models.Model):
    """That a resident has proved to be a person: how, how surely, when, and who recorded it."""

    class Method(models.TextChoices):
        DETAILS = "details", "Details that match the record"
        ONLINE_KEY = "online_key", "Online key from a bill"
        LETTER_CODE = "letter_code", "Code sent by letter"
        STAFF = "staff", "Checked by staff"

    class Level(models.IntegerChoices):
        BASIC = 1, "Details matched"
        STRONG = 2, "Details and a second proof"

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="person_links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    method = models.CharField(max_length=20, choices=Method)
    level = models.PositiveSmallIntegerField(choices=Level)
    linked_at = models.DateTimeField(default=timezone.now)
    linked_by = models.ForeignKey(
        Resident, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Resident, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PersonLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "person"],
                condition=Q(revoked_at=None),
                name="%(app_label)s_personlink_one_active",
                violation_error_message="This resident is already linked to this person.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=models.F("linked_at")),
                name="%(app_label)s_personlink_revoked_after_linked",
                violation_error_message="A link cannot end before it began.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident} is {self.person}"

    @property
    def is_active(self) -> bool:
        """Whether it has not been revoked."""
        return self.revoked_at is None

    @property
    def is_ended_by_staff(self) -> bool:
        """Whether somebody else than the resident has revoked it."""
        return not self.is_active and self.revoked_by_id != self.resident_id
