"""A page that only shows something cannot change it."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import Resident
from stockport.readonly import WroteInReadOnlyView, reading, readonly

pytestmark = pytest.mark.django_db


@readonly
def counting(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Resident.objects.count()))


@readonly
def writing(request: HttpRequest) -> HttpResponse:
    Resident.objects.create_user("ada@example.org")
    return HttpResponse()


def test_read_only_page_may_read(rf: RequestFactory) -> None:
    assert counting(rf.get("/")).status_code == 200


def test_read_only_page_may_not_write(rf: RequestFactory) -> None:
    with pytest.raises(WroteInReadOnlyView), transaction.atomic():
        writing(rf.get("/"))
    assert not Resident.objects.exists()


def test_read_only_page_refuses_a_post(rf: RequestFactory) -> None:
    answer = counting(rf.post("/"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_locking_rows_counts_as_writing() -> None:
    with reading(), pytest.raises(WroteInReadOnlyView):
        list(Resident.objects.select_for_update())


def test_counting_in_the_cache_is_not_writing() -> None:
    with reading():
        cache.add("count", 0, 60)
        cache.incr("count")
    assert cache.get("count") == 1


def test_writing_is_possible_again_after_the_page() -> None:
    with reading():
        Resident.objects.count()
    assert Resident.objects.create_user("ada@example.org").pk
