"""Whose record an event is about is hashed with the row's own salt; forgetting drops the salt."""

import django.contrib.postgres.fields
import stockport.db
from django.db import migrations, models

STAYS = """
DROP TRIGGER accounts_auditevent_stays_on_record ON accounts_auditevent;
CREATE FUNCTION accounts_auditevent_about(e accounts_auditevent) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(
        jsonb_build_array(e.salt, e.resident_id, e.actor_id, e.person_id)::text, 'UTF8')), 'hex')
$$;
CREATE FUNCTION accounts_auditevent_digest(e accounts_auditevent) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(e.id,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        e.kind, e.role, e.why, e.detail, e.about)::text, 'UTF8')), 'hex')
$$;
UPDATE accounts_auditevent SET salt = gen_random_uuid();
UPDATE accounts_auditevent AS e SET about = accounts_auditevent_about(e);
CREATE FUNCTION accounts_auditevent_salted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.salt := gen_random_uuid();
    NEW.about := accounts_auditevent_about(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_auditevent_salted
BEFORE INSERT ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION accounts_auditevent_salted();
CREATE FUNCTION accounts_auditevent_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF num_nulls(NEW.resident_id, NEW.actor_id, NEW.person_id)
        > num_nulls(OLD.resident_id, OLD.actor_id, OLD.person_id)
    THEN
        NEW.salt := NULL;
    ELSE
        NEW.salt := OLD.salt;
    END IF;
    RETURN NEW;
END $$;
-- Before the one that keeps all else: triggers come in the order of their names.
CREATE TRIGGER accounts_auditevent_forgets
BEFORE UPDATE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION accounts_auditevent_forgets();
CREATE TRIGGER accounts_auditevent_stays_on_record
BEFORE UPDATE OR DELETE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION stays_on_record('resident_id', 'actor_id', 'person_id', 'salt');
CREATE TRIGGER accounts_auditseal_stays_on_record
BEFORE UPDATE OR DELETE ON accounts_auditseal
FOR EACH ROW EXECUTE FUNCTION stays_on_record();
"""
GOES = """
DROP TRIGGER accounts_auditseal_stays_on_record ON accounts_auditseal;
DROP TRIGGER accounts_auditevent_stays_on_record ON accounts_auditevent;
DROP TRIGGER accounts_auditevent_forgets ON accounts_auditevent;
DROP TRIGGER accounts_auditevent_salted ON accounts_auditevent;
DROP FUNCTION accounts_auditevent_forgets();
DROP FUNCTION accounts_auditevent_salted();
DROP FUNCTION accounts_auditevent_digest(accounts_auditevent);
DROP FUNCTION accounts_auditevent_about(accounts_auditevent);
CREATE TRIGGER accounts_auditevent_stays_on_record
BEFORE UPDATE OR DELETE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION stays_on_record('resident_id', 'actor_id', 'person_id');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('sealed_at', models.DateTimeField()),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Their numbers, in order.', size=None)),
                ('digests', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), help_text='The hash of each of them.', size=None)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.AddField(
            model_name='auditevent',
            name='about',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='role',
            field=models.CharField(blank=True, help_text='The roles of the member of staff, at the time.', max_length=200),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='salt',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='why',
            field=models.CharField(blank=True, help_text='In that person’s own words.', max_length=200),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='detail',
            field=models.CharField(blank=True, help_text='What it was done to, and how; no secret, no answer.', max_length=500),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['person', 'at'], name='accounts_audit_of_person'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['at'], name='accounts_audit_at'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=models.CheckConstraint(condition=models.Q(('events__len', models.F('digests__len')), ('events__len__gt', 0)), name='accounts_auditseal_digest_each', violation_error_message='A seal has one digest for each of its events.'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=models.CheckConstraint(condition=stockport.db.IsSha256('hash'), name='accounts_auditseal_hash_format', violation_error_message='A seal is a SHA-256 hash.'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('previous', '')), models.Q(models.Q(('number__gt', 1)), stockport.db.IsSha256('previous')), _connector='OR'), name='accounts_auditseal_follows', violation_error_message='Each seal but the first has the hash of the one before.'),
        ),
        migrations.RunSQL(STAYS, GOES),
    ]
