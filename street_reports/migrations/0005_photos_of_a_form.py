import uuid

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_tokens_of_reports(apps, schema_editor):
    """A report had one photo; a draft that is not sent within a day goes anyway."""
    Photo = apps.get_model("street_reports", "Photo")
    Report = apps.get_model("street_reports", "Report")
    for photo in Photo.objects.filter(report=None):
        photo.form_token = uuid.uuid4()
        photo.save(update_fields=["form_token"])
    of_report = Report.objects.filter(pk=OuterRef("report")).values("form_token")
    Photo.objects.exclude(report=None).update(form_token=Subquery(of_report))


class Migration(migrations.Migration):

    dependencies = [
        ('street_reports', '0004_asset_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='photo',
            name='form_token',
            field=models.UUIDField(default=uuid.uuid4, editable=False, help_text='The form that it was added to.'),
        ),
        migrations.AddField(
            model_name='photo',
            name='position',
            field=models.PositiveSmallIntegerField(default=1, help_text='1 to 3.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='photo',
            name='digest',
            field=models.CharField(default='', editable=False, help_text='SHA-256 of the file as it was sent.', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='photo',
            name='size',
            field=models.PositiveIntegerField(default=0, help_text='Bytes.'),
            preserve_default=False,
        ),
        migrations.RunPython(take_tokens_of_reports, migrations.RunPython.noop),
    ]
