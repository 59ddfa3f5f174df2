"""Streets and homes: invented names and numbers on real postcodes, the same every day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from random import Random

from stockport.demo.reference import Postcode, invented, postcodes

POSTCODES_A_STREET = 6
BANDS = ("A", "B", "C", "D", "E", "F", "G", "H")
BAND_SHARES = (24, 19, 21, 15, 11, 6, 3, 1)
MODEST = 3  # bands
KINDS = ("Road", "Street", "Avenue", "Lane", "Close", "Grove", "Drive")
TOWNS = {
    "SK6 1": "Romiley",
    "SK6 2": "Bredbury",
    "SK6 3": "Romiley",
    "SK6 4": "Romiley",
    "SK6 5": "Marple Bridge",
    "SK6 6": "Marple",
    "SK6 7": "Marple",
    "SK6 8": "High Lane",
    "SK7 1": "Bramhall",
    "SK7 2": "Bramhall",
    "SK7 3": "Bramhall",
    "SK7 4": "Hazel Grove",
    "SK7 5": "Hazel Grove",
    "SK7 6": "Hazel Grove",
    "SK8 1": "Cheadle",
    "SK8 2": "Cheadle",
    "SK8 3": "Heald Green",
    "SK8 4": "Gatley",
    "SK8 5": "Cheadle Hulme",
    "SK8 6": "Cheadle Hulme",
    "SK8 7": "Cheadle Hulme",
}


@dataclass(frozen=True)
class Town:
    """How many households there are, on how many streets; between two neighbours' numbers."""

    households: int
    streets: int
    apart: int

    @property
    def left_homes(self) -> int:
        """Index of the first home that somebody left; on another street than the one moved to."""
        return self.households + 61


DEMO = Town(households=400, streets=200, apart=40)


@dataclass(frozen=True)
class Street:
    """An invented street along a few neighbouring postcodes."""

    usrn: str
    name: str
    town: str
    postcodes: tuple[Postcode, ...]


@dataclass(frozen=True)
class Home:
    """A dwelling and the band it is listed in."""

    reference: str
    uprn: str
    number: int
    street: Street
    postcode: str
    band: str

    @property
    def line_1(self) -> str:
        """House number and street."""
        return f"{self.number} {self.street.name}"

    @property
    def address(self) -> str:
        """Everything but the postcode, on one line."""
        town = self.street.town
        return ", ".join(part for part in (self.line_1, town, "Stockport") if part)


@cache
def streets(seed: int, count: int = DEMO.streets) -> tuple[Street, ...]:
    """The borough's streets, spread over all its postcode sectors."""
    chosen = Random(f"{seed}:streets")  # noqa: S311
    chunks: list[tuple[Postcode, ...]] = []
    for _, group in groupby(postcodes(), key=lambda postcode: postcode.sector):
        sector = tuple(group)
        starts = range(0, len(sector) - POSTCODES_A_STREET, POSTCODES_A_STREET)
        chunks += [sector[at : at + POSTCODES_A_STREET] for at in starts]
    names = [f"{name} {kind}" for name in invented("street") for kind in KINDS]
    places = sorted(chosen.sample(chunks, count), key=lambda chunk: chunk[0].code)
    # Where there are more streets than names, places have namesakes.
    names *= count // len(names) + 1
    return tuple(
        Street(f"4410{index:04}", name, TOWNS.get(chunk[0].sector, ""), chunk)
        for index, (name, chunk) in enumerate(
            zip(chosen.sample(names, count), places, strict=True), start=1
        )
    )


def home(seed: int, index: int, town: Town = DEMO, *, modest: bool = False) -> Home:
    """The home with this index; two indexes never share an address. A modest one is A to C."""
    chosen = Random(f"{seed}:home:{index}")  # noqa: S311
    street = streets(seed, town.streets)[index * 7 % town.streets]
    shares = BAND_SHARES[:MODEST] if modest else BAND_SHARES
    number = 1 + index // town.streets * town.apart + chosen.randrange(town.apart)
    return Home(
        reference=f"PR{100_000 + index}",
        uprn=f"100099{index:06}",
        number=number,
        street=street,
        postcode=street.postcodes[number % POSTCODES_A_STREET].code,
        band=chosen.choices(BANDS[: len(shares)], shares)[0],
    )
