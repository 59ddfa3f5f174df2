"""What people write when they look for a light or a grid, and distances. No database, no clock."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

MOST_PHOTOS: Final = 3  # of one report
POSITIONS: Final = range(1, MOST_PHOTOS + 1)
PHOTOS_A_DAY: Final = 30  # of one resident: ten reports with all their photos

METRES_PER_DEGREE: Final = 111_320  # of latitude

# Spellings of the last word of a street's name, all equal. “St” is also the saint.
SPELLINGS: Final = (
    ("road", "rd"),
    ("street", "st", "str", "saint"),
    ("avenue", "ave", "av"),
    ("lane", "ln", "la"),
    ("drive", "dr", "drv"),
    ("close", "cl", "clo"),
    ("crescent", "cres", "cr", "crs"),
    ("court", "ct", "crt"),
    ("gardens", "gdns", "gdn", "garden"),
    ("grove", "gr", "grv"),
    ("place", "pl"),
    ("square", "sq"),
    ("terrace", "ter", "terr"),
    ("mount", "mt"),
    ("park", "pk"),
    ("way", "wy"),
    ("north", "nth"),
    ("south", "sth"),
)
EQUAL: Final = {spelling: group for group in SPELLINGS for spelling in group}
# Said of the thing or of the place, no part of a street's name.
NOISE: Final = frozenset(
    {
        "lamp",
        "lamps",
        "lamppost",
        "lampposts",
        "light",
        "lights",
        "streetlight",
        "post",
        "column",
        "pole",
        "plate",
        "lit",
        "sign",
        "signs",
        "bollard",
        "bollards",
        "grid",
        "grids",
        "drain",
        "drains",
        "gully",
        "gulley",
        "number",
        "no",
        "nr",
        "num",
        "the",
        "on",
        "in",
        "at",
        "of",
        "stockport",
    }
)
POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b", re.I)
LAMP = re.compile(r"\b(street\s+li(?:gh|th)ts?|street\s+lamps?|lamp\s*posts?)\b", re.I)
HOUSE = re.compile(r"\b(outside|opposite|opp|near|by|next to|in front of|behind)\b.*", re.I)
RELATIONS: Final = frozenset(
    {"outside", "opposite", "side", "near", "next", "at", "by", "behind", "junction", "corner"}
)
LONGEST_NAME: Final = 6


@dataclass(frozen=True)
class Team:
    """Who deals with a kind of asset: the outbox destination, and how references begin."""

    destination: str
    prefix: str


TEAMS: Final = {
    "street_light": Team(destination="street-lighting", prefix="SL"),
    "lit_sign": Team(destination="street-lighting", prefix="LS"),
    "lit_bollard": Team(destination="street-lighting", prefix="LB"),
    "grid": Team(destination="highways-drainage", prefix="GR"),
}


@dataclass(frozen=True)
class Point:
    """A place: WGS84 degrees."""

    latitude: float
    longitude: float

    def square(self, metres: int) -> dict[str, tuple[float, float]]:
        """The square of this half-width around it, as a filter of what has its two fields."""
        north = metres / METRES_PER_DEGREE
        east = north / math.cos(math.radians(self.latitude))
        return {
            "latitude__range": (self.latitude - north, self.latitude + north),
            "longitude__range": (self.longitude - east, self.longitude + east),
        }

    def metres_to(self, other: Point) -> int:
        """The distance in whole metres, on a flat map: right to a metre within the borough."""
        north = (other.latitude - self.latitude) * METRES_PER_DEGREE
        narrowing = math.cos(math.radians((self.latitude + other.latitude) / 2))
        east = (other.longitude - self.longitude) * METRES_PER_DEGREE * narrowing
        return round(math.hypot(north, east))


@dataclass(frozen=True)
class Search:
    """What somebody looks for: any of postcode, plate number (digits) and words of a street.

    `name` is the words as they were written, to say them back.
    """

    postcode: str = ""
    number: str = ""
    words: tuple[tuple[str, ...], ...] = ()
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.postcode or self.number or self.words)


def postcode_in(text: str) -> str:
    """The first postcode in the text as printed, “SK3 8AB”, or an empty string."""
    if found := POSTCODE.search(text):
        return f"{found[1]} {found[2]}".upper()
    return ""


def read_search(text: str) -> Search:
    """What “14 Ashfield Rd”, “lamp 014 ashfield”, “sk38ab” or a mix of these looks for."""
    postcode = postcode_in(text)
    rest = LAMP.sub(" ", HOUSE.sub("", POSTCODE.sub(" ", text)))
    tokens = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", rest.lower()))
    numbers = [token for token in tokens if any(c.isdigit() for c in token)]
    named = [token for token in tokens if token not in numbers]
    kept = [token for token in named if token not in NOISE] if numbers or postcode else None
    words = (kept if kept is not None else _without_noise(named))[:LONGEST_NAME]
    return Search(
        postcode=postcode,
        number=plate_number(numbers[0]) if numbers else "",
        words=tuple(EQUAL.get(word, (word,)) for word in words),
        name=" ".join(words).title(),
    )


def _without_noise(words: list[str]) -> list[str]:
    """The words of the name; all of them where nothing else is left."""
    return [word for word in words if word not in NOISE] or words


def mid_sentence(description: str) -> str:
    """“Outside number 68” inside a sentence: “outside number 68”. Names stay as they are."""
    first, space, rest = description.partition(" ")
    return f"{first.lower()}{space}{rest}" if first.lower() in RELATIONS else description


def plate_number(plate: str) -> str:
    """The digits of a plate without leading zeros; the database does the same to each asset."""
    return re.sub(r"\D", "", plate).lstrip("0")


def place_for_others(asset_id: int | None, location: str, postcode: str) -> str:
    """Where a report is, for others than its reporter: of no asset, the words are theirs."""
    if asset_id is not None:
        return location
    return f"Near {postcode}" if postcode else "A place that is on no list"
