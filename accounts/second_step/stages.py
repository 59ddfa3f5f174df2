"""What allauth asks one after the other while somebody signs in."""

from __future__ import annotations

from typing import Any

from allauth.mfa import stages


class RememberStage(stages.TrustStage):  # type: ignore[misc]
    """Staff are not asked whether to remember the device: the admin wants a code each time."""

    def handle(self) -> tuple[Any, bool]:
        """The question, or on to the next stage."""
        if self.login.user.is_staff:
            return None, True
        answer: tuple[Any, bool] = super().handle()
        return answer
