"""The queue that papers and requests wait in, before anybody has said where it is."""

from base64 import b64encode
from secrets import token_bytes

from django.db import migrations
from django.utils import timezone


def open_queue(apps, schema_editor):
    """Paused, so that papers are kept and staff see why they wait."""
    secret = f"whsec_{b64encode(token_bytes(32)).decode()}"
    apps.get_model("outbox", "Destination").objects.get_or_create(
        slug="benefits",
        defaults={
            "name": "benefits team",
            "connector": "webhook",
            "endpoint": "https://benefits.invalid/",
            "webhook_secret": secret,
            "paused_at": timezone.now(),
            "pause_reason": "Nobody has set its address yet: set it and the secret, then resume it",
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0003_papers"),
        ("outbox", "0010_govuk_notify"),
    ]

    operations = [migrations.RunPython(open_queue, migrations.RunPython.noop, elidable=False)]
