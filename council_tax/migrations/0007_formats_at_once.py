"""The same formats as before, in words that PostgreSQL checks at once: a borough has millions of rows."""

from django.db import migrations, models

import stockport.db
from stockport.years import FINANCIAL_YEARS

YEARS = ["chargeperiod", "document", "element", "instalment", "notice", "transaction", "yeartotal"]


def again(model, name, condition, message):
    """Operations that put one constraint in another's place."""
    constraint = models.CheckConstraint(
        condition=condition, name=name, violation_error_message=message
    )
    return [
        migrations.RemoveConstraint(model_name=model, name=name),
        migrations.AddConstraint(model_name=model, constraint=constraint),
    ]


class Migration(migrations.Migration):
    dependencies = [("council_tax", "0006_revenues_queue")]

    operations = [
        *(
            operation
            for model in YEARS
            for operation in again(
                model,
                f"council_tax_{model}_year_format",
                models.Q(year__in=FINANCIAL_YEARS),
                "Write the year as 2026/27.",
            )
        ),
        *again(
            "document",
            "council_tax_document_sha256_format",
            models.Q(stockport.db.IsSha256("sha256")),
            "A SHA-256 is 64 digits from 0 to f.",
        ),
    ]
