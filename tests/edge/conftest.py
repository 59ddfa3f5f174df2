"""The portal as a council runs it: production settings, Redis, gunicorn, and nginx with TLS."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import settings

from tests import database
from tests.drills.broker import Redis
from tests.drills.process import PROJECT, Process, free_port, wait_for
from tests.edge.browser import NAME, Browser, Site

NEEDED = ("nginx", "redis-server", "openssl")
MISSING = "Tests through a real proxy need Debian's nginx-light, redis-server and openssl."
MAIN = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {servers}
}}
"""


@pytest.fixture(scope="session")
def programs() -> dict[str, str]:
    """Where they are; without one the test is skipped, and in CI it fails."""
    places = os.environ.get("PATH", os.defpath) + ":/usr/sbin"
    found = {name: shutil.which(name, path=places) for name in NEEDED}
    if None in found.values():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return {name: path for name, path in found.items() if path}


@pytest.fixture(scope="session")
def production() -> dict[str, str]:
    """What a council sets, but for where its services are; static files are collected."""
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "stockport.settings.production",
        "SECRET_KEY": "a-secret-of-these-tests-that-is-as-long-as-it-has-to-be",
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": NAME,
        "SITE_URL": f"https://{NAME}",
        "DEFAULT_FROM_EMAIL": "no-reply@council.example",
        "DUTY_EMAILS": "duty@council.example",
        "EMAIL_HOST": "localhost",
        "TRUSTED_PROXY_COUNT": "1",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=PROJECT, env=variables, check=True)
    return variables


@pytest.fixture
def site(
    django_db_serialized_rollback: None,
    programs: dict[str, str],
    production: dict[str, str],
    tmp_path: Path,
) -> Iterator[Site]:
    """The proxy's two ports, the portal's own, and the certificate to trust."""
    redis = Redis(programs["redis-server"], tmp_path)
    started = [redis]
    try:
        redis.start()
        variables = production | {"DATABASE_URL": database.url(), "REDIS_URL": redis.url}
        portal = free_port()
        command = [sys.executable, "-m", "gunicorn", "stockport.wsgi", "--no-control-socket"]
        command += ["--bind", f"127.0.0.1:{portal}", "--threads", "4"]
        site = Site(free_port(), free_port(), portal, certificate(programs["openssl"], tmp_path))
        proxy = [programs["nginx"], "-p", str(tmp_path), "-c", str(configured(site, tmp_path))]
        for name, started_by in (("web", command), ("nginx", proxy)):
            process = Process(name, started_by, variables, tmp_path / f"{name}.out")
            process.start()
            started.append(process)
        wait_for(lambda: answers(site), "the portal answers through the proxy")
        yield site
    finally:
        for process in reversed(started):
            process.end()


def answers(site: Site) -> bool:
    try:
        return Browser(site).get("/").status == 200
    except OSError:
        return False


def certificate(openssl: str, folder: Path) -> Path:
    """Of our own, for the name and for this machine."""
    place = folder / "site.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(folder / "site.key"), "-out", str(place), "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    return place


def configured(site: Site, folder: Path) -> Path:
    """The file that councils are given, with the ports and the certificate of this test."""
    changes: Mapping[str, str] = {
        "listen 80;": f"listen 127.0.0.1:{site.http};",
        "listen 443 ssl": f"listen 127.0.0.1:{site.https} ssl",
        "127.0.0.1:8000": f"127.0.0.1:{site.portal}",
        "/etc/ssl/my-account.pem": str(site.certificate),
        "/etc/ssl/my-account.key": str(folder / "site.key"),
    }
    servers = (PROJECT / "docs" / "nginx.conf").read_text()
    for theirs, ours in changes.items():
        assert theirs in servers
        servers = servers.replace(theirs, ours)
    place = folder / "nginx.conf"
    place.write_text(MAIN.format(folder=folder, servers=servers))
    return place
