"""What every page of the staff admin shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms import BaseInlineFormSet, BaseModelFormSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin.filters import _ListFilterChoices
    from django.contrib.admin.models import LogEntry
    from django.contrib.admin.views.main import ChangeList
    from django.db.models import Field, Model
    from django.forms import Field as FormField
    from django.http import HttpRequest

    # Django's own classes take no type argument at runtime, and mypy asks for one.
    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
    _FormSet = BaseModelFormSet[Any, Any]
    _InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline
    _FormSet = BaseModelFormSet
    _InlineFormSet = BaseInlineFormSet

admin.site.site_header = f"{settings.SERVICE_NAME}: {settings.COUNCIL_NAME} staff"
admin.site.site_title = f"{settings.SERVICE_NAME} staff"
admin.site.index_title = "Records"


class ValuesFilter(admin.AllValuesFieldListFilter):
    """One value of a field; the link to those without any has words as well."""

    def choices(self, changelist: ChangeList) -> Iterator[_ListFilterChoices]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "None"}


class _NamedRows(_FormSet):
    """The fields of a table have no labels: each is named by its column and its row."""

    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        row = form.instance if form.instance.pk else "new"
        for field in form.fields.values():
            control = getattr(field.widget, "widget", field.widget)  # what the links are around
            control.attrs["aria-label"] = f"{field.label}: {row}"


class _NamedInlineRows(_NamedRows, _InlineFormSet):
    """The same for rows of a record that are changed on its page."""


class _Numbered:
    """A record as the log of what staff did calls it where its own name is somebody's."""

    def __init__(self, record: Model) -> None:
        self.pk, self._meta = record.pk, record._meta

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ModelAdmin(_ModelAdmin):
    """Records in which everything that is filled in has a name."""

    # The log of what staff did refuses change, so that a name in it would outlive an account.
    is_called_by_name = False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return super().log_addition(request, self._as_logged(obj), message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return super().log_change(request, self._as_logged(obj), message)

    def _as_logged(self, record: Any) -> Any:
        return _Numbered(record) if self.is_called_by_name else record

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_formset(request, formset=_NamedRows, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: Any, **kwargs: Any
    ) -> FormField | None:
        """A date and its time are two boxes, and the label belongs to the first."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, AdminSplitDateTime):
            for box, what in zip(field.widget.widgets, ("date", "time"), strict=True):
                box.attrs["aria-label"] = f"{field.label}: {what}"
        return field


class TabularInline(_TabularInline):
    """Rows of a record that are changed on its page."""

    template = "admin/rows.html"
    formset = _NamedInlineRows


class _OnlyLooking:
    """Permissions of staff who may look, and may not add, change or delete."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_OnlyLooking, ModelAdmin):
    """For what the back office owns: listed, searched and shown, never changed here."""


class ReadOnlyInline(_OnlyLooking, TabularInline):
    """Rows of such a record, shown on the page of what they belong to."""

    extra = 0
    show_change_link = True
