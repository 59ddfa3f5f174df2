from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("feeds", "0005_runs_by_time")]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                (
                    "table",
                    models.CharField(
                        help_text="The file's name without .csv.",
                        max_length=60,
                        verbose_name="list",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="figures as at")),
                (
                    "is_newest",
                    models.BooleanField(default=False, verbose_name="of the newest extract"),
                ),
            ],
            options={
                "verbose_name": "time of figures",
                "verbose_name_plural": "times of figures",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(is_newest=True),
                        fields=("source", "table"),
                        name="feeds_confirmation_one_newest",
                        violation_error_message="There is one newest extract of each list.",
                    )
                ],
            },
        ),
    ]
