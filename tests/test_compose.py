"""The image and docker-compose.yml give each process what it needs, and no more."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = ("web", "worker", "sweeper", "beat", "migrate")
PINNED = re.compile(r"[a-z/]+:[\w.-]+@sha256:[0-9a-f]{64}")  # the tag is for people
SECRETS = {"SECRET_KEY": "s", "FIELD_KEYS": "f", "POSTGRES_PASSWORD": "p", "PORTAL_PASSWORD": "q"}


def program() -> list[str]:
    """Compose as a plugin of docker or as the older program; empty where there is neither."""
    if docker := shutil.which("docker"):
        plugin = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
        if plugin.returncode == 0:
            return [docker, "compose"]
    older = shutil.which("docker-compose")
    return [older] if older else []


PROGRAM = program()
needs_compose = pytest.mark.skipif(not PROGRAM, reason="Docker Compose is not installed")


def compose(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`docker compose config` with these variables and without anybody's .env."""
    shutil.copy(PROJECT / "docker-compose.yml", folder)
    return subprocess.run(
        [*PROGRAM, "config"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def database_of(service: str) -> str:
    """Its address, with the names of passwords in place of them."""
    return re.sub(r":\?[^}]*", "", SERVICES[service]["environment"]["DATABASE_URL"])


@needs_compose
def test_compose_accepts_the_file(tmp_path):
    done = compose(tmp_path, **SECRETS)

    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)


@needs_compose
@pytest.mark.parametrize("missing", SECRETS)
def test_compose_refuses_to_start_without_a_secret(tmp_path, missing):
    done = compose(tmp_path, **{name: value for name, value in SECRETS.items() if name != missing})

    assert done.returncode != 0
    assert "copy .env.example to .env" in done.stderr


def test_every_part_of_the_portal_is_there():
    others = {"postgres", "redis", "mailpit", "backoffice"}
    assert set(SERVICES) == {*PORTAL, *others}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_root_or_writes_to_its_image(name):
    service = SERVICES[name]

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"web", "migrate"}))
def test_every_service_says_whether_it_is_healthy(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_web_takes_its_health_check_from_the_image():
    assert "/health/live" in (PROJECT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_no_store_can_be_reached_from_outside(name):
    assert "ports" not in SERVICES[name]
    assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", ["web", "worker", "sweeper", "beat"])
def test_nothing_starts_before_the_tables_are_made(name):
    wanted = {"condition": "service_completed_successfully"}
    assert SERVICES[name]["depends_on"]["migrate"] == wanted


@pytest.mark.parametrize("name", PORTAL)
def test_only_who_migrates_signs_in_as_the_owner_of_the_tables(name):
    owner = SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    login = "owner" if name == "migrate" else "portal"
    assert owner == "owner"
    assert database_of(name).startswith(f"postgresql://{login}:")


def test_login_of_the_portal_is_let_in_by_who_migrates():
    migrate = SERVICES["migrate"]
    assert migrate["command"][-1].endswith("migrate --noinput && python manage.py let_portal_in")
    assert migrate["environment"]["PORTAL_DATABASE_URL"] == database_of("web")


@pytest.mark.parametrize("name", PORTAL)
def test_portal_is_given_all_that_production_requires(name):
    source = (PROJECT / "stockport" / "settings" / "production.py").read_text()
    required = re.findall(r'"(\w+)"', source.partition("env.require(")[2].partition(")")[0])

    assert required
    assert set(required) <= set(SERVICES[name]["environment"])


def test_example_of_settings_names_every_secret_and_holds_none():
    lines = (PROJECT / ".env.example").read_text().splitlines()

    assert {f"{name}=" for name in SECRETS} <= set(lines)


def test_every_image_is_pinned_by_its_digest():
    services = [service["image"] for service in SERVICES.values() if "build" not in service]
    stages = re.findall("^FROM (\\S+)(?: AS (\\S+))?", (PROJECT / "Dockerfile").read_text(), re.M)
    ours = {name for _, name in stages}
    taken = services + [image for image, _ in stages if image not in ours]

    assert len(taken) == 5
    assert [image for image in taken if not PINNED.fullmatch(image)] == []


def test_image_runs_as_a_numbered_user_and_leaves_tests_out():
    stages = (PROJECT / "Dockerfile").read_text().split("\nFROM ")

    assert "\nUSER 10001:10001\n" in stages[-1]
    assert "npm" not in stages[-1]
    assert "pip install" not in stages[-1]
    assert {"tests", ".*"} <= set((PROJECT / ".dockerignore").read_text().splitlines())
