"""People are not written anew each night any more, so that their pages may be full again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_ni_number'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='person',
            name='as_at',
        ),
        migrations.AddField(
            model_name='person',
            name='refreshed_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When the council’s system was last asked for newer figures between two nights.', null=True, verbose_name='figures last asked for'),
        ),
        migrations.RunSQL(
            "ALTER TABLE accounts_person RESET (fillfactor)",
            "ALTER TABLE accounts_person SET (fillfactor = 45)",
        ),
    ]
