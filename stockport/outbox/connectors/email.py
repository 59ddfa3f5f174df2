"""E-mail by whatever EMAIL_BACKEND is set, with the same Message-ID at every try."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.encoders import encode_base64
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from stockport.outbox.connectors.base import Outcome, Update
from stockport.outbox.workflow import State

if TYPE_CHECKING:
    from stockport.outbox.models import Delivery, Destination


class EmailConnector:
    """Sends one message for each delivery."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination

    def send(self, delivery: Delivery) -> Outcome:
        """Hand the message to the mail server."""
        try:
            message(delivery).send()
        except ValueError as error:
            # Raised while the message is written, before the mail server is spoken to.
            return Outcome(State.DEAD, f"It is not a message that can be sent: {error}")
        except smtplib.SMTPAuthenticationError as error:
            return _refusal(error, State.RETRY, refuses_us=True)
        except smtplib.SMTPRecipientsRefused as error:
            return _recipients_refused(error)
        except smtplib.SMTPResponseException as error:
            return _refusal(error, _state_for(error.smtp_code))
        except (ConnectionRefusedError, smtplib.SMTPConnectError) as error:
            return Outcome(
                State.RETRY, "The mail server does not answer.", trouble=True, answer=str(error)
            )
        except (smtplib.SMTPException, OSError) as error:
            return Outcome(
                State.UNKNOWN, "The mail server stopped answering.", trouble=True, answer=str(error)
            )
        return Outcome(State.SENT, remote_reference=message_id(delivery))

    def find(self, delivery: Delivery) -> Outcome:
        """Nobody can look into a mailbox: it goes again, and mailboxes know its Message-ID."""
        return Outcome(State.RETRY, "The first copy may have arrived; this one has the same id.")

    def poll(self, delivery: Delivery) -> Outcome:
        """A mail server gives no tokens."""
        return Outcome(State.DEAD, "A mail server gives no tokens.")

    def updates(self, start: datetime, end: datetime) -> list[Update]:
        """A mail server has no news."""
        return []

    def keep(self, payload: dict[str, Any]) -> dict[str, Any]:
        """To whom and about what, but not the text: it may hold a link that lets somebody in."""
        return {"to": payload["to"], "subject": payload["subject"]}


def message_id(delivery: Delivery) -> str:
    """The same for every try, so that a mailbox can tell a copy from a second message."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{delivery.pk}@{domain}>"


class Mail(EmailMultiAlternatives):
    """A message whose calendars leave in base64.

    Outlook does not read them as quoted-printable, and mail servers may change line ends in 8bit.
    """

    def message(self, **options: Any) -> Any:
        """The MIME message, as it leaves."""
        mime = super().message(**options)
        for part in mime.walk():
            if part.get_content_type() == "text/calendar":
                del part["Content-Transfer-Encoding"]
                encode_base64(part)
        return mime


def message(delivery: Delivery) -> Mail:
    """The delivery as a message; an attachment without a name is another form of its text."""
    payload: Mapping[str, Any] = delivery.payload
    mail = Mail(
        subject=payload["subject"],
        body=payload["body"],
        to=payload["to"],
        headers={**payload.get("headers", {}), "Message-ID": message_id(delivery)},
    )
    for attachment in payload.get("attachments", ()):
        if attachment["name"]:
            # As bytes: a text that is no text/… would lose its accents.
            content = attachment["content"].encode()
            mail.attach(attachment["name"], content, attachment["type"])
        else:
            mail.attach_alternative(attachment["content"], attachment["type"])
    return mail


def _state_for(code: int) -> State:
    """RFC 5321, 4.2.1: 4yz may succeed later, 5yz will not."""
    return State.RETRY if 400 <= code < 500 else State.DEAD


def _refusal(
    error: smtplib.SMTPResponseException, state: State, *, refuses_us: bool = False
) -> Outcome:
    answer = str(error)
    return Outcome(
        state,
        "The mail server refused it.",
        status_code=error.smtp_code,
        answer=answer,
        refuses_us=refuses_us,
    )


def _recipients_refused(error: smtplib.SMTPRecipientsRefused) -> Outcome:
    codes = [code for code, _ in error.recipients.values()]
    later = any(_state_for(code) == State.RETRY for code in codes)
    return Outcome(
        State.RETRY if later else State.DEAD,
        "The mail server does not take mail for this address.",
        status_code=codes[0],
        answer=str(error),
    )
