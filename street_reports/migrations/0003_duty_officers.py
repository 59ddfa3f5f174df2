import django.db.models.deletion
from django.db import migrations, models


# What can be reported online and still cannot wait for the team's next working day. Staff may choose
# others.
URGENT = (
    "light-several-out",  # a cable or its supply has failed, and a whole street is dark
    "grid-overflowing",  # the road floods now, and the nearest home may be next
    "grid-poured",  # what was poured in runs on to a river: every hour counts
)


def mark_urgent(apps, schema_editor):
    apps.get_model("street_reports", "FaultType").objects.filter(code__in=URGENT).update(
        is_urgent=True
    )


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0003_endpoint_in_the_network'),
        ('street_reports', '0002_fault_types'),
    ]

    operations = [
        migrations.AddField(
            model_name='faulttype',
            name='is_urgent',
            field=models.BooleanField(default=False, help_text='The duty officers get an e-mail about each report of this fault, even while the team’s own system is down.', verbose_name='a person is told at once'),
        ),
        migrations.AddField(
            model_name='report',
            name='duty_email',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outbox.delivery'),
        ),
        migrations.RunPython(mark_urgent, migrations.RunPython.noop),
    ]
