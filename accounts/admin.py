"""What staff see of residents, people and links; who may sign in, and who is linked to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.shortcuts import redirect

from accounts.actions import NotLinked, link_person
from accounts.http import resident_of
from accounts.linking import admin as linking
from accounts.linking.reviewing import revoke
from accounts.models import FailedSignIn, Person, PersonLink, Resident
from accounts.roles import APPOINT, changeable_by
from accounts.second_step import admin as second_step
from accounts.second_step.removing import ask_to_remove
from stockport.admin import ModelAdmin, ReadOnlyAdmin, ReadOnlyInline
from stockport.outbox.admin.asking import ask, is_confirmed

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

__all__ = ["linking", "second_step"]

ROLE_FIELDS, SUPERUSER_FIELDS = ("is_staff", "groups"), ("is_superuser", "user_permissions")
STAFF_FIELDS = (*ROLE_FIELDS, *SUPERUSER_FIELDS)

# Whoever changed these here would sign in as somebody else, and nobody would be told.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.unregister([SocialAccount, SocialApp, SocialToken])

# The two lists beside each other that Django draws for these say nothing to a screen reader.
GroupAdmin.filter_horizontal = ()

# Staff sign in where everybody does, under the same limits, and change their password there.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def change_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The admin's own page would not send the notice that ours sends."""
    return redirect("account_change_password")


admin.site.password_change = change_password  # type: ignore[method-assign,assignment]


class PersonLinkInline(ReadOnlyInline):
    """Whom a resident is linked to, and was."""

    model = PersonLink
    fk_name = "resident"
    fields = ("person", "method", "level", "linked_at", "linked_by", "revoked_at", "revoked_by")


@admin.register(Resident)
class ResidentAdmin(ModelAdmin):
    """Residents and staff. Passwords are neither seen nor set here, and nobody is deleted."""

    is_called_by_name = True
    list_display = ("email", "is_active", "is_staff", "date_joined", "last_login", "closed_at")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("email",)
    ordering = ("email",)
    date_hierarchy = "date_joined"
    readonly_fields = ("email", "public_id", "date_joined", "last_login", "closed_at")
    fieldsets = (
        (None, {"fields": ("email", "public_id", "date_joined", "last_login", "closed_at")}),
        ("Signing in", {"fields": ("is_active",)}),
        ("Staff", {"fields": STAFF_FIELDS}),
    )
    inlines = (PersonLinkInline,)
    actions = ("deactivate", "reactivate", "remove_second_step")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Closing an account asks every service first: the resident's own page does it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of themselves, nor of whoever may do more."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or self._changeable(request).filter(pk=obj.pk).exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Roles are for who appoints, more for a superuser; a closed account stays closed."""
        if obj and obj.closed_at:
            return (*self.readonly_fields, "is_active", *STAFF_FIELDS)
        if resident_of(request).is_superuser:
            return self.readonly_fields
        appoints = resident_of(request).has_perm(APPOINT)
        return (*self.readonly_fields, *(SUPERUSER_FIELDS if appoints else STAFF_FIELDS))

    @admin.action(description="Stop selected residents signing in", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Resident]) -> None:
        """Their open sessions end at once."""
        self._set_active(request, queryset.exclude(pk=resident_of(request).pk), active=False)

    @admin.action(description="Let selected residents sign in again", permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[Resident]) -> None:
        """Closed accounts stay closed."""
        self._set_active(request, queryset.filter(closed_at=None), active=True)

    @admin.action(
        description="Remove the second step of selected residents in 24 hours",
        permissions=["change"],
    )
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[Resident]) -> None:
        """For who lost phone and codes and has shown who they are; of staff, by a superuser."""
        if not resident_of(request).is_superuser:
            queryset = queryset.filter(changeable_by(resident_of(request)), is_staff=False)
        staff = resident_of(request)
        asked = [one for one in queryset if ask_to_remove(resident=one, by=staff)]
        for resident in asked:
            self.log_change(request, resident, "Second step to be removed")
        self.message_user(
            request, f"{len(asked)} to be removed in 24 hours. Each was told by e-mail."
        )

    def _changeable(self, request: HttpRequest) -> QuerySet[Resident]:
        return Resident.objects.filter(changeable_by(resident_of(request)))

    def _set_active(
        self, request: HttpRequest, queryset: QuerySet[Resident], *, active: bool
    ) -> None:
        changed = list(queryset.filter(changeable_by(resident_of(request)), is_active=not active))
        for resident in changed:
            resident.is_active = active
            resident.save(update_fields=["is_active"])
            self.log_change(request, resident, "Can sign in" if active else "Cannot sign in")
        self.message_user(request, f"{len(changed)} changed.")


