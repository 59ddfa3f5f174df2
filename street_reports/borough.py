"""A large, invented borough to measure with: the same lights, grids and reports every time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from django.db import connection

from stockport.demo.assets import place
from stockport.demo.reference import Postcode, postcodes
from street_reports.models import Asset, FaultType, Kind, Report
from street_reports.rules import TEAMS

STREETS = 4000  # about as many names as Stockport has
FIRST = (
    "Ash", "Bank", "Beech", "Birch", "Bram", "Brook", "Burn", "Chad", "Cliff", "Cran", "Dale",
    "Elm", "Fern", "Fir", "Glen", "Hawk", "Hazel", "Heath", "Hill", "Holm", "Kings", "Lang",
    "Lime", "Long", "Mar", "Mead", "Mill", "Moor", "Oak", "Pine", "Ring", "Rose", "Row", "Shaw",
    "Stan", "Thorn", "Wal", "West", "Wood", "Wych",
)  # fmt: skip
SECOND = (
    "field", "ton", "ley", "wood", "croft", "dale", "hurst", "crest", "bury", "mere", "side",
    "bourne", "worth", "ham",
)  # fmt: skip
LAST = ("Road", "Street", "Avenue", "Drive", "Close", "Grove", "Lane", "Crescent")
SPACING = 28  # metres between two things on a street
FEWEST = 20  # assets on a street, where there are too few for all streets
LIGHTS_OF_TEN = 4
OPEN_OF = 25  # one asset in so many has an open report

COLUMNS = (
    "kind", "central_asset_id", "site_code", "feature_id", "street", "postcode",
    "location_description", "easting", "northing", "latitude", "longitude", "raise_new_job",
    "ext_system_ref", "last_cleaned", "owner",
)  # fmt: skip

DELIVERIES = """
    INSERT INTO outbox_delivery (id, destination_id, kind, reference, payload, state, next_step,
        attempt_count, remote_reference, remote_token, reason, created_at, sent_at)
    SELECT md5(%(seed)s || n)::uuid, d.id, 'street_report',
        t.prefix || '-' || overlay(lpad(n::text, 8, '0') placing '-' from 5 for 0), '{}', 'sent',
        'send', 1, '', '', '', now() - n * interval '3 minutes', now()
    FROM generate_series(1, %(reports)s) AS n
    JOIN street_reports_asset AS a ON a.id = %(first)s + n %% %(assets)s
    JOIN unnest(%(kinds)s::text[], %(prefixes)s::text[], %(slugs)s::text[])
        AS t(kind, prefix, slug) ON t.kind = a.kind
    JOIN outbox_destination AS d ON d.slug = t.slug
"""
REPORTS = """
    INSERT INTO street_reports_report (public_id, reference, kind, fault_id, asset_id, location,
        postcode, latitude, longitude, description, answers, wants_updates, status,
        closure_reason_id, created_at, changed_at, is_private, due_on,
        form_token, delivery_id, destination_id)
    SELECT v.id, v.reference, a.kind, f.ids[1 + n %% cardinality(f.ids)], a.id, a.street,
        a.postcode, a.latitude, a.longitude, '', '[]', false,
        CASE WHEN n <= %(assets)s AND n %% %(open_of)s = 0 THEN 'received' ELSE 'fixed' END,
        CASE WHEN n <= %(assets)s AND n %% %(open_of)s = 0 THEN NULL ELSE 'fixed' END,
        v.created_at, v.created_at, false,
        CASE WHEN n %% 3 > 0 THEN (v.created_at + interval '28 days')::date END,
        v.id, v.id, v.destination_id
    FROM generate_series(1, %(reports)s) AS n
    JOIN street_reports_asset AS a ON a.id = %(first)s + n %% %(assets)s
    JOIN outbox_delivery AS v ON v.id = md5(%(seed)s || n)::uuid
    JOIN (SELECT kind, array_agg(id ORDER BY code) AS ids FROM street_reports_faulttype
        GROUP BY kind) AS f ON f.kind = a.kind
"""


def street_names() -> list[str]:
    """The names of the borough's streets; Ashfield Road is the first."""
    stems = [a + b for b, a in product(SECOND, FIRST)]
    return [f"{stem} {last}" for last, stem in product(LAST, stems)][:STREETS]


def load_assets(number: int) -> None:
    """So many lights and grids, street by street, into an empty table."""
    statement = f"COPY street_reports_asset ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in assets(number):
            copy.write_row(row)


def assets(number: int) -> Iterator[tuple[object, ...]]:
    """The rows of COLUMNS."""
    codes = postcodes()
    names = street_names()[: max(1, number // FEWEST)]
    each = -(-number // len(names))
    for index in range(number):
        street, position = divmod(index, each)
        middle = codes[street * len(codes) // len(names)]
        yield _asset(street, names[street], position, each, middle)


def _asset(
    street: int, name: str, position: int, each: int, postcode: Postcode
) -> tuple[object, ...]:
    along = (position - each / 2) * SPACING
    east, north = (along, 4) if street % 2 else (4, along)
    at = place(postcode, east, north)
    is_light = position % 10 < LIGHTS_OF_TEN
    return (
        Kind.STREET_LIGHT if is_light else Kind.GRID,
        f"{street:05}{position:03}",
        f"3840{street:04}",
        f"{position + 1:03}" if is_light else "",
        name,
        postcode.code,
        f"Outside number {position * 4 + 1}",
        *(at.easting, at.northing, at.latitude, at.longitude),
        Asset.NewJob.PROGRAMMED if position % 20 == 7 else Asset.NewJob.REPORTABLE,
        "",
        None if is_light else "2026-03-02",
        "",
    )


def load_reports(number: int) -> None:
    """So many reports over all assets, the newest first; one asset in 25 has an open one."""
    first = Asset.objects.earliest("pk").pk
    values: dict[str, str | int | list[str]] = {
        "seed": "measured",
        "reports": number,
        "first": first,
        "assets": Asset.objects.latest("pk").pk - first + 1,
        "open_of": OPEN_OF,
        "kinds": list(TEAMS),
        "prefixes": [team.prefix for team in TEAMS.values()],
        "slugs": [team.destination for team in TEAMS.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(DELIVERIES, values)
        cursor.execute(REPORTS, values)


def know_what_is_there() -> None:
    """Let the database's planner count, as it does by itself at night."""
    tables = [model._meta.db_table for model in (Asset, FaultType, Report)]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
