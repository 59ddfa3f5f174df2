"""What was asked and answered about a report, in the words of that day: one column of the report.

Words, not links: what staff change about a question later changes nothing that was said.
"""

from __future__ import annotations

from typing import TypedDict

from django.db import models
from django.db.models import F, Func
from django.db.models.lookups import Exact

LONGEST_QUESTION = 150
LONGEST_ANSWER = 200
ATTRIBUTE = "^[a-z_]*$"

WHOLE = (
    '@.type() == "object"'
    f' && @.question like_regex "^.{{1,{LONGEST_QUESTION}}}$" flag "s"'
    f' && @.answer like_regex "^.{{1,{LONGEST_ANSWER}}}$" flag "s"'
    f' && @.attribute like_regex "{ATTRIBUTE}"'
)


class Answer(TypedDict):
    """An answer, with its question, and what the team's system calls it (or nothing)."""

    question: str
    answer: str
    attribute: str


def are_whole(column: str) -> Exact:
    """Whether the column is a list in which everything is an Answer: a filter leaves all of it."""
    kept = Func(
        F(column),
        template=f"jsonb_path_query_array(%(expressions)s, '$[*] ? ({WHOLE})')",
        output_field=models.JSONField(),
    )
    return Exact(F(column), kept)
