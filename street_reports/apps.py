from django.apps import AppConfig


class StreetReportsConfig(AppConfig):
    name = "street_reports"
    verbose_name = "street reports"
