"""The portal with holes in it, which a scanner finds: signed in, and with the token of a form."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path

from stockport.urls import handler400, handler500
from stockport.urls import urlpatterns as portal

__all__ = ["handler400", "handler500", "urlpatterns"]

PAGE = """<!doctype html><html lang="en"><title>Holes</title><h1>Holes</h1>
<a href="/holes/search/?q=accounts">search</a>
<a href="/holes/echo/?said=hello">echo</a>
<a href="/holes/away/?next=/holes/">away</a>
<form method="post" action="/holes/kept/">
<input type="hidden" name="csrfmiddlewaretoken" value="%s"><input name="note">
<input type="submit"></form></html>"""
KEPT: list[str] = []


def holes(request: HttpRequest) -> HttpResponse:
    """Leads to them all."""
    return HttpResponse(PAGE % get_token(request))


def search(request: HttpRequest) -> HttpResponse:
    """What is asked for becomes part of the statement."""
    asked = request.GET.get("q", "")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM django_migrations WHERE app = '{asked}' LIMIT 3")  # noqa: S608
        found = cursor.fetchall()
    return HttpResponse(f"<html><p>{len(found)} found</p></html>")


def echo(request: HttpRequest) -> HttpResponse:
    """What is said becomes part of the page."""
    return HttpResponse(f"<html><p>You said {request.GET.get('said', '')}.</p></html>")


def kept(request: HttpRequest) -> HttpResponse:
    """What somebody wrote becomes part of the page that others see."""
    if request.method == "POST":
        KEPT.append(request.POST.get("note", ""))
    return HttpResponse(f"<html><ul>{''.join(f'<li>{note}</li>' for note in KEPT)}</ul></html>")


def away(request: HttpRequest) -> HttpResponse:
    """Where somebody is sent, the address says."""
    return HttpResponseRedirect(request.GET.get("next", "/holes/"))


urlpatterns = [
    *portal,
    path("holes/", holes, name="holes"),
    path("holes/search/", search, name="search"),
    path("holes/echo/", echo, name="echo"),
    path("holes/kept/", kept, name="kept"),
    path("holes/away/", away, name="away"),
]
