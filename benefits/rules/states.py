"""What the state of a claim means, in words for residents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StatusWords:
    """A claim's state for residents: a tag with its colour, what it means, what happens next.

    `awards` heads the list of its weekly awards.
    """

    label: str
    colour: str
    meaning: str
    next_step: str
    awards: str = "What you get"


# Housing Benefit takes new claims from people of pension age, and in supported or temporary housing
# (SI 2014/1230, regulation 6A).
NEW_CLAIM = (
    "To get help with council tax you need a new claim. It usually counts from the day that you"
    " make it, so do not wait. Help with rent is part of Universal Credit now, unless you have"
    " reached pension age or live in supported or temporary housing."
)
KEEP_PAYING = "Until then, keep paying your rent and council tax."
STATUS_WORDS = {
    "current": StatusWords(
        "In payment",
        "green",
        "You are getting this help now.",
        "Tell us straight away if anything changes, such as your income or who lives with you.",
    ),
    "future": StatusWords(
        "Starts soon",
        "blue",
        "We have decided your claim. Your help has not started yet.",
        f"Tell us straight away if anything changes before it starts. {KEEP_PAYING}",
        "What you will get",
    ),
    "cancelled": StatusWords(
        "Cancelled",
        "grey",
        "This claim was cancelled before it paid anything.",
        "If you think that this is a mistake, write to us within one month of our letter about"
        f" it. {NEW_CLAIM}",
    ),
    "ended": StatusWords(
        "Ended",
        "grey",
        "This claim has ended. You can still see what it paid.",
        NEW_CLAIM,
    ),
    "pending": StatusWords(
        "Being assessed",
        "yellow",
        "We have your claim and are working out what help you can get.",
        # SI 2006/213, regulation 89; SI 2012/2885, schedule 8, paragraph 11
        "You do not need to do anything. We will write to you if we need more. We decide within 14"
        f" days of having all that we need, or as soon after that as we can. {KEEP_PAYING}",
    ),
    "suspended": StatusWords(
        "Payments on hold",
        "red",
        "We have put your payments on hold while we check something with you.",
        # SI 2001/1002, regulations 11 to 14
        "Send us what we ask for. Once we have it, we pay what we kept back if it is still due,"
        " usually within 14 days. If we do not get it in time, your claim may end from the day that"
        " we put it on hold.",
        "What you got before payments were put on hold",
    ),
    "defective": StatusWords(
        "More needed",
        "orange",
        "We cannot decide your claim yet, because something is missing.",
        # SI 2006/213, regulation 83: a claim that is put right in time counts from its first day.
        "Send us what we ask for. If we get it in time, your claim counts from the day that we"
        f" first got it. If not, you may get nothing. {KEEP_PAYING}",
    ),
}
UNKNOWN_STATUS = StatusWords(
    "Ask us", "grey", "We cannot show where this claim stands.", "Contact us about it."
)


def status_words(status: str) -> StatusWords:
    """What a state of the back office means; an unknown one sends the resident to the council."""
    return STATUS_WORDS.get(status, UNKNOWN_STATUS)
