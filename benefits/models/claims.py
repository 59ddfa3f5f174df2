"""A claim: who asked for which help, where it stands and what it waits for."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse

from accounts.models import Person, Resident
from stockport.feeds.models import Confirmed, Quarantine


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims."""

    def for_resident(self, resident: Resident) -> ClaimQuerySet:
        """Claims in every state that this resident made, and those shared with them.

        A partner sees a claim while the claimant agrees to it and they are one household: not
        before, and not a day after (docs/adr/0021).
        """
        people = Person.objects.for_resident(resident)
        own = Claim.objects.filter(person__in=people).values("pk")
        shared = ClaimMember.objects.seen_by(people).values("claim_id")
        # A union, not an OR: only then does PostgreSQL begin with the resident's few claims, and
        # not with every payment of the borough (benchmarks/bench_benefits.py).
        return self.filter(pk__in=own.union(shared)).select_related("confirmation")

    def for_pages(self) -> ClaimQuerySet:
        """With `checked_since`: since when newer figures are being checked."""
        held = Quarantine.objects.current().filter(
            source=OuterRef("source"), table="claims", key=OuterRef("reference")
        )
        since = {"checked_since": Subquery(held.values("since")[:1])}
        return self.annotate(**since)

    def most_pressing_first(self) -> ClaimQuerySet:
        """Claims that wait for the resident, then live ones, then ended ones; newest first."""
        waits = Case(
            When(status__in=Claim.WAITING_FOR_RESIDENT, then=Value(0)),
            When(status=Claim.Status.CANCELLED, then=Value(2)),
            default=Value(1),
        )
        return self.order_by(waits, "-received", "reference")


