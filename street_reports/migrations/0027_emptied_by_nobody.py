from django.db import migrations

# `stays_on_record` (migration 0008 of the outbox) is asked for each row; TRUNCATE takes all at once.
STAYS = """
CREATE TRIGGER street_reports_act_is_not_emptied
BEFORE TRUNCATE ON street_reports_act
FOR EACH STATEMENT EXECUTE FUNCTION stays_on_record();
CREATE TRIGGER street_reports_update_is_not_emptied
BEFORE TRUNCATE ON street_reports_update
FOR EACH STATEMENT EXECUTE FUNCTION stays_on_record();
CREATE TRIGGER street_reports_export_is_not_emptied
BEFORE TRUNCATE ON street_reports_export
FOR EACH STATEMENT EXECUTE FUNCTION stays_on_record();
"""
GOES = """
DROP TRIGGER street_reports_export_is_not_emptied ON street_reports_export;
DROP TRIGGER street_reports_update_is_not_emptied ON street_reports_update;
DROP TRIGGER street_reports_act_is_not_emptied ON street_reports_act;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("street_reports", "0026_photos_of_apps"),
    ]
    operations = [
        migrations.RunSQL(STAYS, GOES),
    ]
