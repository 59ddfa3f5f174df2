"""My Account: the platform that every service stands on."""

from stockport.celery import app as celery_app

__all__ = ["celery_app"]
