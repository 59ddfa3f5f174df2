"""What every request gets: health answers, an identity in the logs, and protective headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django_structlog.middlewares import RequestMiddleware

from stockport.operations import health, metrics
from stockport.services import services

if TYPE_CHECKING:
    GetResponse = Callable[[HttpRequest], HttpResponse]


def permissions(*, geolocation: str = "") -> str:
    """The Permissions-Policy: nothing, or a page's own origin (“self”) may ask for the place."""
    return f"camera=(), geolocation=({geolocation}), microphone=(), payment=(), usb=()"


HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": permissions(),
    # Where browsers say what Content-Security-Policy stopped (stockport/policy_reports.py).
    "Reporting-Endpoints": 'policy="/policy-report/"',
}


class HealthMiddleware:
    """Answers /health/… and /metrics before host names, HTTPS and sessions are looked at.

    A load balancer asks by IP address and over plain HTTP.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics":
            return metrics.answer(request)
        check = health.CHECKS.get(request.path)
        return check() if check else self.get_response(request)


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request by its route, never by its address: addresses carry what people typed."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The method and the route, such as `GET council-tax/<str:reference>/`."""
        match = request.resolver_match
        return f"{request.method} {match.route if match else '(no route)'}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Echo the request id, so that a resident can quote it, and log the answer."""
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id:
            response["X-Request-ID"] = request_id
        super().handle_response(request, response)


class ProtectiveHeadersMiddleware:
    """Headers that Django does not set, on every answer but those about health."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class NoCookiesMiddleware:
    """Machines have no session: what they are answered never depends on a browser's cookies.

    Before sessions are looked at, so that a page of another site keeps nobody signed in either.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.of_machines = tuple(f"/{at}" for each in services() for at, _ in each.machine_urls)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.of_machines):
            request.COOKIES = {}
        return self.get_response(request)


class CompressMiddleware(GZipMiddleware):
    """Compresses pages and data for browsers that can read it; static files are compressed already.

    Django adds up to 100 random bytes to each answer, against those who guess secrets from lengths
    (BREACH). What is streamed are photos and letters, which would not become smaller.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


class NeverStoredMiddleware:
    """Pages of somebody signed in are stored by no browser and no proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
