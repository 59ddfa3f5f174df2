"""What the public may read over Open311: staff keep reports private, and approve photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import transaction
from django.utils import timezone

from stockport.admin import ModelAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from street_reports.models import Photo, Report


def _publish(
    reports: ModelAdmin, request: HttpRequest, chosen: QuerySet[Report], *, is_private: bool
) -> None:
    words = "Kept off the public list." if is_private else "On the public list."
    with transaction.atomic():
        for report in chosen.exclude(is_private=is_private):
            report.is_private, report.changed_at = is_private, timezone.now()
            report.save(update_fields=["is_private", "changed_at"])
            reports.log_change(request, report, words)
    reports.message_user(request, words)


@admin.action(description="Keep off the public list", permissions=["act"])
def keep_private(reports: ModelAdmin, request: HttpRequest, chosen: QuerySet[Report]) -> None:
    """Nobody reads them over Open311 any more, nor sees their photos there."""
    _publish(reports, request, chosen, is_private=True)


@admin.action(description="Put back on the public list", permissions=["act"])
def make_public(reports: ModelAdmin, request: HttpRequest, chosen: QuerySet[Report]) -> None:
    """As reports are unless somebody decided otherwise."""
    _publish(reports, request, chosen, is_private=False)


class PublishingPhotos(ModelAdmin):
    """Photos are public only once staff have looked at them."""

    actions = ("approve", "take_back")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether they may decide what the public sees."""
        return request.user.has_perm("street_reports.change_photo")

    @admin.action(description="Approve for the public", permissions=["publish"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Photo]) -> None:
        """Faces, number plates and homes are not for the public: they have looked for them."""
        sent = chosen.filter(approved_at=None, report__isnull=False)
        self._decide(request, sent, "Approved for the public.", approved=True)

    @admin.action(description="Take back from the public", permissions=["publish"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[Photo]) -> None:
        """Nobody but staff and its owner sees it any more."""
        shown = chosen.exclude(approved_at=None)
        self._decide(request, shown, "Taken back from the public.", approved=False)

    def _decide(
        self, request: HttpRequest, photos: QuerySet[Photo], words: str, *, approved: bool
    ) -> None:
        now = timezone.now()
        with transaction.atomic():
            for photo in photos.select_related("report"):
                photo.approved_at = now if approved else None
                photo.save(update_fields=["approved_at"])
                if photo.report:
                    photo.report.changed_at = now
                    photo.report.save(update_fields=["changed_at"])
                self.log_change(request, photo, words)
        self.message_user(request, words)
