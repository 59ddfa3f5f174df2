from django.apps import AppConfig


class StreetReportsConfig(AppConfig):
    name = "street_reports"
    verbose_name = "street reports"

    def ready(self) -> None:
        """Register the system checks."""
        from street_reports import checks  # noqa: F401
