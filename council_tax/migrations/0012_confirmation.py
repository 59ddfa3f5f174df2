"""An ordinary night writes one time for all accounts, not one for each: pages need no room for it."""

import django.db.models.deletion
from django.db import migrations, models

POINT = """
    INSERT INTO feeds_confirmation (source, "table", at, is_newest)
    SELECT source, 'accounts', as_at, as_at = max(as_at) OVER (PARTITION BY source)
    FROM (SELECT DISTINCT source, as_at FROM council_tax_account) AS times;
    UPDATE council_tax_account AS t SET confirmation_id = c.id FROM feeds_confirmation AS c
    WHERE c.source = t.source AND c."table" = 'accounts' AND c.at = t.as_at
"""
BACK = """
    SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE council_tax_account AS t SET as_at = c.at FROM feeds_confirmation AS c
    WHERE c.id = t.confirmation_id;
    UPDATE council_tax_account SET confirmation_id = NULL;
    DELETE FROM feeds_confirmation WHERE "table" = 'accounts'
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0006_confirmation"), ("council_tax", "0011_bills_by")]

    operations = [
        migrations.AddField(
            "account",
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
            "account",
            "confirmation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feeds.confirmation",
            ),
        ),
        migrations.RemoveField("account", "as_at"),
        migrations.RunSQL(
            "ALTER TABLE council_tax_account RESET (fillfactor)",
            "ALTER TABLE council_tax_account SET (fillfactor = 45)",
        ),
    ]
