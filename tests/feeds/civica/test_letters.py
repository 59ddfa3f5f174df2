"""Letters come from Civica whole, to whom they are addressed, or not at all."""

import resource

import pytest
from django.core.files.storage import default_storage

from accounts.models import Person
from benefits.models import Document as BenefitLetter
from council_tax.models import Document
from stockport.demo.pdf import page
from stockport.demo.residents import DEMO_RESIDENTS
from stockport.feeds.civica.letters import MOST_AT_ONCE
from stockport.feeds.civica.refresh import is_away, refresh
from stockport.feeds.models import FeedRun
from stockport.letters.finding import keep_letters
from tests.factories.accounts import PersonLinkFactory

FIRST, SECOND = (
    next(demo.person for demo in DEMO_RESIDENTS if demo.email == f"joint{number}@example.org")
    for number in (1, 2)
)
SUPPORT = next(demo.person for demo in DEMO_RESIDENTS if demo.email == "support@example.org")
PDF = page(["A letter of this morning"])


def of(person):
    return Document.objects.filter(person__reference=person)


def arrives(civica, person, reference, **values):
    """A letter to this person that the night's extract does not have."""
    row = civica.office.of("documents", person=person)[0]
    row = row | {"reference": reference, "issued": "2026-11-23", "type": "letter", "year": ""}
    civica.office.rows["documents"].append(row | values)
    civica.office.letters[reference] = PDF


def test_letter_of_this_morning_opens_for_its_addressee_only(civica, portal):
    civica.switch("", "", ["padded", "text_dates"])
    arrives(civica, FIRST, "NEW1")
    assert refresh(FIRST).reasons == []
    letter = of(FIRST).get(reference="NEW1")
    assert (letter.type, letter.year, letter.pages) == ("letter", "2026/27", None)
    assert (letter.size, letter.is_delivered) == (len(PDF), True)
    address = f"{letter.account.get_absolute_url()}letters/{letter.pk}/"
    portal.sign_in(PersonLinkFactory(person=Person.objects.get(reference=FIRST)).resident)
    assert "It is about 2026/27." in portal.get(address).page.text("main")
    assert b"".join(portal.post(address)) == PDF
    portal.sign_in(PersonLinkFactory(person=Person.objects.get(reference=SECOND)).resident)
    assert portal.get(address).status_code == 404
    assert portal.post(address).status_code == 404


def test_file_of_a_letter_that_the_extract_names_is_fetched_once(civica):
    before = list(of(FIRST).values("reference", "type", "year", "pages", "sha256"))
    assert not of(FIRST).delivered()
    assert refresh(FIRST).state == "unchanged"
    assert of(FIRST).delivered().count() == min(len(before), MOST_AT_ONCE)
    assert list(of(FIRST).values("reference", "type", "year", "pages", "sha256")) == before
    assert not of(SECOND).delivered()
    civica.fault, civica.fault_at = "error", "docdl"
    assert refresh(FIRST).reasons == []


def test_kinds_and_years_that_civica_does_not_give_are_told_from_names_and_dates(civica):
    arrives(civica, SUPPORT, "A", type="bill", issued="2026-03-14")
    arrives(civica, SUPPORT, "B", type="final_notice", issued="2026-03-14")
    arrives(civica, SUPPORT, "C", type="second_reminder", issued="2026-06-14", year="2025/26")
    arrives(civica, SUPPORT, "D/../../E")
    assert refresh(SUPPORT).reasons == [
        "Letters left out, 1: Civica's viewdoc has a letter whose id cannot name a file."
    ]
    new = of(SUPPORT).filter(pages=None).order_by("reference")
    assert list(new.values_list("reference", "type", "year")) == [
        ("A", "bill", "2026/27"),
        ("B", "final_notice", "2025/26"),
        ("C", "second_reminder", "2025/26"),
    ]


def test_letters_about_benefits_come_too(civica):
    old = BenefitLetter.objects.filter(person__reference=SUPPORT).latest("issued")
    row = civica.office.of("benefit_documents", reference=old.reference)[0]
    new = {"reference": "N1", "issued": "2026-11-23", "type": "decision", "superseded_by": ""}
    civica.office.rows["benefit_documents"].append(row | new)
    civica.office.letters["N1"] = PDF
    assert refresh(SUPPORT).reasons == []
    letter = BenefitLetter.objects.get(reference="N1")
    assert (letter.type, letter.year, letter.claim) == ("decision", "2026/27", old.claim)
    assert letter.is_delivered
    old.refresh_from_db()
    assert old.is_delivered


def test_letter_that_is_held_as_somebody_elses_stays_theirs(civica):
    letter = of(SECOND).first()
    civica.office.of("documents", reference=letter.reference)[0]["person"] = FIRST
    refresh(FIRST)
    letter.refresh_from_db()
    assert (letter.person.reference, letter.is_delivered) == (SECOND, False)


def test_a_defect_leaves_no_letter_and_no_part_of_one_and_the_figures_come(civica, tmp_path):
    arrives(civica, FIRST, "NEW1")
    before = set(Document.objects.values_list("reference", "sha256", "found_sha256"))
    for at, fault, reason in [
        ("docdl", "missing", "docdl answered 404"),
        ("docdl", "empty", "docdl answered 204"),
        ("docdl", "not_a_pdf", "docdl is not a whole PDF"),
        ("docdl", "login_page", "docdl is not a whole PDF"),
        ("docdl", "truncated", "docdl is not a whole PDF"),
        ("docdl", "huge", "docdl is too large"),
        ("docdl", "cut_off", "docdl: The connection broke"),
        ("docdl", "error", "docdl answered 500"),
        ("viewdoc", "login_page", "viewdoc is not XML"),
        ("viewdoc", "error", "viewdoc answered 500"),
    ]:
        civica.switch(fault, at, [])
        run = refresh(FIRST)
        assert (run.state, reason in str(FeedRun.objects.get(pk=run.pk).reasons)) == (
            "unchanged",
            True,
        ), fault
        assert set(Document.objects.values_list("reference", "sha256", "found_sha256")) == before
        assert not [path for path in tmp_path.rglob("*") if path.is_file()], fault
        assert not is_away()


def test_another_file_than_the_extract_names_is_not_taken(civica):
    civica.switch("wrong_size", "docdl", [])
    assert "another file than the extract says" in refresh(FIRST).reasons[0]
    assert not of(FIRST).delivered()


def test_a_full_disk_leaves_no_half_letter(civica):
    letter = of(FIRST).first()
    content = {letter.file: civica.office.letters[letter.reference]}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            keep_letters(content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not default_storage.exists(letter.storage_name)
    keep_letters(content)
    assert of(FIRST).delivered().get() == letter
