from django.db import migrations

# The function of migration 0008 is asked for each row; TRUNCATE takes all of them at once.
STAYS = """
CREATE TRIGGER staff_acts_are_not_emptied
BEFORE TRUNCATE ON django_admin_log
FOR EACH STATEMENT EXECUTE FUNCTION stays_on_record();
"""
GOES = "DROP TRIGGER staff_acts_are_not_emptied ON django_admin_log;"


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0010_govuk_notify"),
    ]
    operations = [
        migrations.RunSQL(STAYS, GOES),
    ]
