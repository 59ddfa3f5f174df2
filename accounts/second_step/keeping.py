"""The page behind the link that stops the removal of a second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.models import SecondStepRemoval
from accounts.second_step.removing import keep_second_step
from stockport.readonly import reading

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@login_not_required
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What is to be removed and when, with a button: programs that look at e-mails follow links.

    Who has lost the second step cannot sign in, so the link alone is enough.
    """
    removal = SecondStepRemoval.objects.of_link(secret).select_related("resident").first()
    if removal and request.method == "POST" and keep_second_step(resident=removal.resident):
        messages.success(request, "Your second step stays. Nobody gets in without it.")
        return redirect("account_login")
    with reading():
        return render(request, "accounts/keep_second_step.html", {"removal": removal})
