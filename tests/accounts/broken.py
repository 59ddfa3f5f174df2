"""The portal's addresses, and one of staff at which what was looked at is rolled back."""

from typing import Never

from django.db import transaction
from django.http import HttpRequest
from django.urls import path

from accounts.looking import seen
from accounts.models import Person
from stockport.urls import handler400, handler500
from stockport.urls import urlpatterns as theirs

__all__ = ["handler400", "handler500"]


def broken(request: HttpRequest, pk: int) -> Never:
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=pk)
        seen(request, person)
        person.delete()
        raise RuntimeError


urlpatterns = [path("admin/broken/<int:pk>/", broken), *theirs]
