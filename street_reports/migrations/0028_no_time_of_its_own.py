"""No page shows when an asset was last confirmed: the load of its list says that."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("street_reports", "0027_emptied_by_nobody")]

    operations = [migrations.RemoveField("asset", "as_at")]
