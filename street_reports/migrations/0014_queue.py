import django.db.models.deletion
from django.db import migrations, models

OF_THEIR_DELIVERIES = """
UPDATE street_reports_report AS report SET destination_id = delivery.destination_id
FROM outbox_delivery AS delivery WHERE delivery.id = report.delivery_id;
"""
# A report goes where its delivery goes. Django knows no foreign keys of two columns.
TOGETHER = """
ALTER TABLE street_reports_report
    ADD CONSTRAINT street_reports_report_of_its_team
    FOREIGN KEY (delivery_id, destination_id) REFERENCES outbox_delivery (id, destination_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
APART = "ALTER TABLE street_reports_report DROP CONSTRAINT street_reports_report_of_its_team;"
# What was just filled has keys to be checked, and the table changes only once they are.
NOW = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
OPEN = models.Q(('status__in', ['received', 'accepted', 'planned']))


def team(**options):
    return models.ForeignKey(
        db_index=False,
        help_text='The team that deals with it.',
        on_delete=django.db.models.deletion.PROTECT,
        related_name='+',
        to='outbox.destination',
        **options,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0006_update_of_its_destination'),
        ('street_reports', '0020_reply_templates'),
    ]

    operations = [
        migrations.AddField(model_name='report', name='destination', field=team(null=True)),
        migrations.RunSQL(OF_THEIR_DELIVERIES, migrations.RunSQL.noop),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
        migrations.AlterField(model_name='report', name='destination', field=team()),
        migrations.RunSQL(TOGETHER, APART),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=OPEN, fields=['due_on', 'created_at'], name='street_reports_report_queue'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=OPEN, fields=['destination', 'due_on', 'created_at'], name='street_reports_report_of_team'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['-created_at'], name='street_reports_report_by_age'),
        ),
    ]
