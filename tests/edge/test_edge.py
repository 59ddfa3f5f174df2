"""What only shows through a real proxy, over TLS, with the settings of production."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Resident
from stockport.outbox.models import Delivery
from stockport.settings.accounts import PASSWORD_HASHERS
from tests.edge.browser import NAME, SIGN_IN, Browser, Site, plainly
from tests.factories.accounts import PASSWORD, ResidentFactory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    # In one worker: another would collect the static files that the portal of this one reads.
    pytest.mark.xdist_group("edge"),
]
TOO_MANY = "There have been too many tries."
WRONG = "wrong horse battery"
IN_A_MINUTE = 20  # wrong passwords from one address


@pytest.fixture(autouse=True)
def passwords_as_in_production(settings: Settings) -> None:
    """Tests have a hash of their own, which takes no time."""
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


def residents(number: int) -> list[Resident]:
    made = ResidentFactory.create_batch(number)
    for resident in made:
        resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    return made


def test_forged_address_neither_evades_a_limit_nor_blocks_whose_it_is(site: Site) -> None:
    [victim] = residents(1)
    refused = []
    for number in range(IN_A_MINUTE + 5):
        forged = {"X_Forwarded_For": f"127.0.0.9, 198.51.100.{number}"}
        guess = Browser(site, "127.0.0.2").sign_in(f"r{number}@example.org", WRONG, **forged)
        refused.append(TOO_MANY in guess.text)
    assert refused[0] is False
    assert refused[-1] is True
    assert Browser(site, "127.0.0.9").sign_in(victim.email, PASSWORD).status == 302


def test_forty_residents_behind_the_proxy_sign_in_within_a_minute(site: Site) -> None:
    def signs_in(number: int, resident: Resident) -> int:
        return Browser(site, f"127.0.1.{number}").sign_in(resident.email, PASSWORD).status

    everybody = residents(40)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(signs_in, range(1, 41), everybody)) == {302}


def test_cookies_are_for_this_host_over_tls_and_for_no_script(site: Site) -> None:
    [resident] = residents(1)
    browser = Browser(site)
    signed_in = browser.sign_in(resident.email, PASSWORD)
    assert browser.get("/dashboard/").status == 200
    cookies = signed_in.headers.get_all("Set-Cookie", [])
    assert any(cookie.startswith("__Host-sessionid=") for cookie in cookies)
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "SameSite=" in cookie
        assert "Domain=" not in cookie


def test_http_leads_to_https_which_browsers_remember(site: Site) -> None:
    plain = plainly(site.http, "/council-tax/?year=2026/27")
    assert plain.status == 301
    assert plain.headers["Location"] == f"https://{NAME}/council-tax/?year=2026/27"
    behind = plainly(site.portal, SIGN_IN)
    assert (behind.status, behind.headers["Location"]) == (301, f"https://{NAME}{SIGN_IN}")
    kept = Browser(site).get("/").headers["Strict-Transport-Security"]
    assert kept == "max-age=63072000; includeSubDomains; preload"


def test_health_is_asked_of_the_portal_itself_and_of_nobody_else(site: Site) -> None:
    assert plainly(site.portal, "/health/ready").status == 200
    for path in ("/health/ready", "/health/live", "/metrics"):
        assert Browser(site).get(path).status == 404


def test_another_host_is_refused_and_is_in_no_mail(site: Site) -> None:
    [resident] = residents(1)
    assert Browser(site).get("/", Host="evil.example").status == 400
    forged = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example"}
    asked = Browser(site).send("/account/password/reset/", {"email": resident.email}, **forged)
    assert asked.status == 302
    mail = str(Delivery.objects.get().payload)
    assert f"https://{NAME}/" in mail
    assert "evil" not in mail


def test_what_is_too_large_is_refused_at_the_door(site: Site) -> None:
    large = Browser(site).send(SIGN_IN, {"login": "a" * (33 * 1024 * 1024)})
    assert large.status == 413
