"""The portal for gunicorn, with a clock that may jump."""

from stockport.wsgi import application
from tests.drills.clock import follow

__all__ = ["application"]
follow()
