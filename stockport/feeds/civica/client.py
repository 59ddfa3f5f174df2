"""One conversation with Civica OpenRevenues: who logs in, for whom, and one document at a time.

Its session remembers the person and the account that were named last, so a conversation serves
one person, one document after another, and every answer that names somebody is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.conf import settings

from stockport.feeds.civica.reading import WrongAnswer, field
from stockport.http import CallFailed, TooLarge, call
from stockport.outbox.connectors.base import Unreadable
from stockport.outbox.connectors.georeport import parse
from stockport.pdfs import is_whole_pdf

LOGGED_IN = "5"
OK = 200
SERVER_ERROR = 500
PERSON_SET = ("Person Reference Set", "Person CouncilTaxReference Set")


class Away(Exception):
    """Civica cannot be reached, or does not work at the moment."""


class Conversation:
    """A session for one person; raises Away or WrongAnswer from every call."""

    def __init__(self, person: str) -> None:
        self._session = ""
        login = self._ask(
            "crmlogin", userid=settings.CIVICA_USER, password=settings.CIVICA_PASSWORD
        )
        if field(login, "ErrorCode") != LOGGED_IN:
            raise WrongAnswer("Civica did not let the portal log in.")
        self._session = field(login, "SessionId")
        chosen = self._ask("cocrmper", personref=person)
        if field(chosen, "Description") not in PERSON_SET:
            raise WrongAnswer("Civica does not know the person.")

    def document(self, docid: str, root: str, **params: str) -> Element:
        """The document's root element of this name."""
        answer = self._ask(docid, **params)
        found = answer if answer.tag == root else answer.find(f".//{root}")
        if found is None:
            raise WrongAnswer(f"Civica's {docid} is not the document that it should be.")
        return found

    def several(self, docid: str, tag: str, **params: str) -> Iterator[Element]:
        """Every element of this name in a document, whatever it is called itself."""
        return self._ask(docid, **params).iter(tag)

    def pdf(self, docid: str, **params: str) -> bytes:
        """A file; raises WrongAnswer where there is none, or no whole PDF."""
        try:
            content = self._body(docid, **params)
        except Away as away:
            if isinstance(away.__cause__, TooLarge):
                raise WrongAnswer(f"Civica's {docid} is too large.") from None
            raise
        if not is_whole_pdf(content):
            raise WrongAnswer(f"Civica's {docid} is not a whole PDF.")
        return content

    def _ask(self, docid: str, **params: str) -> Element:
        try:
            return parse(self._body(docid, **params))
        except Unreadable:
            raise WrongAnswer(f"Civica's {docid} is not XML.") from None

    def _body(self, docid: str, **params: str) -> bytes:
        # In the body and not in the address, which servers write into their logs.
        form = {"outputtype": "xml", "docid": docid, "sessionId": self._session, **params}
        try:
            answer = call("POST", settings.CIVICA_URL, data=form)
        except CallFailed as failed:
            raise Away(f"Civica's {docid}: {failed}") from failed
        if answer.status >= SERVER_ERROR:
            raise Away(f"Civica's {docid} answered {answer.status}.")
        if answer.status != OK:
            raise WrongAnswer(f"Civica's {docid} answered {answer.status}.")
        return answer.body
