"""What residents have been reminded of."""

from __future__ import annotations

from django.db import models

from appointments.models.booking import Appointment


class SentReminder(models.Model):
    """That a reminder was sent, or not needed, so many hours before this time: never again."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField(help_text="The time that it was about.")
    hours = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "starts_at", "hours"],
                name="%(app_label)s_sentreminder_once",
                violation_error_message="The resident has been reminded of this already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment}, {self.hours} hours before"
