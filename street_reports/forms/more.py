"""What else helps: a description, a photo, and whether to write back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.http import resident_of
from stockport.forms import CharacterCount, RadioSelect
from stockport.steps import StepForm
from street_reports.actions import keep_photo
from street_reports.images import KINDS, Cleaned, NotAPhoto
from street_reports.images import clean as clean_image
from street_reports.models import Photo

LONGEST = 1000
TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif"


class DetailsForm(StepForm):
    """More about the fault, in the resident's words."""

    description = forms.CharField(
        label="Is there anything else that helps us? (optional)",
        help_text="For example, since when, or which side of the road. Do not give your name or "
        "other personal details.",
        required=False,
        max_length=LONGEST,
        widget=CharacterCount(LONGEST),
        error_messages={
            "max_length": f"Your description must be {LONGEST:,} characters or fewer",
            "required": "Describe what is wrong",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.answers["fault"]["fault"].code.endswith("-other"):
            self.fields["description"].required = True
            self.fields["description"].label = "Describe what is wrong"

    def rows(self) -> list[tuple[str, str]]:
        """A short name for the check page."""
        return [("Description", self.shown(self["description"]))]


class PhotoForm(StepForm):
    """A photo, which is stored as soon as it is sent: `kept` is the one stored before."""

    photo = forms.FileField(
        label="Add a photo (optional)",
        help_text=f"A {KINDS} file of up to 10 MB. Do not show people or number plates of cars. "
        "We remove what your phone writes into it, such as where you were.",
        required=False,
        widget=forms.FileInput(attrs={"accept": TYPES}),
        error_messages={
            "empty": "The file is empty. Choose a photo",
            "invalid": "Choose the photo again",
        },
    )
    remove = forms.BooleanField(label="Remove this photo", required=False)
    kept = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_photo(self) -> Cleaned | None:
        """The upload, written anew."""
        upload: UploadedFile[bytes] | None = self.cleaned_data["photo"]
        try:
            return clean_image(upload) if upload else None
        except NotAPhoto as reason:
            raise forms.ValidationError(str(reason)) from reason

    def clean_kept(self) -> Photo | None:
        """The resident's stored photo, of no other report."""
        kept = self.cleaned_data["kept"]
        photos = Photo.objects.for_resident(resident_of(self.request)).of_form(self.key)
        return photos.filter(public_id=kept).first() if kept else None

    def clean(self) -> dict[str, Any]:
        """An error where the stored photo is gone: it was not sent within a day."""
        cleaned = super().clean() or self.cleaned_data
        if self.sent.get("kept") and not cleaned.get("kept") and not cleaned.get("photo"):
            self.add_error(
                "photo", "We no longer have your photo. Add it again, or continue without"
            )
        if cleaned.get("remove"):
            cleaned["kept"] = None
        return cleaned

    @property
    def stored_photo(self) -> Photo | None:
        """The photo to show with the form."""
        cleaned: dict[str, Any] = getattr(self, "cleaned_data", {}) if self.is_bound else {}
        photo: Photo | None = cleaned.get("kept")
        return photo

    def stored(self) -> str:
        """Store a new photo; the session keeps its id."""
        image: Cleaned | None = self.cleaned_data["photo"]
        if image:
            self.cleaned_data["kept"] = keep_photo(resident=resident_of(self.request), image=image)
        kept = self.cleaned_data["kept"]
        return f"kept={kept.public_id}" if kept else ""

    def rows(self) -> list[tuple[str, str]]:
        """Whether there is one."""
        return [("Photo", "1 photo" if self.cleaned_data["kept"] else "None")]


class ContactForm(StepForm):
    """Whether to e-mail about progress."""

    updates = forms.ChoiceField(
        label="Do you want e-mails about what happens?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=RadioSelect,
        error_messages={
            "required": "Select yes if you want e-mails about what happens",
            "invalid_choice": "Select yes if you want e-mails about what happens",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["updates"].help_text = (
            f"We write to {resident_of(self.request).email}. We do not give your name or address "
            "to the people who do the repair."
        )

    def rows(self) -> list[tuple[str, str]]:
        """A short name for the check page."""
        return [("E-mails about what happens", self.shown(self["updates"]))]
