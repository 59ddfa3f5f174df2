"""What the demo council offers. Buildings are invented; their postcodes are real ones nearby."""

from __future__ import annotations

from typing import Any, NamedTuple

from appointments.models import Channel


class DemoLocation(NamedTuple):
    """A building: its fields, its desks with their lanes, and whether it opens on Saturdays."""

    slug: str
    fields: dict[str, Any]
    desks: dict[str, int]
    saturdays: bool = False


class DemoService(NamedTuple):
    """A service: its fields, and where it is given as (location, desk, channel)."""

    slug: str
    fields: dict[str, Any]
    at: list[tuple[str, str, Channel]]


IN_PERSON, PHONE, VIDEO, HOME = Channel.IN_PERSON, Channel.PHONE, Channel.VIDEO, Channel.HOME
REGISTER_OFFICE = "old-courthouse"

REGISTRARS = [(REGISTER_OFFICE, f"Registrar {number}", IN_PERSON) for number in (1, 2)]

LOCATIONS = [
    DemoLocation(
        "cedar-house",
        {
            "name": "Cedar House (demo)",
            "address": "1 Demo Street, Stockport",
            "postcode": "SK1 1AL",
            "latitude": "53.409801",
            "longitude": "-2.160472",
            "step_free": True,
            "accessible_toilet": True,
            "hearing_loop": True,
            "quiet_room": True,
            "parking": "3 spaces by the entrance",
            "directions": "Come to the reception on the ground floor and say your reference.",
        },
        {"Adviser 1": 1, "Adviser 2": 1, "Adviser 3": 1, "Housing room": 1, "Visiting officer": 1},
    ),
    DemoLocation(
        "millgate-centre",
        {
            "name": "Millgate Centre (demo)",
            "address": "2 Demo Road, Offerton",
            "postcode": "SK1 4ER",
            "latitude": "53.405851",
            "longitude": "-2.142317",
            "step_free": True,
            "hearing_loop": False,
            "directions": "The entrance is beside the library.",
        },
        {"Adviser 1": 1, "Adviser 2": 1},
    ),
    DemoLocation(
        REGISTER_OFFICE,
        {
            "name": "Old Courthouse Register Office (demo)",
            "address": "3 Demo Lane, Heaton Norris",
            "postcode": "SK4 2RA",
            "latitude": "53.424096",
            "longitude": "-2.170984",
            "step_free": True,
            "accessible_toilet": True,
            "quiet_room": True,
            "directions": "Ring the bell at the side door, where there is no step.",
        },
        {"Registrar 1": 1, "Registrar 2": 1},
        saturdays=True,
    ),
]

SERVICES = [
    DemoService(
        "council-tax-adviser",
        {
            "name": "Talk to a council tax adviser",
            "summary": "If you cannot pay, do not understand your bill or have moved home.",
            "duration": 30,
            "step": 30,
            "bring": "Your latest council tax bill\nA note of what you earn and spend",
        },
        [
            ("cedar-house", "Adviser 1", IN_PERSON),
            ("cedar-house", "Adviser 2", IN_PERSON),
            ("cedar-house", "Adviser 2", PHONE),
            ("cedar-house", "Adviser 3", VIDEO),
            ("millgate-centre", "Adviser 1", IN_PERSON),
        ],
    ),
    DemoService(
        "benefits-adviser",
        {
            "name": "Talk to a benefits adviser",
            "summary": "For help with Housing Benefit, Council Tax Support or an overpayment.",
            "duration": 45,
            "step": 15,
            "buffer_after": 15,
            "max_people": 3,
            "minutes_per_person": 15,
            "neutral_title": True,
            "bring": "Any letters about your claim\nProof of your income\n"
            "Your tenancy agreement, if you rent",
        },
        [
            ("cedar-house", "Adviser 2", IN_PERSON),
            ("cedar-house", "Adviser 3", IN_PERSON),
            ("cedar-house", "Adviser 3", PHONE),
            ("cedar-house", "Adviser 3", VIDEO),
            ("millgate-centre", "Adviser 1", IN_PERSON),
        ],
    ),
    DemoService(
        "housing-options",
        {
            "name": "Housing options",
            "summary": "If you are homeless, may lose your home or need another one.",
            "duration": 60,
            "step": 30,
            "min_notice": 2,
            "neutral_title": True,
            "bring": "Proof of who you are\nAny notice or letter from your landlord",
        },
        [
            ("cedar-house", "Housing room", IN_PERSON),
            ("cedar-house", "Housing room", PHONE),
        ],
    ),
    DemoService(
        "register-a-birth",
        {
            "name": "Register a birth",
            "summary": "Do this within 42 days of the birth.",
            "duration": 30,
            "step": 30,
            "bring": "Proof of who you are\nThe baby’s red book, if you have it",
        },
        [
            ("old-courthouse", "Registrar 1", IN_PERSON),
            ("old-courthouse", "Registrar 2", IN_PERSON),
        ],
    ),
    DemoService(
        "register-a-death",
        {
            "name": "Register a death",
            "summary": "Do this within 5 days of hearing from the medical examiner.",
            "duration": 45,
            "step": 15,
            "min_notice": 1,
            "neutral_title": True,
            "cooloff_minutes": 15,
            "reminder_hours": [24],
            "bring": "Proof of who you are\n"
            "Their birth and marriage certificates, if you have them",
        },
        [
            ("old-courthouse", "Registrar 1", IN_PERSON),
            ("old-courthouse", "Registrar 2", IN_PERSON),
        ],
    ),
    DemoService(
        "notice-of-marriage",
        {
            "name": "Give notice of marriage or civil partnership",
            "summary": "Both of you must come. Do this at least 29 days before the ceremony.",
            "duration": 60,
            "step": 30,
            "max_advance": 120,
            "reminder_hours": [168, 24],
            "bring": "Your passports\nProof of your addresses\n"
            "Papers that show how an earlier marriage ended",
        },
        REGISTRARS[1:],
    ),
    DemoService(
        "blue-badge",
        {
            "name": "Blue Badge help",
            "summary": "For help with applying for a Blue Badge, or if yours is lost.",
            "duration": 20,
            "step": 20,
            "longer_minutes": 20,
            "max_people": 4,
            "minutes_per_person": 20,
            "bring": "A photo of you\nProof of who you are\nProof of your address",
        },
        [
            ("millgate-centre", "Adviser 2", IN_PERSON),
            ("cedar-house", "Adviser 1", IN_PERSON),
        ],
    ),
    DemoService(
        "home-visit",
        {
            "name": "Home visit",
            "summary": "If illness or a disability keeps you from coming to us.",
            "duration": 60,
            "step": 30,
            "buffer_before": 30,
            "buffer_after": 30,
            "min_notice": 72,
            "bring": "Have any letters about it ready",
        },
        [("cedar-house", "Visiting officer", HOME)],
    ),
]
