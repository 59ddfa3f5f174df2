"""What can be reported to the demo back office, and what each report must say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attribute:
    """A question of a service. `automated` ones are filled in by the caller, not by people."""

    code: str
    description: str
    required: bool = False
    datatype: str = "string"
    automated: str = ""


@dataclass(frozen=True)
class Service:
    """Something that can be reported."""

    code: str
    name: str
    group: str
    team: str

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """What a report of it may say besides the fields that every report has."""
        return KNOWN + ASKED[self.group]


HIDDEN = "hidden_field"
# What the caller knows without asking anybody, named as in Stockport's own asset maps. Only the
# reference is needed: not everything that breaks is on the map.
KNOWN = (
    Attribute("report_reference", "The caller's own reference", required=True, automated=HIDDEN),
    Attribute("central_asset_id", "The asset", automated=HIDDEN),
    Attribute("site_code", "The street", automated=HIDDEN),
    Attribute("feature_id", "The number on the plate", automated=HIDDEN),
    Attribute("easting", "British National Grid, metres", datatype="number", automated=HIDDEN),
    Attribute("northing", "British National Grid, metres", datatype="number", automated=HIDDEN),
)
# What people are asked, by the group of the service.
SEVERAL = Attribute("one_or_several", "Whether it is one, or several")
LIT = (SEVERAL, Attribute("since", "Since when"))
ASKED = {
    "Street lights": LIT,
    "Lit signs": LIT,
    "Lit bollards": LIT,
    "Road grids": (
        SEVERAL,
        Attribute("blocked", "Whether the road or the pavement is blocked"),
        Attribute("rained", "Whether it has rained heavily within the last hours"),
    ),
}
LIGHTS = {
    "light-out": "Street light not working",
    "light-several-out": "Several street lights in a row not working",
    "light-flickering": "Street light flickering",
    "light-dim": "Street light dim",
    "light-day": "Street light on all day",
    "light-glare": "Street light shining into a home",
    "light-damaged": "Street light damaged, not dangerous",
    "light-hidden": "Street light hidden by a tree or bush",
    "light-graffiti": "Street light with graffiti or stickers",
    "light-plate": "Number plate of a street light missing",
    "light-noise": "Street light making a noise",
    "light-other": "Other fault of a street light",
}
SIGNS = {
    "sign-out": "Lit sign not working",
    "sign-flickering": "Lit sign flickering",
    "sign-day": "Lit sign on all day",
    "sign-damaged": "Lit sign damaged, not dangerous",
    "sign-hidden": "Lit sign hidden by a tree or bush",
    "sign-graffiti": "Lit sign dirty, or with graffiti or stickers",
    "sign-other": "Other fault of a lit sign",
}
BOLLARDS = {
    "bollard-out": "Lit bollard not working",
    "bollard-flickering": "Lit bollard flickering",
    "bollard-day": "Lit bollard on all day",
    "bollard-damaged": "Lit bollard damaged, not dangerous",
    "bollard-graffiti": "Lit bollard dirty, or with graffiti or stickers",
    "bollard-other": "Other fault of a lit bollard",
}
GRIDS = {
    "grid-blocked": "Road grid blocked",
    "grid-water": "Water standing on the road",
    "grid-overflowing": "Road grid overflowing",
    "grid-smell": "Road grid smelling",
    "grid-noisy": "Cover of a road grid rocking or noisy",
    "grid-sunken": "Road grid lower or higher than the road",
    "grid-poured": "Concrete, oil or paint in a road grid",
    "grid-other": "Other fault of a road grid",
}
SERVICES = {
    code: Service(code, name, group, team)
    for names, group, team in (
        (LIGHTS, "Street lights", "lighting team"),
        (SIGNS, "Lit signs", "lighting team"),
        (BOLLARDS, "Lit bollards", "lighting team"),
        (GRIDS, "Road grids", "drainage team"),
    )
    for code, name in names.items()
}
