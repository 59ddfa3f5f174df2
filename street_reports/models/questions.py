"""What is asked about a fault, beside what everybody is asked. Staff edit these."""

from __future__ import annotations

from typing import TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import JSONObject

from street_reports.models.answers import ATTRIBUTE, LONGEST_QUESTION
from street_reports.models.assets import Kind
from street_reports.models.faults import FaultType
from street_reports.models.storms import Storm


class Offered(TypedDict):
    """A choice, as a form needs it."""

    id: int
    text: str
    is_dangerous: bool


class Asked(TypedDict):
    """A question, as a form needs it: without choices it is answered in a few words."""

    id: int
    text: str
    hint: str
    attribute: str
    is_required: bool
    is_asked: bool  # now; False where it is switched off, or the weather is another
    choices: list[Offered]


IS_ASKED = Q(is_active=True) & (
    Q(weather="always") | Q(weather="storm", is_storm=True) | Q(weather="calm", is_storm=False)
)


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions."""

    def of_each_fault(self) -> ArraySubquery:
        """All about each row of a query of fault types, as a list of Asked in the order shown."""
        choices = Choice.objects.filter(question=OuterRef("pk")).order_by("position", "pk")
        offered = choices.values(
            data=JSONObject(id="pk", text="text", is_dangerous="is_dangerous"),
        )
        about = self.filter(Q(faults=None) | Q(faults=OuterRef("pk")), kind=OuterRef("kind"))
        about = about.annotate(is_storm=Exists(Storm.objects.on()))
        return ArraySubquery(
            about.order_by("position", "pk").values(
                data=JSONObject(
                    id="pk",
                    text="text",
                    hint="hint",
                    attribute="attribute",
                    is_required="is_required",
                    is_asked=ExpressionWrapper(IS_ASKED, BooleanField()),
                    choices=ArraySubquery(offered),
                )
            )
        )


class Question(models.Model):
    """A question about the faults of a kind of asset, or about some of them."""

    class Weather(models.TextChoices):
        ALWAYS = "always", "Always"
        STORM = "storm", "Only in a storm"
        CALM = "calm", "Not in a storm"

    kind = models.CharField(max_length=20, choices=Kind)
    # A trigger of the database refuses faults of another kind (migration 0016).
    faults = models.ManyToManyField(
        FaultType,
        blank=True,
        related_name="questions",
        help_text="Only asked about these. None: asked about every fault of the kind.",
    )
    text = models.CharField(
        "question", max_length=LONGEST_QUESTION, help_text="As residents read it: “Since when?”"
    )
    hint = models.CharField(max_length=200, blank=True)
    is_required = models.BooleanField("residents must answer", default=False)
    attribute = models.CharField(
        max_length=40,
        blank=True,
        help_text="What the team’s system calls it (Open311), such as “since”: small letters and"
        " underscores. Its list of choices is then sent under this name too. Leave it empty where"
        " their system does not know it: strict systems refuse the report.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    weather = models.CharField(
        "asked",
        max_length=6,
        choices=Weather,
        default=Weather.ALWAYS,
        help_text="It is a storm while storm mode is on.",
    )
    is_active = models.BooleanField("residents are asked", default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "text"],
                name="%(app_label)s_question_text_unique",
                violation_error_message="This kind of asset already has this question.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="%(app_label)s_question_kind_known",
                violation_error_message="Choose one of the kinds that residents can report.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="%(app_label)s_question_has_text",
                violation_error_message="Say what is asked.",
            ),
            models.CheckConstraint(
                condition=Q(attribute__regex=ATTRIBUTE),
                name="%(app_label)s_question_attribute_plain",
                violation_error_message="An attribute has only small letters and underscores.",
            ),
            models.CheckConstraint(
                condition=Q(weather__in=["always", "storm", "calm"]),
                name="%(app_label)s_question_weather_known",
                violation_error_message="Ask it always, only in a storm, or not in a storm.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Choice(models.Model):
    """An answer to choose. A dangerous one is told by phone: it ends the form."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    text = models.CharField("answer", max_length=100, help_text="As residents read it.")
    is_dangerous = models.BooleanField(
        "ends the form",
        default=False,
        help_text="Who chooses it is told to phone, and nothing is sent.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "text"],
                name="%(app_label)s_choice_text_unique",
                violation_error_message="The question already has this answer.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="%(app_label)s_choice_has_text",
                violation_error_message="Say what can be chosen.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
