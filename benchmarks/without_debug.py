"""As a developer's machine has it, but Django keeps no record of its statements."""

from stockport.settings.development import *  # noqa: F403

DEBUG = False
