"""Pages for 400 and 500. 403, 404 and 429 are templates that Django and allauth look for."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template.loader import render_to_string

from stockport.context_processors import names


def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn without the request: what failed may be the database or a context processor."""
    return HttpResponseServerError(render_to_string("500.html", names()))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, drawn without the request: it is what could not be read, and may name another host."""
    return HttpResponseBadRequest(render_to_string("400.html", names()))
