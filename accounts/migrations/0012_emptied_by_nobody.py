from django.db import migrations

# `stays_on_record` (migration 0008 of the outbox) is asked for each row; TRUNCATE takes all at once.
STAYS = """
CREATE TRIGGER accounts_auditevent_is_not_emptied
BEFORE TRUNCATE ON accounts_auditevent
FOR EACH STATEMENT EXECUTE FUNCTION stays_on_record();
CREATE TRIGGER accounts_auditseal_is_not_emptied
BEFORE TRUNCATE ON accounts_auditseal
FOR EACH STATEMENT EXECUTE FUNCTION stays_on_record();
"""
GOES = """
DROP TRIGGER accounts_auditseal_is_not_emptied ON accounts_auditseal;
DROP TRIGGER accounts_auditevent_is_not_emptied ON accounts_auditevent;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_who_looked"),
    ]
    operations = [
        migrations.RunSQL(STAYS, GOES),
    ]
