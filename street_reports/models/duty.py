"""Whether the duty officers have been told of a report that needs a person now."""

from __future__ import annotations

from django.db import models

from stockport.outbox.workflow import WAITING, State


class Duty(models.Model):
    """What a report has about its e-mail to them."""

    # One column, one e-mail: whatever is sent again, a report calls the duty officers once.
    duty_email = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def duty_is_told(self) -> bool:
        """Whether the e-mail to the duty officers has left."""
        return self.duty_email is not None and self.duty_email.state == State.SENT

    @property
    def duty_is_being_told(self) -> bool:
        """Whether that e-mail is on its way, without anybody's help."""
        return self.duty_email is not None and self.duty_email.state in (*WAITING, State.LEASED)
