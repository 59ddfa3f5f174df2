"""What staff read beside the switch: the app that brought a private report reads its updates."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("street_reports", "0029_kinds_of_references")]

    operations = [
        migrations.AlterField(
            "report",
            "is_private",
            models.BooleanField(
                default=False,
                help_text="Over Open311, only the app that brought it still reads what became of it.",
                verbose_name="kept off the public list",
            ),
        ),
    ]
