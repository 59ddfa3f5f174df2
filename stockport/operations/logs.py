"""Structured logs without personal data: one event a line, on standard output."""

from __future__ import annotations

import logging.config
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def exception_without_message(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Print where an exception was raised and its type, never its message.

    Messages quote data: PostgreSQL names the e-mail address that is not unique. The events of
    Celery's tasks carry such a message as `error`.
    """
    event.pop("error", None)
    error = _raised(event.pop("exc_info", None))
    if error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        event["exception"] = f"{frames}{type(error).__module__}.{type(error).__qualname__}"
    return event


def _raised(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    exception_without_message,
    structlog.processors.UnicodeDecoder(),
]


def logging_settings(*, json: bool) -> dict[str, Any]:
    """Django's LOGGING: JSON lines for production, readable lines for development."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(json)},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stdout"], "level": "INFO"},
        "loggers": {
            # The request log says the same without the address that was asked for.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
            # The same for tasks: `task_failed` says where, without the message.
            "celery.app.trace": {"level": "CRITICAL"},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
        },
    }


def _formatter(json: bool) -> dict[str, Any]:
    renderer: Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": SHARED,
    }


def configure_structlog() -> None:
    """Send structlog's events through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def configure(settings: dict[str, Any]) -> None:
    """Apply LOGGING (Celery's workers call it, so that they log as the web does)."""
    logging.config.dictConfig(settings)
    configure_structlog()
