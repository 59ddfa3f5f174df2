"""The record of what happened is sealed: whatever is done to it by hand is noticed."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import audit, chain
from accounts.models import AuditEvent, AuditSeal, Resident
from accounts.tasks import seal_events
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db
HASH = sha256(b"").hexdigest()


def behind_the_trigger(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE accounts_auditseal DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE accounts_auditseal ENABLE TRIGGER USER")


@pytest.fixture
def event(resident: Resident) -> AuditEvent:
    """The second of three, sealed in two batches."""
    audit.record("signed_in", resident=resident, actor=resident)
    event = audit.record("looked", resident=resident, person=PersonFactory(), detail="x")
    chain.seal(timezone.now())
    audit.record("signed_in", resident=resident, actor=resident)
    chain.seal(timezone.now())
    return event


def found() -> list[str]:
    return list(chain.faults())


def test_record_that_nobody_touched_is_as_it_was_sealed(
    event: AuditEvent, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(AuditSeal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    call_command("verify_audit")
    assert "2 seals" in capsys.readouterr().out


def test_nothing_new_makes_no_seal(event: AuditEvent) -> None:
    seal_events()
    assert AuditSeal.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE accounts_auditevent SET detail = 'y' WHERE id = %s", "was changed"),
        ("UPDATE accounts_auditevent SET why = 'y' WHERE id = %s", "was changed"),
        ("UPDATE accounts_auditevent SET at = at - interval '1 s' WHERE id = %s", "was changed"),
        ("UPDATE accounts_auditevent SET about = repeat('0', 64) WHERE id = %s", "was changed"),
        ("UPDATE accounts_auditevent SET actor_id = resident_id WHERE id = %s", "somebody else"),
        ("UPDATE accounts_auditevent SET person_id = NULL WHERE id = %s", "somebody else"),
        ("DELETE FROM accounts_auditevent WHERE id = %s", "is gone"),
    ],
)
def test_change_behind_the_trigger_is_found_and_its_row_named(
    event: AuditEvent, change: str, fault: str
) -> None:
    behind_the_trigger(change, event.pk)
    [told] = found()
    assert told.startswith(f"Event {event.pk} of seal 1 ")
    assert fault in told
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_audit")


def test_seal_that_is_changed_removed_or_made_anew_is_found(event: AuditEvent) -> None:
    second = AuditSeal.objects.get(number=2)
    behind_the_trigger("UPDATE accounts_auditseal SET hash = %s WHERE number = 1", HASH)
    assert found() == ["Seal 1 was changed.", "Seal 2 does not follow seal 1."]
    behind_the_trigger("DELETE FROM accounts_auditseal WHERE number = 1")
    assert "Seal 2 does not follow seal 0." in found()
    assert "Seal 2 is not the one in the log." in list(chain.faults(2, HASH))
    assert "Seal 3 is gone: the last is 2." in list(chain.faults(3, second.hash))


def test_record_that_was_emptied_is_found_by_the_hash_in_the_log(event: AuditEvent) -> None:
    last = AuditSeal.objects.get(number=2)
    behind_the_trigger("TRUNCATE accounts_auditevent, accounts_auditseal")
    assert found() == []
    assert list(chain.faults(2, last.hash)) == ["Seal 2 is gone: the last is 0."]


def test_event_that_slips_past_the_seals_is_found(event: AuditEvent, resident: Resident) -> None:
    old = timezone.now() - timedelta(days=3)
    late = AuditEvent.objects.create(kind="signed_in", resident=resident, at=old)
    chain.seal(timezone.now())
    assert found() == [f"Event {late.pk} was never sealed."]


def test_sealing_catches_up_after_days_without(resident: Resident) -> None:
    for days in (9, 5, 0):
        at = timezone.now() - timedelta(days=days)
        AuditEvent.objects.create(kind="signed_in", resident=resident, at=at)
    assert chain.seal(timezone.now()) == 3
    assert found() == []


def test_long_backlog_is_sealed_in_batches(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "AT_ONCE", 2)
    AuditEvent.objects.bulk_create(AuditEvent(kind="x", resident=resident) for _ in range(5))
    chain.seal(timezone.now())
    assert [len(each.events) for each in AuditSeal.objects.order_by("number")] == [2, 2, 1]
    assert found() == []


def test_forgetting_whose_it_was_breaks_no_seal(event: AuditEvent, resident: Resident) -> None:
    AuditEvent.objects.for_resident(resident).update(resident=None)
    event.refresh_from_db()
    assert (event.resident, event.salt) == (None, None)
    assert found() == []


def test_person_who_leaves_the_council_s_records_breaks_no_seal(event: AuditEvent) -> None:
    assert event.person
    event.person.delete()
    assert found() == []


def test_salt_cannot_be_taken_away_by_itself(event: AuditEvent) -> None:
    AuditEvent.objects.filter(pk=event.pk).update(salt=None)
    event.refresh_from_db()
    assert event.salt


def test_seals_stay_on_record(event: AuditEvent) -> None:
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        AuditSeal.objects.update(previous="")
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        AuditSeal.objects.all().delete()


def seal(**fields: object) -> None:
    given = {"number": 1, "sealed_at": timezone.now(), "events": [1], "digests": [HASH]}
    AuditSeal.objects.create(**{**given, "previous": "", "hash": HASH, **fields})


BREAKS = {
    "accounts_auditseal_digest_each": {"digests": []},
    "accounts_auditseal_hash_format": {"hash": "no"},
    "accounts_auditseal_follows": {"number": 2},
}


@pytest.mark.parametrize("name", BREAKS)
def test_database_refuses_what_cannot_be_true(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        seal(**BREAKS[name])


def test_every_constraint_of_seals_is_tried() -> None:
    assert {constraint.name for constraint in AuditSeal._meta.constraints} == set(BREAKS)


@pytest.mark.django_db(transaction=True)
def test_event_that_is_kept_only_after_a_seal_is_in_the_next(resident: Resident) -> None:
    """Its number is lower: a chain by number alone would have to make writers wait."""
    from threading import Event, Thread

    begun, sealed = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            audit.record("signed_in", resident=resident)
            begun.set()
            sealed.wait(10)
        connection.close()

    writer = Thread(target=slow)
    writer.start()
    begun.wait(10)
    audit.record("exported", resident=resident)
    assert chain.seal(timezone.now()) == 1
    sealed.set()
    writer.join()
    assert chain.seal(timezone.now()) == 1
    first, second = AuditSeal.objects.order_by("number")
    assert second.events < first.events
    assert found() == []
