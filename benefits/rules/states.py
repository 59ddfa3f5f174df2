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
    "Contact us about a new claim for help with council tax. Help with rent is part of Universal"
    " Credit now, unless you have reached pension age or live in supported or temporary housing."
)
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
        "Tell us straight away if anything changes before it starts.",
        "What you will get",
    ),
    "cancelled": StatusWords(
        "Cancelled",
        "grey",
        "This claim was cancelled before it paid anything.",
        f"If you think that this is a mistake, contact us. {NEW_CLAIM}",
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
        "You do not need to do anything. We will contact you if we need more from you.",
    ),
    "suspended": StatusWords(
        "Payments on hold",
        "red",
        "We have put your payments on hold while we check something with you.",
        "Send us what we ask for. If we do not get it in time, your claim may end from the day"
        " that we put it on hold.",
        "What you got before payments were put on hold",
    ),
    "defective": StatusWords(
        "More needed",
        "orange",
        "We cannot decide your claim yet, because something is missing.",
        "Send us what we ask for, so that we can decide your claim.",
    ),
}
UNKNOWN_STATUS = StatusWords(
    "Ask us", "grey", "We cannot show where this claim stands.", "Contact us about it."
)


def status_words(status: str) -> StatusWords:
    """What a state of the back office means; an unknown one sends the resident to the council."""
    return STATUS_WORDS.get(status, UNKNOWN_STATUS)
