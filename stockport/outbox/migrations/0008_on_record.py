from django.db import migrations, models

# What happened stays on record. A row of such a table is never deleted, and never changed: only
# columns named for its trigger may be emptied, as when a resident has their data erased.
STAYS = """
CREATE FUNCTION stays_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    emptied text[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - emptied = to_jsonb(OLD) - emptied
        AND NOT EXISTS (
            SELECT FROM unnest(emptied) AS name
            WHERE to_jsonb(NEW) ->> name IS DISTINCT FROM to_jsonb(OLD) ->> name
            AND to_jsonb(NEW) ->> name <> ''
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What happened stays on record (%).', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER staff_acts_stay_on_record
BEFORE UPDATE OR DELETE ON django_admin_log
FOR EACH ROW EXECUTE FUNCTION stays_on_record();
CREATE INDEX staff_acts_by_object ON django_admin_log (object_id);
"""
GOES = """
DROP INDEX staff_acts_by_object;
DROP TRIGGER staff_acts_stay_on_record ON django_admin_log;
DROP FUNCTION stays_on_record();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("outbox", "0007_reason_of_an_update"),
    ]
    operations = [
        migrations.RunSQL(STAYS, GOES),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["reference"],
                condition=~models.Q(reference=""),
                name="outbox_delivery_about",
            ),
        ),
    ]
