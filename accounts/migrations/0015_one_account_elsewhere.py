"""One account at the same provider for each resident, also where two tabs connect at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_lost_second_steps"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        # allauth's own table has no such rule: elsewhere, several are allowed.
        migrations.RunSQL(
            "CREATE UNIQUE INDEX accounts_one_account_elsewhere"
            " ON socialaccount_socialaccount (user_id, provider)",
            "DROP INDEX accounts_one_account_elsewhere",
        )
    ]
