"""The same format of hashed proofs, in words that PostgreSQL checks at once."""

from django.db import migrations, models
from django.db.models import Q

from stockport.db import IsSha256


def hashed(field):
    """The field is empty or a SHA-256."""
    return Q(**{field: ""}) | Q(IsSha256(field))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_linking")]

    operations = [
        migrations.RemoveConstraint(model_name="person", name="accounts_person_proofs_hashed"),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=hashed("online_key") & hashed("phone_last3") & hashed("bank_last3"),
                name="accounts_person_proofs_hashed",
                violation_error_message="What proves who somebody is is only stored hashed.",
            ),
        ),
    ]
