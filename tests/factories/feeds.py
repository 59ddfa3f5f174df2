"""Of what time figures are."""

from __future__ import annotations

from datetime import UTC, datetime

import factory

from stockport.feeds.models import Confirmation

AS_AT = datetime(2026, 11, 22, 23, tzinfo=UTC)


class ConfirmationFactory(factory.django.DjangoModelFactory[Confirmation]):
    class Meta:
        model = Confirmation

    source = "revenues"
    table = "accounts"
    at = AS_AT
