from django.apps import AppConfig
from django.core.checks import register

from stockport.feeds.checks import check_declarations


class FeedsConfig(AppConfig):
    name = "stockport.feeds"

    def ready(self) -> None:
        register(check_declarations)
