from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "accounts"

    def ready(self) -> None:
        """Have `migrate` make the roles of staff, and put on record who signs in and how."""
        from accounts.happenings import listen
        from accounts.roles import make_roles

        post_migrate.connect(make_roles, dispatch_uid="accounts.roles")
        listen()
