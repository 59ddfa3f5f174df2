"""Proving to be a person: what was tried, the PINs that were posted, and what staff are asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Person, Resident


class LinkAttempt(models.Model):
    """One try to prove it. What it was about and from where is a keyed hash: counted, not read."""

    class Way(models.TextChoices):
        KEY = "key", "Online key"
        FACTS = "facts", "Two facts"
        PIN = "pin", "PIN from a letter"

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=64)
    address = models.CharField("network address, hashed", max_length=64)
    way = models.CharField(max_length=10, choices=Way)
    matched = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["resident", "at"], name="accounts_attempt_resident"),
            models.Index(fields=["target", "way", "at"], name="accounts_attempt_target"),
            models.Index(fields=["address", "at"], name="accounts_attempt_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["key", "facts", "pin"]),
                name="%(app_label)s_linkattempt_way_known",
                violation_error_message="A way to prove it is one of those listed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}, {self.at:%d %B %Y, %H:%M}"


class LetterPin(models.Model):
    """A PIN that was posted to a person at the address that the council holds."""

    TRIES = 3

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    pin = models.CharField("PIN, hashed", max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField("wrong tries", default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "person"],
                condition=Q(ended_at=None),
                name="%(app_label)s_letterpin_one_live",
                violation_error_message="A letter with a PIN is on its way already.",
            ),
            models.CheckConstraint(
                condition=Q(tries__lte=3),
                name="%(app_label)s_letterpin_three_tries",
                violation_error_message="A PIN may be tried three times.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")),
                name="%(app_label)s_letterpin_expires_later",
                violation_error_message="A PIN expires after it was made.",
            ),
        ]

    def __str__(self) -> str:
        return f"PIN of {self.made_at:%d %B %Y}"


class LinkRequestQuerySet(models.QuerySet["LinkRequest"]):
    """What staff are asked to look at."""

    def for_resident(self, resident: Resident) -> LinkRequestQuerySet:
        """This resident's own requests."""
        return self.filter(resident=resident)


class LinkRequest(models.Model):
    """That staff compare what a resident tells with the council's records, and decide."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for staff"
        LINKED = "linked", "Linked"
        REFUSED = "refused", "Not linked"

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="link_requests")
    service = models.CharField(max_length=40)
    reference = models.CharField("reference, as typed", max_length=40, blank=True)
    forenames = models.CharField(max_length=100)
    surname = models.CharField(max_length=100)
    postcode = models.CharField(max_length=10)
    tells = models.TextField("what they tell us", max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField("asked", default=timezone.now)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("reason, for the resident to read", max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Resident, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = LinkRequestQuerySet.as_manager()

    class Meta:
        permissions = [("decide_linkrequest", "Can decide who is linked to which record")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(state="waiting"),
                name="%(app_label)s_linkrequest_one_waiting",
                violation_error_message="Staff are looking at a request of yours already.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, person=None)
                | Q(state="linked", decided_at__isnull=False, person__isnull=False)
                | (Q(state="refused", decided_at__isnull=False, person=None) & ~Q(reason="")),
                name="%(app_label)s_linkrequest_decision_is_whole",
                violation_error_message="Say whom to link, or give the resident a reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forenames} {self.surname}, {self.made_at:%d %B %Y}"
