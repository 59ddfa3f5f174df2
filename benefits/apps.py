from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "benefits"
    verbose_name = "benefits"

    def ready(self) -> None:
        """Register the system checks."""
        from benefits import checks  # noqa: F401
