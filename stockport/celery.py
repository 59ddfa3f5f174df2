"""The Celery application. Nothing depends on its broker for correctness (architecture, 6)."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.development")

TRANSPORT_ALIASES["files"] = "stockport.broker:Transport"
app = Celery("stockport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A worker's log lines carry the request id of the page that caused them.
app.steps["worker"].add(DjangoStructLogInitStep)
