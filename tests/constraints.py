"""The invariants that an app's tables promise: its tests break each of them."""

from django.apps import apps


def constraints_of(app: str) -> set[str]:
    """The names of all constraints of an app's models."""
    models = apps.get_app_config(app).get_models()
    return {constraint.name for model in models for constraint in model._meta.constraints}