@admin.register(FailedSignIn)
class FailedSignInAdmin(ReadOnlyAdmin):
    """Sign-ins that failed in this hour, also with addresses that have no account."""

    list_display = ("last_at", "kind", "email", "tries")
    list_filter = ("kind",)
    search_fields = ("=email",)
    ordering = ("-last_at", "-pk")


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """The council's records of people, as the back office last sent them."""

    list_display = ("full_name", "reference", "source", "postcode", "refreshed_at")
    list_filter = ("source",)
    search_fields = ("=reference", "surname__istartswith", "postcode")
    ordering = ("surname", "forenames", "pk")


class LinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks the constraint itself whether the link exists: the form has only some of its fields."""

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError with the constraint's own words."""
        data: dict[str, Any] = super().clean() or {}
        if "resident" in data and "person" in data:
            link = PersonLink(resident=data["resident"], person=data["person"])
            link.validate_constraints()
        return data


@admin.register(PersonLink)
class PersonLinkAdmin(ModelAdmin):
    """Who is whom. Staff link and revoke; nothing is changed or deleted afterwards."""

    is_called_by_name = True
    form = LinkForm
    list_display = ("resident", "person", "method", "level", "linked_at", "linked_by", "revoked_at")
    list_filter = ("method", "level", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("resident", "person", "linked_by")
    search_fields = ("resident__email", "=person__reference", "person__surname__istartswith")
    ordering = ("-linked_at", "-pk")
    autocomplete_fields = ("resident", "person")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Staff choose who and how surely; the rest is recorded."""
        if obj is None:
            return ("resident", "person", "level")
        return (
            *("resident", "person", "method", "level"),
            *("linked_at", "linked_by", "revoked_at", "revoked_by"),
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A link is history."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A link is history."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whoever may link may revoke."""
        return self.has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: PersonLink, form: Any, change: bool) -> None:
        """Record who linked them; the form has already refused a second active link."""
        link = link_person(
            resident=obj.resident,
            person=obj.person,
            method=PersonLink.Method.STAFF,
            level=PersonLink.Level(obj.level),
            linked_by=resident_of(request),
        )
        obj.pk, obj.linked_at = link.pk, link.linked_at

    @admin.action(description="Revoke selected links", permissions=["revoke"])
    def revoke(
        self, request: HttpRequest, queryset: QuerySet[PersonLink]
    ) -> HttpResponseBase | None:
        """Ask why, then end the links; who did it, when and why stays on record."""
        chosen = list(queryset.select_related("resident", "person"))
        form = linking.RevokeForm(request.POST if is_confirmed(request) else None)
        if not form.is_valid():
            return ask(
                self,
                request,
                title="Revoke links",
                text="They no longer see these records, and read your reason in an e-mail.",
                button="Revoke",
                form=form,
                about=[str(link) for link in chosen],
            )
        for link in chosen:
            self._revoke(request, link, form.cleaned_data["reason"])
        return None

    def _revoke(self, request: HttpRequest, link: PersonLink, reason: str) -> None:
        try:
            revoke(link=link, reason=reason, by=resident_of(request))
        except NotLinked:
            self.message_user(request, f"Already revoked: {link}", messages.WARNING)
        else:
            self.log_change(request, link, f"Revoked: {reason}")
            self.message_user(request, f"Revoked: {link}")
