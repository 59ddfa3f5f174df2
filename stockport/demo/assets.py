"""What stands along the borough's streets, as the highways system would list it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians, sin
from random import Random

from stockport.demo.homes import Street, streets
from stockport.demo.reference import Postcode
from stockport.demo.rows import Row
from stockport.demo.years import monday_of

COLUMNS = (
    "kind,central_asset_id,site_code,feature_id,street,postcode,location_description,easting,"
    "northing,latitude,longitude,raise_new_job,ext_system_ref,logged_date,job_entry_date,"
    "programme_date,last_cleaned,next_clean,owner"
)
ON_A_STREET = {  # fewest and most
    "street_light": (10, 22),
    "grid": (3, 8),
    "lit_sign": (0, 2),
    "lit_bollard": (0, 1),
}
PREFIXES = {"street_light": "SL", "grid": "GY", "lit_sign": "LS", "lit_bollard": "LB"}
SPACING, KERB = 28, 4  # metres between two things, and from the middle of the road
METRES_A_DEGREE = 111_270  # of latitude at 53.4° north
METRES_A_DEGREE_EAST = 66_480  # of longitude there
PRIVATE = "13"  # streets whose USRN ends so are not adopted
REPORTABLE, PROGRAMMED, REPORTED = 1, 2, 3


@dataclass(frozen=True)
class Place:
    """A point: metres on the National Grid, and WGS84 degrees to the sixth decimal."""

    easting: int
    northing: int
    latitude: str
    longitude: str


def place(postcode: Postcode, east: float, north: float) -> Place:
    """The point so many whole metres east and north of a postcode's."""
    metres_east, metres_north = round(east), round(north)
    return Place(
        postcode.easting + metres_east,
        postcode.northing + metres_north,
        f"{postcode.latitude + metres_north / METRES_A_DEGREE:.6f}",
        f"{postcode.longitude + metres_east / METRES_A_DEGREE_EAST:.6f}",
    )


def assets(seed: int, today: date) -> Iterator[Row]:
    """Everything of the register, street by street."""
    for street in streets(seed):
        chosen = Random(f"{seed}:assets:{street.usrn}")  # noqa: S311
        direction = radians(chosen.randrange(180))
        for kind, (fewest, most) in ON_A_STREET.items():
            total = chosen.randint(fewest, most)
            for number in range(1, total + 1):
                yield _asset(kind, number, total, street, direction, chosen, today)


def _asset(
    kind: str,
    number: int,
    total: int,
    street: Street,
    direction: float,
    chosen: Random,
    today: date,
) -> Row:
    per_code = -(-total // len(street.postcodes))
    postcode = street.postcodes[(number - 1) // per_code]
    along = ((number - 1) % per_code - (per_code - 1) / 2) * SPACING
    side = KERB if number % 2 else -KERB
    east = along * cos(direction) - side * sin(direction)
    at = place(postcode, east, along * sin(direction) + side * cos(direction))
    is_grid = kind == "grid"
    asset = f"{PREFIXES[kind]}{street.usrn}{number:03}"
    house = number * 4 - (number % 2)
    return [
        *(kind, asset, street.usrn, "" if is_grid else str(number), street.name, postcode.code),
        *(_words(chosen, house), at.easting, at.northing, at.latitude, at.longitude),
        *_job(chosen, kind, asset, today),
        *_cleaning(chosen, is_grid, today),
        "private" if street.usrn.endswith(PRIVATE) else "",
    ]


def _words(chosen: Random, house: int) -> str:
    return chosen.choices(
        (f"Outside number {house}", f"Opposite number {house}", f"Side of number {house}"),
        (70, 22, 8),
    )[0]


def _job(chosen: Random, kind: str, asset: str, today: date) -> Row:
    """Whether a new job may be raised: yes, it is in a programme, or one is open already."""
    drawn, days = chosen.random(), chosen.randrange(28)
    monday = monday_of(today)
    if drawn < 0.93:
        return [REPORTABLE, "", None, None, None]
    if drawn < 0.97:
        return [PROGRAMMED, "", None, None, monday + timedelta(days=14 + days)]
    logged = monday - timedelta(days=3 + days)
    return [REPORTED, f"1010{asset[2:].zfill(8)[-8:]}", logged, logged + timedelta(days=1), None]


def _cleaning(chosen: Random, is_grid: bool, today: date) -> Row:
    days = chosen.randrange(20, 360)
    if not is_grid:
        return [None, None]
    cleaned = date(today.year, 1, 1) - timedelta(days=days)
    following = cleaned + timedelta(days=365)
    while following < today:
        cleaned, following = following, following + timedelta(days=365)
    return [cleaned, following]
