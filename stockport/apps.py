from django.apps import AppConfig


class StockportConfig(AppConfig):
    name = "stockport"
    verbose_name = "platform"

    def ready(self) -> None:
        """Register the system checks."""
        from stockport import checks  # noqa: F401
