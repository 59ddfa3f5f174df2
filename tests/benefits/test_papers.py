"""What the council asks to see: residents add papers, send them, and see how far they are."""

from __future__ import annotations

import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from benefits import papers, rules
from benefits.models import ClaimMember, EvidenceRequest, Paper, Sending
from benefits.models.papers import PaperQuerySet
from benefits.papers import NothingToSend, send_papers, tidy
from benefits.service import service
from stockport.outbox import delivering
from stockport.outbox.connectors.attached import INFECTED
from stockport.outbox.connectors.base import Update
from stockport.outbox.connectors.webhook import message
from stockport.outbox.models import Delivery, Destination
from tests.clamd import running_clamd
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import (
    ClaimMemberFactory,
    EvidenceRequestFactory,
    PaperFactory,
)
from tests.factories.outbox import DeliveryFactory
from tests.outbox.scripted import Says, answering
from tests.stockport.test_images import HOSTILE, picture, with_exif

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def asked(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return EvidenceRequestFactory()


@pytest.fixture
def at(asked):
    """The address of the page about what was asked for."""
    return reverse("benefits:evidence", args=[asked.claim.reference, asked.pk])


@pytest.fixture
def claimant(asked, portal):
    """Who made the claim, signed in."""
    resident = PersonLinkFactory(person=asked.claim.person).resident
    portal.sign_in(resident)
    return resident


def file(name="payslip.jpg", content=None):
    content = picture() if content is None else content
    return SimpleUploadedFile(name, content, "application/octet-stream")


def stored(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def names():
    return list(Paper.objects.order_by("position").values_list("name", flat=True))


def test_page_says_what_why_which_papers_count_and_by_when(portal, claimant, at):
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC)):
        page = portal.get(at).page
        EvidenceRequest.objects.update(due=date(2026, 11, 22))
        assert "it may not be too late" in portal.get(at).page.text("main")
    assert page.h1 == "Your bank statements"
    text = page.text("main")
    assert "We check your income once in a while." in text
    assert "Send it by 14 December 2026." in text
    assert "Screenshots of every payment" in text


@pytest.mark.parametrize(
    ("kind", "days", "words"),
    [
        ("hb", 21, "16 December 2026, which is when it is usually wanted"),
        ("cts", 21, "7 December 2026, which is when it is usually wanted"),
        ("cts", 0, "16 December 2026, which is when it is usually wanted"),
        ("hb_cts", 21, "7 December 2026, which is when it is usually wanted"),
    ],
)
def test_where_the_council_gives_no_date_the_usual_one_is_shown(
    portal, claimant, asked, at, settings, kind, days, words
):
    settings.CTS_EVIDENCE_DAYS = days
    asked.due, asked.claim.type = None, kind
    asked.save()
    asked.claim.save()
    assert words in portal.get(at).page.text("main")


def test_month_of_housing_benefit_ends_with_a_short_month():
    assert rules.papers_by(date(2027, 1, 31), housing_benefit=True) == date(2027, 2, 28)


def test_several_pages_are_added_shown_and_sent(portal, claimant, asked, at, settings):
    kinds = [("a.pdf", PDF), ("b.heic", picture("HEIF")), ("c.png", picture("PNG"))]
    answer = portal.post(at, {"add": "1", "file": [file(*each) for each in kinds]})
    assert (answer.status_code, answer.url) == (302, at)
    page = portal.get(at).page
    assert "Ready to send" in page.text("main")
    assert names() == ["a.pdf", "b.heic", "c.png"]
    assert [path.suffix for path in stored(settings.MEDIA_ROOT)].count(".jpg") == 2
    answer = portal.post(at, {"send": "1"}, follow=True)
    sending = Sending.objects.get()
    assert answer.page.h1 == f"Papers {sending.reference}"
    assert "Received, on its way" in answer.page.text("main")
    first, *files = Delivery.objects.filter(reference=sending.reference).order_by("created_at")
    assert first.destination.slug == "benefits"
    assert first.payload["claim_reference"] == asked.claim.reference
    assert first.payload["request_reference"] == asked.reference
    assert first.payload["person_references"] == [asked.claim.person.reference]
    assert [each["type"] for each in first.payload["files"]] == [
        *("application/pdf", "image/jpeg", "image/jpeg")
    ]
    assert {each.depends_on for each in files} == {first}
    assert "Received, on its way" in portal.get(asked.claim.get_absolute_url()).page.text("main")
    page = portal.get(at).page
    assert sending.get_absolute_url() in page.html
    assert "Not sent yet" not in page.text("main")
    assert "Send it by" not in portal.get(asked.claim.get_absolute_url()).page.text("main")


