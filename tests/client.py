"""A Django test client that checks every page it is given (the rules are in tests/page.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.looking import WHY
from accounts.sessions import keep
from tests.factories.accounts import PASSWORD
from tests.page import Page

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from accounts.models import Resident

EXEMPT = ("/admin/",)


def take_second_step(session: SessionBase, staff: Resident) -> None:
    """As after the code from an app: without it no page of the admin opens."""
    request = HttpRequest()
    request.session = session
    record_authentication(request, staff, method="mfa")


class PortalClient(Client):
    """Asks as a resident would; a page that breaks a rule fails the test that asked for it."""

    if TYPE_CHECKING:
        # Django's types do not know that an answer has a `page`, or the `url` of a redirect.
        get: Any
        post: Any

    def sign_in(self, resident: Resident) -> None:
        """Sign in without the form."""
        self.force_login(resident)
        # As after signing in by the form: the first page then writes nothing.
        session = self.session
        keep(session, timezone.now().timestamp())
        if resident.is_staff:
            take_second_step(session, resident)
            session[WHY] = "We are testing"
        session.save()

    def give_password(self) -> Any:
        """Give it again, as pages ask who show or change something important; for five minutes."""
        return self.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    def request(self, **request: Any) -> Any:
        """The answer, with `page` where it is HTML."""
        response: Any = super().request(**request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and response.content and not request["PATH_INFO"].startswith(EXEMPT):
            response.page = Page(response.content.decode(), response.headers)
            response.page.check()
        return response
