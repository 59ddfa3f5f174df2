"""What `make run` prints when the site answers."""

from __future__ import annotations

from django.conf import settings

from stockport.demo.bill_to_link import bill_to_link
from stockport.demo.residents import DEMO_RESIDENTS


def welcome(port: int) -> str:
    """The addresses, each demo resident with what it shows, and the staff log-in."""
    site = f"http://localhost:{port}"
    residents = [one for one in DEMO_RESIDENTS if not one.staff]
    staff = [one for one in DEMO_RESIDENTS if one.staff]
    code = settings.MFA_TOTP_INSECURE_BYPASS_CODE
    width = max(len(one.email) for one in DEMO_RESIDENTS)
    return "\n".join(
        [
            "",
            f"My Account       {site}/",
            f"E-mails sent     {site}/dev/mail",
            f"Letters posted   {site}/dev/post",
            f"Back office      http://localhost:{port + 1}/",
            f"Civica           http://localhost:{port + 2}/ gives newer figures",
            f"Open311          {site}/open311/v2/ with api_key={settings.DEMO_OPEN311_KEY}",
            "",
            f"Sign in as one of these, password: {settings.DEMO_PASSWORD}",
            *(f"  {one.email:{width}}  {one.story}" for one in residents),
            "",
            bill_to_link(),
            "",
            f"Staff, at {site}/admin/, same password, then the code {code}:",
            *(f"  {one.email:{width}}  {one.story}" for one in staff),
            "",
            "Ctrl-C stops everything.",
        ]
    )
