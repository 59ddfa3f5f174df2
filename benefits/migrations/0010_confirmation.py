"""An ordinary night writes one time for all claims, not one for each: pages need no room for it."""

import django.db.models.deletion
from django.db import migrations, models

POINT = """
    INSERT INTO feeds_confirmation (source, "table", at, is_newest)
    SELECT source, 'claims', as_at, as_at = max(as_at) OVER (PARTITION BY source)
    FROM (SELECT DISTINCT source, as_at FROM benefits_claim) AS times;
    UPDATE benefits_claim AS t SET confirmation_id = c.id FROM feeds_confirmation AS c
    WHERE c.source = t.source AND c."table" = 'claims' AND c.at = t.as_at
"""
BACK = """
    SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE benefits_claim AS t SET as_at = c.at FROM feeds_confirmation AS c
    WHERE c.id = t.confirmation_id;
    UPDATE benefits_claim SET confirmation_id = NULL;
    DELETE FROM feeds_confirmation WHERE "table" = 'claims'
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0006_confirmation"), ("benefits", "0009_team_of_requests")]

    operations = [
        migrations.AddField(
            "claim",
            "confirmation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feeds.confirmation",
                null=True,
            ),
        ),
        migrations.RunSQL(POINT, BACK),
        migrations.AlterField(
            "claim",
            "confirmation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feeds.confirmation",
            ),
        ),
        migrations.RemoveField("claim", "as_at"),
        migrations.RunSQL(
            "ALTER TABLE benefits_claim RESET (fillfactor)",
            "ALTER TABLE benefits_claim SET (fillfactor = 45)",
        ),
    ]
