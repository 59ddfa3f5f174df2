"""A reference has a kind: what an app calls its report in one way is not what it calls it in another.

What was kept before does not say which kind it was. It stays without one, and is any of them.
"""

from django.db import migrations, models

# Backwards: one name of a key for one report again, the first.
FIRST_ONES = """
    DELETE FROM street_reports_submission AS later USING street_reports_submission AS first
    WHERE later.key_id = first.key_id AND later.reference = first.reference
        AND later.reference <> '' AND later.id > first.id
"""


class Migration(migrations.Migration):
    dependencies = [("street_reports", "0028_no_time_of_its_own")]

    operations = [
        migrations.RemoveConstraint("submission", "street_reports_submission_once"),
        migrations.RunSQL(migrations.RunSQL.noop, FIRST_ONES),
        migrations.AddField(
            "submission",
            "kind",
            models.CharField(
                blank=True,
                choices=[
                    ("idempotency_key", "Idempotency-Key"),
                    ("report_reference", "report_reference"),
                    ("fixmystreet_id", "fixmystreet_id"),
                ],
                default="",
                help_text="Empty: it is not known, and may be any of them.",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            "submission",
            models.UniqueConstraint(
                fields=["key", "kind", "reference"],
                condition=~models.Q(reference=""),
                name="street_reports_submission_once",
                violation_error_message="The app has sent this already.",
            ),
        ),
    ]
