from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "accounts"

    def ready(self) -> None:
        """Have `migrate` make the roles of staff, and listen for what signing in tells of."""
        from accounts import happenings
        from accounts.roles import make_roles
        from accounts.second_step import others

        post_migrate.connect(make_roles, dispatch_uid="accounts.roles")
        happenings.listen()
        others.listen()