def test_file_chosen_and_sent_at_once_is_sent(portal, claimant, at):
    assert "/sent/" in portal.post(at, {"send": "1", "file": file()}).url
    assert Paper.objects.get().sending


def test_wrong_second_file_loses_neither_the_first_nor_the_third(portal, claimant, at):
    uploads = [file("one.jpg"), file("two.txt", b"Dear council"), file("three.pdf", PDF)]
    page = portal.post(at, {"send": "1", "file": uploads}).page
    assert page.errors == [
        "We did not add “two.txt”. It must be a PDF, JPEG, PNG or HEIC file",
    ]
    assert names() == ["one.jpg", "three.pdf"]
    assert not Sending.objects.exists()
    assert "three.pdf" in page.text("main")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_and_leaves_nothing(portal, claimant, at, settings, name):
    page = portal.post(at, {"add": "1", "file": file("page.jpg", HOSTILE[name][0])}).page
    assert len(page.errors) == 1
    assert not stored(settings.MEDIA_ROOT)


def test_damaged_pdf_says_what_to_do(portal, claimant, at):
    page = portal.post(at, {"add": "1", "file": file("a.pdf", PDF[:20])}).page
    assert "send a photo of each page" in page.errors[0]


def test_picture_loses_what_the_phone_wrote_into_it(portal, claimant, at, settings):
    portal.post(at, {"add": "1", "file": file(content=with_exif())})
    [path] = stored(settings.MEDIA_ROOT)
    assert not Image.open(BytesIO(path.read_bytes())).getexif()


def test_same_file_again_is_one_and_one_can_be_removed(
    portal, claimant, at, settings, django_capture_on_commit_callbacks
):
    for _ in range(2):
        portal.post(at, {"add": "1", "file": file()})
    [paper] = Paper.objects.all()
    with django_capture_on_commit_callbacks(execute=True):
        portal.post(at, {"remove": str(paper.public_id)})
    assert not Paper.objects.exists()
    assert not stored(settings.MEDIA_ROOT)
    assert portal.post(at, {"remove": "no such"}).status_code == 302


def test_no_more_than_ten_at_once_and_sixty_a_day(portal, claimant, at, asked, monkeypatch):
    one_too_many = [
        file(f"{number}.pdf", PDF + b"%%EOF" * number) for number in range(rules.MOST_PAPERS + 1)
    ]
    page = portal.post(at, {"add": "1", "file": one_too_many}).page
    assert "“10.pdf”. You can send 10 files at once" in page.errors[0]
    assert "Choose files" in page.text("main")
    assert "as many as can be sent at once" in portal.get(at).page.text("main")
    portal.post(at, {"send": "1"})
    monkeypatch.setattr(rules, "PAPERS_A_DAY", 10)
    assert "Try again tomorrow" in portal.post(at, {"add": "1", "file": file()}).page.errors[0]


@pytest.mark.parametrize("button", ["add", "send"])
def test_button_without_a_file_asks_for_one(portal, claimant, at, button):
    assert portal.post(at, {button: "1"}).page.errors == ["Choose a file"]