class Claim(Confirmed):
    """One claim of one person. The back office owns it; the portal shows it."""

    class Type(models.TextChoices):
        HB = "hb", "Housing Benefit"
        CTS = "cts", "Council Tax Support"
        HB_CTS = "hb_cts", "Housing Benefit and Council Tax Support"
        HOUSING = "housing", "Housing payment"

    class Status(models.TextChoices):
        """The six states of the back office; benefits.rules says what each means."""

        CURRENT = "current", "Current"
        FUTURE = "future", "Future"
        CANCELLED = "cancelled", "Cancelled"
        PENDING = "pending", "Pending"
        SUSPENDED = "suspended", "Suspended"
        DEFECTIVE = "defective", "Defective"

    class Tenancy(models.TextChoices):
        PRIVATE = "private", "Private rent"
        COUNCIL = "council", "Council home"
        SUPPORTED = "supported", "Supported accommodation"
        TEMPORARY = "temporary", "Temporary accommodation"

    WAITING_FOR_RESIDENT = (Status.SUSPENDED, Status.DEFECTIVE)

    source = models.CharField(max_length=40, help_text="The system that holds the claim.")
    reference = models.CharField("claim reference", max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="benefit_claims")
    place_reference = models.CharField(max_length=20, blank=True)
    type = models.CharField(max_length=10, choices=Type)
    status = models.CharField(max_length=10, choices=Status)
    received = models.DateField()
    decided = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True, help_text="The last day of the claim.")
    address = models.CharField(max_length=200)
    postcode = models.CharField(max_length=8)
    tenancy = models.CharField(max_length=10, choices=Tenancy, blank=True)
    status_reason = models.CharField(max_length=300, blank=True)
    needed = models.CharField(
        max_length=500, blank=True, help_text="What the resident must send; semicolons part items."
    )
    needed_by = models.DateField(null=True, blank=True)
    council_tax_account = models.CharField(max_length=20, blank=True)

    checked_since: datetime | None  # from for_pages()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"],
                name="%(app_label)s_claim_reference_unique",
                violation_error_message="This system already has a claim with this reference.",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["hb", "cts", "hb_cts", "housing"]),
                name="%(app_label)s_claim_type_known",
                violation_error_message="Use one of the known types of claim.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("current", "future", "cancelled"),
                        *("pending", "suspended", "defective"),
                    ]
                ),
                name="%(app_label)s_claim_status_known",
                violation_error_message="Use one of the six states of a claim.",
            ),
            models.CheckConstraint(
                condition=Q(tenancy__in=["", "private", "council", "supported", "temporary"]),
                name="%(app_label)s_claim_tenancy_known",
                violation_error_message="Use one of the known kinds of tenancy.",
            ),
            models.CheckConstraint(
                condition=Q(decided=None) | Q(decided__gte=F("received")),
                name="%(app_label)s_claim_decided_after_received",
                violation_error_message="A claim cannot be decided before it is received.",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") | Q(ended=None),
                name="%(app_label)s_claim_ended_is_cancelled",
                violation_error_message="A claim that has ended has the state “cancelled”.",
            ),
            models.CheckConstraint(
                condition=Q(needed_by=None) | ~Q(needed=""),
                name="%(app_label)s_claim_needed_by_says_what",
                violation_error_message="A date to send something by says what to send.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("benefits:claim", args=[self.reference])

    @property
    def state(self) -> str:
        """Its status, where one that was cancelled after it had begun is “ended”."""
        return "ended" if self.ended else self.status

    @property
    def full_address(self) -> str:
        """The address on one line; the halves of the postcode stay together."""
        postcode = self.postcode.replace(" ", "\N{NO-BREAK SPACE}")
        return f"{self.address}, {postcode}"

    @property
    def needed_items(self) -> list[str]:
        """What the council needs from the resident, one thing each; empty when nothing."""
        return [item.strip() for item in self.needed.split(";") if item.strip()]

    @property
    def includes_housing_benefit(self) -> bool:
        """Whether the claim asks for Housing Benefit."""
        return self.type in (self.Type.HB, self.Type.HB_CTS)

    @property
    def pays_out(self) -> bool:
        """Whether it gives money, and not only a lower bill."""
        return self.type != self.Type.CTS

    @property
    def has_rent_to_tell(self) -> bool:
        """Whether its rent and bank account can change without the council knowing.

        Rent of a council home is the council's to know, and its benefit goes to the rent account.
        """
        return self.pays_out and self.tenancy != self.Tenancy.COUNCIL

    @property
    def includes_council_tax_support(self) -> bool:
        """Whether the claim asks for Council Tax Support."""
        return self.type in (self.Type.CTS, self.Type.HB_CTS)


class ClaimMemberQuerySet(models.QuerySet["ClaimMember"]):
    """Members of households."""

    def for_resident(self, resident: Resident) -> ClaimMemberQuerySet:
        """The households of the claims that this resident may see."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))

    def seen_by(self, people: models.QuerySet[Person]) -> ClaimMemberQuerySet:
        """Those who are one of these people and may see the claim that they are part of."""
        return self.filter(person__in=people, may_see=True)

    def now(self) -> ClaimMemberQuerySet:
        """Those who live there, in the back office's order."""
        return self.filter(end=None).order_by("number")


class ClaimMember(models.Model):
    """Somebody who counts in a claim, from one day to another; no end while they live there."""

    class Relation(models.TextChoices):
        CLAIMANT = "claimant", "Makes the claim"
        PARTNER = "partner", "Partner"
        CHILD = "child", "Child"
        NON_DEPENDANT = "non_dependant", "Adult who lives with you"
        JOINT_TENANT = "joint_tenant", "Joint tenant"
        OTHER = "other", "Other"

    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="members", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    relation = models.CharField(max_length=15, choices=Relation)
    name = models.CharField(max_length=200)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    may_see = models.BooleanField(
        "may see the claim", help_text="The claimant has agreed that this partner sees it all."
    )

    objects = ClaimMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "member of the household"
        verbose_name_plural = "members of the household"
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "number"],
                name="%(app_label)s_member_number_unique",
                violation_error_message="This claim already has a member with this number.",
            ),
            models.CheckConstraint(
                condition=Q(
                    relation__in=[
                        *("claimant", "partner", "child"),
                        *("non_dependant", "joint_tenant", "other"),
                    ]
                ),
                name="%(app_label)s_member_relation_known",
                violation_error_message="Use one of the known relations to the claimant.",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="%(app_label)s_member_ends_after_start",
                violation_error_message="Nobody can leave a household before they joined it.",
            ),
            models.CheckConstraint(
                condition=Q(may_see=False) | Q(relation="partner", end=None),
                name="%(app_label)s_member_only_a_partner_sees",
                violation_error_message="Only a partner who lives there may see a claim.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
