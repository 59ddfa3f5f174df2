"""Long content: every text that people write, or that the council's extracts have, at its limit."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

UNLIMITED = 2000
SHORTEST = 60  # of what is made of words; references and codes are shorter
# What is read by programs, or by nobody.
NOT_WORDS = {
    *("about", "api_key", "arrived_as", "bank_last3", "code", "endpoint", "file", "filters"),
    *("ni_number", "online_key", "password", "phone_last3", "reference", "remote_reference"),
    *("remote_token", "sealed", "slug", "status", "update_id", "video_url", "webhook_secret"),
    *("website", "document_reference", "superseded_by", "digest", "pin", "previous", "hash"),
    *("target", "address_hash", "table", "key", "sha256", "found_sha256", "role"),
}


def lengthen(word: str) -> None:
    """With this word; where a constraint asks for something else, that stays."""
    ours = {"outbox", "feeds", "accounts", *settings.SERVICES}
    for model in apps.get_models():
        if model._meta.app_label in ours:
            for field in filter(is_words, model._meta.concrete_fields):
                fill_in(model, field, word)


def is_words(field: models.Field) -> bool:
    """Whether people read it as words."""
    text = isinstance(field, models.CharField | models.TextField)
    if not text or isinstance(field, models.EmailField | models.URLField) or field.choices:
        return False
    return not field.unique and field.name not in NOT_WORDS and limit(field) >= SHORTEST


def limit(field: models.Field) -> int:
    return field.max_length or UNLIMITED


def fill_in(model: type[models.Model], field: models.Field, word: str) -> None:
    long = (word * (limit(field) // len(word) + 1))[: limit(field)].strip()
    try:
        with transaction.atomic():
            model._base_manager.exclude(**{field.name: ""}).update(**{field.name: long})
    except IntegrityError:
        return
