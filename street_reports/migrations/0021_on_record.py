import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# The function and why it is there: migration 0008 of the outbox. Erasure empties who and which words.
STAYS = """
CREATE TRIGGER street_reports_act_stays_on_record
BEFORE UPDATE OR DELETE ON street_reports_act
FOR EACH ROW EXECUTE FUNCTION stays_on_record('resident_id', 'text');
CREATE TRIGGER street_reports_update_stays_on_record
BEFORE UPDATE OR DELETE ON street_reports_update
FOR EACH ROW EXECUTE FUNCTION stays_on_record();
CREATE TRIGGER street_reports_export_stays_on_record
BEFORE DELETE ON street_reports_export
FOR EACH ROW EXECUTE FUNCTION stays_on_record();
CREATE TRIGGER street_reports_export_ends_once
BEFORE UPDATE ON street_reports_export
FOR EACH ROW
WHEN (OLD.rows IS NOT NULL OR to_jsonb(NEW) - 'rows' <> to_jsonb(OLD) - 'rows')
EXECUTE FUNCTION stays_on_record();
"""
GOES = """
DROP TRIGGER street_reports_export_ends_once ON street_reports_export;
DROP TRIGGER street_reports_export_stays_on_record ON street_reports_export;
DROP TRIGGER street_reports_update_stays_on_record ON street_reports_update;
DROP TRIGGER street_reports_act_stays_on_record ON street_reports_act;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0008_on_record'),
        ('street_reports', '0014_queue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('filters', models.TextField(blank=True, help_text='As in the address of the list.')),
                ('has_personal_data', models.BooleanField(default=False, verbose_name='with personal data')),
                ('rows', models.PositiveIntegerField(blank=True, help_text='How many left. Empty: under way, or the portal stopped.', null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={'permissions': [('export_personal_data', 'Can export personal data of reports')]},
        ),
        migrations.RunSQL(STAYS, GOES),
    ]
