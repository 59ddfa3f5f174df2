#!/usr/bin/env python
"""Django's command line for My Account."""

import os
import sys


def main() -> None:
    """Run one management command; development settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.development")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
