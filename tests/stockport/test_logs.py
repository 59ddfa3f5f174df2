"""Logs say what happened without saying whom it happened to."""

import json
import logging

import pytest
import structlog
from django.test import Client

from stockport.operations.logs import exception_without_message, logging_settings


def logged_line(record: logging.LogRecord) -> dict[str, str]:
    """What production prints for the record."""
    formatter = logging_settings(json=True)["formatters"]["line"]
    printed = structlog.stdlib.ProcessorFormatter(
        processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
    ).format(record)
    assert "\n" not in printed
    return json.loads(printed)


def record(message: str, **extra: object) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": message, "levelno": logging.INFO, **extra})


def test_line_breaks_that_somebody_typed_do_not_make_a_second_log_line() -> None:
    assert logged_line(record("name\r\n{'forged': 'line'}"))["event"].startswith("name")


def test_exception_is_logged_with_its_place_but_not_its_message() -> None:
    typed = "ada@example.org"
    try:
        raise ValueError(typed)
    except ValueError as error:
        event = exception_without_message(None, "error", {"exc_info": error})
    assert "test_logs.py" in event["exception"]
    assert event["exception"].endswith("builtins.ValueError")
    assert "ada@example.org" not in str(event)


def test_failed_task_is_logged_without_what_it_was_about() -> None:
    event = exception_without_message(None, "error", {"event": "task_failed", "error": "ada@…"})
    assert event == {"event": "task_failed"}


def test_request_is_logged_by_its_route_not_by_what_was_typed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/cookies/?postcode=SK1+3XE", headers={"user-agent": "Ada's phone"})
    finished = [line for line in caplog.messages if "request_finished" in line]
    assert len(finished) == 1
    assert "GET cookies/" in finished[0]
    assert "SK1" not in caplog.text
    assert "Ada" not in caplog.text


def test_answer_carries_the_request_id_that_the_log_has(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get("/cookies/")
    assert answer["X-Request-ID"] in caplog.text


def test_request_id_from_outside_is_ignored_without_a_proxy(client: Client) -> None:
    answer = client.get("/cookies/", headers={"x-request-id": "forged"})
    assert answer["X-Request-ID"] != "forged"
