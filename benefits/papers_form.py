"""The form that adds papers: each is kept as soon as it comes, whatever the next one is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from benefits.models import Paper
from benefits.papers import FULL, NotTaken, add_paper, remove_paper
from benefits.rules import MOST_PAPERS
from stockport.forms import GovukForm
from stockport.images import MEGABYTES
from stockport.uploads import FilesField, FilesInput, not_added

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import Resident
    from benefits.models import EvidenceRequest

TYPES = "application/pdf,image/jpeg,image/png,image/heic,image/heif"


class PapersForm(GovukForm):
    """Adds the files that are sent with it, and removes what is named."""

    file = FilesField(
        label="Choose files",
        help_text=f"PDF, JPEG, PNG or HEIC, up to {MOST_PAPERS} files of up to {MEGABYTES} MB each."
        " Show every page, whole and sharp. Take the password off a PDF first.",
        required=False,
        widget=FilesInput(attrs={"accept": TYPES}),
    )

    def __init__(
        self, *args: Any, resident: Resident, asked: EvidenceRequest, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.resident, self.asked = resident, asked

    @cached_property
    def papers(self) -> list[Paper]:
        """What was added so far and is not sent."""
        return list(Paper.objects.for_resident(self.resident).for_request(self.asked).drafts())

    @property
    def is_full(self) -> bool:
        """Whether no more can be added before these are sent."""
        return len(self.papers) >= MOST_PAPERS

    @property
    def sends(self) -> bool:
        """Whether what was added is to be sent now."""
        return "send" in self.data

    def clean(self) -> dict[str, Any]:
        """Do what was asked; an error names the files that could not be added."""
        cleaned = super().clean() or self.cleaned_data
        if "remove" in self.data:
            self._remove(str(self.data["remove"]))
        uploads = cleaned["file"]
        if not uploads and ("add" in self.data or (self.sends and not self.papers)):
            self.add_error("file", "Choose a file")
        if refused := not_added(uploads, self._refusal, most=MOST_PAPERS, full=FULL):
            self.add_error("file", ". ".join(refused))
        self.__dict__.pop("papers", None)
        return cleaned

    def _remove(self, public_id: str) -> None:
        try:
            paper = UUID(public_id)
        except ValueError:  # written by hand: there is no such paper
            return
        remove_paper(resident=self.resident, request=self.asked, public_id=paper)

    def _refusal(self, upload: UploadedFile[bytes]) -> str:
        try:
            add_paper(resident=self.resident, request=self.asked, upload=upload)
        except NotTaken as reason:
            return str(reason)
        return ""