def test_what_was_sent_is_opened_by_its_owner_alone_and_never_runs(portal, claimant, at, asked):
    portal.post(at, {"send": "1", "file": file("a.pdf", PDF)})
    paper = Paper.objects.get()
    answer = portal.get(paper.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"
    partner = ClaimMemberFactory(claim=asked.claim, sharing=True)
    portal.sign_in(PersonLinkFactory(person=partner.person).resident)
    assert portal.get(at).status_code == 200
    assert "a.pdf" not in portal.get(at).page.html
    for address in (paper.get_absolute_url(), paper.sending.get_absolute_url()):
        assert portal.get(address).status_code == 404
    ClaimMember.objects.update(may_see=False)
    for answer in (portal.get(at), portal.post(at, {"send": "1", "file": file()})):
        assert answer.status_code == 404
    assert not Paper.objects.filter(sending=None).exists()


def test_pages_of_what_was_sent_outlive_the_claim(portal, claimant, at, asked):
    portal.post(at, {"send": "1", "file": file()})
    address = Sending.objects.get().get_absolute_url()
    asked.claim.delete()
    assert portal.get(address).status_code == 200


def test_file_that_is_gone_from_storage_is_not_found(portal, claimant, at, settings):
    portal.post(at, {"add": "1", "file": file()})
    stored(settings.MEDIA_ROOT)[0].unlink()
    assert portal.get(Paper.objects.get().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("files", [1, 8])
def test_pages_take_queries_of_their_own(
    portal, claimant, at, asked, files, django_assert_num_queries
):
    for number in range(files):
        fields = {
            "resident": claimant,
            "claim_reference": asked.claim.reference,
            "request_reference": asked.reference,
            "position": number + 1,
        }
        PaperFactory(**fields)
        sent = PaperFactory(**fields, sent=True).sending
    with django_assert_num_queries(5):
        portal.get(at)
    Paper.objects.filter(sending__isnull=False).update(sending=sent)
    with django_assert_num_queries(4):
        portal.get(sent.get_absolute_url())


@pytest.fixture
def work():
    """Carry everything that is due to the benefits team, which answers every message."""

    def work():
        with answering(lambda method, reference: Says(body=b"{}")) as receiver:
            queue = Destination.objects.get(slug="benefits")
            Destination.objects.filter(pk=queue.pk).update(
                endpoint=receiver.url, paused_at=None, pause_reason="", resting_until=None
            )
            Delivery.objects.filter(state__in=Delivery.WAITING).update(next_attempt_at=Now())
            while claimed := delivering.claim(queue.pk):
                delivering.carry(claimed)
            return len(receiver.calls)

    return work


def test_message_of_a_file_has_its_content(portal, claimant, at):
    portal.post(at, {"send": "1", "file": file("a.pdf", PDF)})
    data = json.loads(message(Paper.objects.get().delivery))["data"]
    assert b64decode(data.pop("content")) == PDF
    expected = {"reference": Sending.objects.get().reference, "number": 1}
    assert data == expected | {"name": "a.pdf", "type": "application/pdf"}


def test_team_gets_the_papers_and_what_it_says_is_shown(portal, claimant, at, work):
    portal.post(at, {"send": "1", "file": file()})
    assert work() == 2
    sending = Sending.objects.get()
    assert "With the benefits team" in portal.get(sending.get_absolute_url()).page.text("main")
    now = timezone.now()
    for status, said, shown in (
        ("dancing", "", "With the benefits team"),
        ("rejected", "", "did not say why"),
        ("rejected", "A page is missing.", "A page is missing."),
        ("accepted", "", "Accepted"),
    ):
        now += timedelta(minutes=1)
        assert service.hear(sending.delivery, Update(str(uuid4()), "7", status, said, now))
        assert shown in portal.get(sending.get_absolute_url()).page.text("main")
    old = Update("8", "7", "rejected", "Old.", now - timedelta(days=1))
    assert service.hear(sending.delivery, old)
    sending.refresh_from_db()
    assert sending.status == "accepted"
    assert not service.hear(DeliveryFactory(), old)


def test_file_with_a_virus_is_refused_at_once(portal, claimant, at, settings):
    with running_clamd() as clamd:
        settings.CLAMD_ADDRESS = clamd.address
        uploads = [file("bad.pdf", PDF + b"EICAR %%EOF"), file("good.pdf", PDF)]
        page = portal.post(at, {"send": "1", "file": uploads}).page
    assert "“bad.pdf”. We found a virus in it" in page.errors[0]
    assert names() == ["good.pdf"]


def test_while_the_scanner_is_away_papers_are_held_and_go_once_it_is_back(
    portal, claimant, at, settings, work
):
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    portal.post(at, {"send": "1", "file": file("a.pdf", PDF)})
    assert work() == 1  # what is to come, and no file
    paper = Paper.objects.get()
    assert paper.delivery.state == "retry"
    text = portal.get(paper.sending.get_absolute_url()).page.text("main")
    assert "Received, on its way" in text
    with running_clamd() as clamd:
        settings.CLAMD_ADDRESS = clamd.address
        assert work() == 1
        assert clamd.scanned == [PDF]
    paper.delivery.refresh_from_db()
    assert paper.delivery.state == "sent"
    assert "With the benefits team" in portal.get(paper.sending.get_absolute_url()).page.html


def test_virus_that_is_found_late_is_never_sent_and_its_owner_reads_so(
    portal, claimant, at, settings, work
):
    portal.post(at, {"send": "1", "file": file("a.pdf", PDF + b"EICAR %%EOF")})
    with running_clamd() as clamd:
        settings.CLAMD_ADDRESS = clamd.address
        assert work() == 1
    paper = Paper.objects.get()
    assert (paper.delivery.state, paper.delivery.reason) == ("dead", INFECTED)
    text = portal.get(paper.sending.get_absolute_url()).page.text("main")
    assert "Not all sent: a file has a virus" in text
    assert "we found a virus in it" in text


def test_file_that_is_gone_when_it_should_leave_is_a_matter_for_staff(
    portal, claimant, at, settings, work
):
    portal.post(at, {"send": "1", "file": file()})
    stored(settings.MEDIA_ROOT)[0].unlink()
    work()
    assert Paper.objects.get().delivery.state == "dead"


def test_second_sending_of_the_same_papers_sends_nothing(portal, claimant, at, asked):
    portal.post(at, {"add": "1", "file": file()})
    send_papers(resident=claimant, request=asked)
    with pytest.raises(NothingToSend):
        send_papers(resident=claimant, request=asked)
    assert Delivery.objects.filter(kind__startswith="benefits").count() == 2


def test_what_nobody_sends_goes_after_28_days_and_what_arrived_after_90(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    PaperFactory(created_at=now - timedelta(days=29))
    kept = PaperFactory(created_at=now - timedelta(days=27))
    waiting = PaperFactory(sent=True, created_at=now - timedelta(days=200))
    for days, sent_paper in (
        (91, PaperFactory(sent=True)),
        (89, recent := PaperFactory(sent=True)),
    ):
        sent_paper.delivery.sent_at, sent_paper.delivery.state = now - timedelta(days=days), "sent"
        sent_paper.delivery.save()
    assert tidy() == 2
    assert set(Paper.objects.all()) == {kept, waiting, recent}


def test_erasure_takes_papers_files_and_what_was_not_sent(
    portal, claimant, at, settings, django_capture_on_commit_callbacks
):
    portal.post(at, {"send": "1", "file": file()})
    portal.post(at, {"add": "1", "file": file("second.pdf", PDF)})
    theirs = PaperFactory()
    copy = dict(service.export(claimant))
    assert len(copy["papers"]) == 2
    assert len(copy["papers_sent"]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert service.erase(claimant).deleted == 3
    assert list(Paper.objects.all()) == [theirs]
    assert not stored(settings.MEDIA_ROOT)
    left = Delivery.objects.filter(kind__in=papers.DELIVERIES, reference__startswith="EV-")
    assert set(left.values_list("state", "resident")) == {("cancelled", None)}
    assert service.erase(ResidentFactory()).deleted == 0


def test_queue_waits_where_nobody_has_set_its_address():
    queue = Destination.objects.get(slug=papers.DESTINATION)
    assert not queue.is_working
    assert "Nobody has set its address yet" in queue.standing


def test_file_has_no_public_address(portal, claimant, at):
    portal.post(at, {"add": "1", "file": file()})
    name = Paper.objects.get().file.name
    for address in (f"/{name}", f"/media/{name}", f"/static/{name}"):
        assert portal.get(address).status_code == 404


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.django_db(transaction=True)
def test_papers_that_two_tabs_send_at_once_are_sent_once(asked, monkeypatch, is_guarded):
    resident = ResidentFactory()
    about = {"claim_reference": asked.claim.reference, "request_reference": asked.reference}
    PaperFactory(resident=resident, **about)
    if not is_guarded:  # both read the papers as unsent
        monkeypatch.setattr(PaperQuerySet, "select_for_update", lambda papers: papers)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        send_papers(resident=resident, request=asked)
        second = other.submit(sent_elsewhere, resident, asked)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
    assert second.result() is not is_guarded
    assert Sending.objects.count() == (1 if is_guarded else 2)


def sent_elsewhere(resident, asked):
    """Whether another connection sends something."""
    try:
        return bool(send_papers(resident=resident, request=asked))
    except NothingToSend:
        return False
    finally:
        connection.close()
