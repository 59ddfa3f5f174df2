"""What must agree across the whole project, and would otherwise drift apart."""

import importlib
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
OWN = ("stockport", "accounts", *settings.SERVICES)
OWN_MODELS = [m for m in apps.get_models() if m.__module__.split(".")[0] in OWN]


def own_sources() -> list[Path]:
    return [path for name in OWN for path in (ROOT / name).rglob("*.py")]


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_staff_find_every_model_in_the_admin(model: type[models.Model]) -> None:
    inlines = {i.model for a in admin.site._registry.values() for i in a.inlines}
    assert admin.site.is_registered(model) or model in inlines


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_staff_can_search_every_list_of_the_admin(model: type[models.Model]) -> None:
    if admin.site.is_registered(model):
        assert admin.site._registry[model].search_fields


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_every_constraint_has_a_name_of_its_app_and_says_what_is_wrong(
    model: type[models.Model],
) -> None:
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(model._meta.app_label)
        assert constraint.violation_error_message != constraint.default_violation_error_message


def test_no_two_apps_have_a_queryset_of_the_same_name() -> None:
    """Django-stubs names the manager of `as_manager` after it: mypy took one for the other."""
    sets = {manager._queryset_class for m in OWN_MODELS for manager in m._meta.managers}
    names = Counter(each.__name__ for each in sets)
    assert [name for name, number in names.items() if number > 1] == []


def test_no_template_is_unused() -> None:
    """Every template is named by Python, by another template, or found by a convention."""
    found_by_convention = re.compile(
        r"^(account/|mfa/|socialaccount/|allauth/|admin/|govuk/|40[34]|429|500|django/)"
    )
    texts = [path.read_text(encoding="utf-8") for path in own_sources()]
    texts += [
        path.read_text(encoding="utf-8")
        for pattern in ("*.html", "*.txt")
        for path in (ROOT / "templates").rglob(pattern)
    ]
    everything = "\n".join(texts)
    names = [
        path.relative_to(ROOT / "templates").as_posix()
        for pattern in ("*.html", "*.txt")
        for path in (ROOT / "templates").rglob(pattern)
    ]
    unused = [n for n in names if not found_by_convention.match(n) and n not in everything]
    assert unused == []


def test_every_test_that_the_page_about_security_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = {name.removeprefix("tests/") for name in re.findall(r"(?:\w+/)*test_\w+\.py", page)}
    assert len(named) > 50
    assert [name for name in sorted(named) if not (ROOT / "tests" / name).is_file()] == []


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_every_scheduled_task_exists_and_takes_its_arguments(name: str) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE[name]
    current_app.loader.import_default_modules()
    task = current_app.tasks[entry["task"]]
    inspect.signature(task.run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))


@pytest.mark.parametrize("name", ["base", "development", "test"])
def test_settings_module_can_be_imported(name: str) -> None:
    assert importlib.import_module(f"stockport.settings.{name}").SERVICES


def test_every_environment_variable_is_documented() -> None:
    read = re.compile(r'env\.(?:text|number|words|flag)\(\s*"([A-Z_]+)"')
    # What only the tests read is nobody's to set.
    sources = [path for path in own_sources() if path.name != "test.py"]
    names = {name for path in sources for name in read.findall(path.read_text("utf-8"))}
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in documented} == set()
