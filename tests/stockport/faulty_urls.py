"""The portal's addresses, and some where something goes wrong."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from stockport.urls import handler400, handler500
from stockport.urls import urlpatterns as portal

__all__ = ["handler400", "handler500", "urlpatterns"]


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"a fault of ours, about {request.GET}")


@login_not_required
def garbled(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


@login_not_required
def without_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return HttpResponse()


urlpatterns = [
    path("broken/", broken),
    path("garbled/", garbled),
    path("forbidden/", forbidden),
    path("too-many/", too_many),
    path("without-database/", without_database),
    *portal,
]
