"""What Lighthouse says of the main pages: performance, accessibility, best practices, of 100.

Run by `make bench`, with the demo borough on a test database of its own, and a web server with
static files as in production; exit code 1 where a limit is broken. Lighthouse looks as somebody
with a slow phone on a slow line. It is installed when it first runs (docs/adr/0037-lighthouse.md).
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import django

HERE = Path(__file__).resolve().parent
LIGHTHOUSE = HERE / "lighthouse"
SETTINGS = "benchmarks.without_debug"
LIMIT, TRIES = 98, 3
CATEGORIES = ("performance", "accessibility", "best-practices")
ANYBODY = ("/", "/account/sign-in/")
SIGNED_IN = ("/dashboard/", "/council-tax/", "/benefits/", "/appointments/", "/street-reports/")
CHROME = "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


def main() -> int:
    """Prints one line a page, and what costs points below it."""
    from benchmarks.bench_pages import demo_resident
    from benchmarks.crowd import web_server
    from tests.journeys.visitor import chromium

    browser = chromium()
    if not browser:
        sys.stdout.write(
            "Lighthouse: skipped, there is no Chromium (docs/adr/0037-lighthouse.md)\n"
        )
        return 0
    variables = environment(browser)
    install(variables)
    cookies = demo_resident().cookies
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    sys.stdout.write(f"{'page':20}{''.join(f'{name:>16}' for name in CATEGORIES)}{'limit':>8}\n")
    with web_server(SETTINGS) as port:
        site = f"http://localhost:{port}"
        results = [tell(path, best(site + path, variables)) for path in ANYBODY]
        results += [tell(path, best(site + path, variables, cookie)) for path in SIGNED_IN]
    return max(results)


def environment(browser: str) -> dict[str, str]:
    """Variables in which the Node.js of the requirements comes first: a new one."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return os.environ | {"CHROME_PATH": browser, "PATH": path}


def install(variables: dict[str, str]) -> None:
    """The locked packages, once; and the static files, named as in production."""
    if not (LIGHTHOUSE / "node_modules").exists():
        npm = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run(npm, cwd=LIGHTHOUSE, env=variables, check=True)
    collect = (sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
    settings = variables | {"DJANGO_SETTINGS_MODULE": SETTINGS}
    subprocess.run(collect, cwd=HERE.parent, env=settings, check=True)


def best(url: str, variables: dict[str, str], cookie: str = "") -> dict[str, Any]:
    """The best of up to three reports: whatever else runs here only makes a page seem slower."""
    reports: list[dict[str, Any]] = []
    for _ in range(TRIES):
        reports += look(url, variables, cookie)
        if reports and not below(reports[-1]):
            break
    if not reports:
        sys.exit(f"Lighthouse could not look at {url}.")
    return max(reports, key=scores)


def look(url: str, variables: dict[str, str], cookie: str) -> list[dict[str, Any]]:
    """What Lighthouse reports of a page; on a busy machine it may miss the beginning, and fail."""
    command = ["node", str(LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"), url]
    command += ["--output=json", "--quiet", "--no-enable-error-reporting", CHROME]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    if cookie:
        command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    if done.returncode:
        sys.stdout.write(f"  {done.stderr.strip()}\n")
        return []
    report = json.loads(done.stdout)
    assert report["finalDisplayedUrl"] == url, report["finalDisplayedUrl"]  # noqa: S101
    return [report]


def scores(report: dict[str, Any]) -> list[int]:
    """Of 100, one for each category."""
    return [round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES]


def below(report: dict[str, Any]) -> bool:
    """Whether one of them is below the limit."""
    return min(scores(report)) < LIMIT


def tell(path: str, report: dict[str, Any]) -> int:
    """Prints the page's figures; 1 where one is below the limit, otherwise 0."""
    figures = "".join(f"{score:16}" for score in scores(report))
    sys.stdout.write(f"{path:20}{figures}{LIMIT:8}{'  BROKEN' if below(report) else ''}\n")
    for reason in lost(report) if below(report) else []:
        sys.stdout.write(f"  {reason}\n")
    sys.stdout.flush()
    return int(below(report))


def lost(report: dict[str, Any]) -> list[str]:
    """What costs points: each audit that counts and is not perfect."""
    counted = {
        reference["id"]
        for category in report["categories"].values()
        for reference in category["auditRefs"]
        if reference["weight"]
    }
    audits = [report["audits"][name] for name in sorted(counted)]
    return [
        f"{audit['score']}: {audit['title']} {audit.get('displayValue', '')}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.test")
    django.setup()
    logging.disable(logging.WARNING)

    from benchmarks.bench_pages import on_a_test_database

    sys.exit(on_a_test_database(main))
