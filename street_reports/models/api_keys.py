"""Who may report over Open311: other people's apps, each with a key of its own."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from street_reports.models.faults import FaultType

SECRET_BYTES = 32
MOST_CALLS = 6000  # a minute


def digest(secret: str) -> str:
    """What is kept of a key. It is long and random, so that a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys."""

    def active(self) -> ApiKeyQuerySet:
        """Those that were not revoked."""
        return self.filter(is_active=True)

    def of(self, key: str) -> ApiKey | None:
        """Whose key this is; None for one that is unknown or was revoked."""
        prefix, _, secret = key.partition(".")
        found = self.active().filter(prefix=prefix).first() if secret else None
        if found and hmac.compare_digest(found.digest, digest(secret)):
            return found
        return None


class ApiKey(models.Model):
    """The key of an app. It is shown once, when it is made; the database has only its hash."""

    owner = models.CharField(max_length=100, help_text="Whose app it is, as staff read it.")
    contact = models.EmailField(
        max_length=254, help_text="Whom to write to when the app misbehaves."
    )
    prefix = models.CharField(
        max_length=12, editable=False, help_text="How the key begins: it is found by this."
    )
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of what follows the full stop."
    )
    services = models.ManyToManyField(
        FaultType,
        blank=True,
        related_name="+",
        help_text="What it may report. None: everything.",
    )
    calls_per_minute = models.PositiveSmallIntegerField(
        default=60, help_text="How many reports and updates it may send in a minute."
    )
    is_active = models.BooleanField(
        "can be used", default=True, help_text="Switch it off to revoke the key."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    minute = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="In which its calls are counted."
    )
    calls = models.PositiveIntegerField(
        default=0, editable=False, help_text="How many it made in that minute."
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "Open311 key"
        constraints = [
            models.UniqueConstraint(
                fields=["prefix"],
                name="%(app_label)s_apikey_prefix_unique",
                violation_error_message="Another key begins like this.",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"),
                name="%(app_label)s_apikey_is_hashed",
                violation_error_message="A key is kept as its SHA-256 alone.",
            ),
            models.CheckConstraint(
                condition=~Q(owner="") & ~Q(contact=""),
                name="%(app_label)s_apikey_has_an_owner",
                violation_error_message="Say whose key it is, and whom to write to.",
            ),
            models.CheckConstraint(
                condition=Q(calls_per_minute__range=(1, MOST_CALLS)),
                name="%(app_label)s_apikey_limit_sensible",
                violation_error_message=f"A key may make 1 to {MOST_CALLS} calls a minute.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} ({self.prefix})"

    def set_new(self) -> str:
        """Give it a new key, unsaved; the whole key, which nothing can show again."""
        return self.set_key(f"{secrets.token_hex(4)}.{secrets.token_urlsafe(SECRET_BYTES)}")

    def set_key(self, key: str) -> str:
        """Give it this key, “prefix.secret”, unsaved; the key."""
        self.prefix, _, secret = key.partition(".")
        self.digest = digest(secret)
        return key

    def may_report(self, fault: FaultType) -> bool:
        """Whether the fault is one of its services."""
        allowed = set(self.services.values_list("pk", flat=True))
        return not allowed or fault.pk in allowed

    def count_call(self) -> bool:
        """Count one more call; False where it has made as many as it may in this minute.

        One statement, so that calls made at the same moment are all counted.
        """
        now = timezone.now()
        minute = now.replace(second=0, microsecond=0)
        is_same = Q(minute=minute)
        free = ApiKey.objects.filter(
            Q(minute=None) | ~is_same | Q(calls__lt=F("calls_per_minute")), pk=self.pk
        )
        return bool(
            free.update(
                calls=Case(When(is_same, then=F("calls") + 1), default=Value(1)),
                minute=minute,
                last_used_at=now,
            )
        )
