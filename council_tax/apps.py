from django.apps import AppConfig


class CouncilTaxConfig(AppConfig):
    name = "council_tax"
    verbose_name = "council tax"
