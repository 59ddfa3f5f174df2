"""What each role of staff may do: the one table of it, and the groups that are made from it.

`migrate` makes the groups as they stand here (docs/adr/0033-roles.md); what was given or taken in
the admin beside it goes again. A page of the admin that no role may open is a superuser's alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps as every_app
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps import AppConfig
    from django.apps.registry import Apps

    from accounts.models import Resident

APPOINT = "accounts.appoint_staff"
LOOK, DECIDE, RUN = "view", "view change", "view add change"


class Grant(NamedTuple):
    """Verbs, what they are about, and its app: each pair is a permission, `app.verb_model`."""

    verbs: str
    app: str
    models: str

    def permissions(self) -> Iterator[str]:
        """Each with its app: `council_tax.view_account`."""
        for model in self.models.split():
            yield from (f"{self.app}.{verb}_{model}" for verb in self.verbs.split())


WHO_IS_WHO = Grant(LOOK, "accounts", "person personlink")
FEEDS = Grant(LOOK, "feeds", "feedrun quarantine confirmation")

ROLES: dict[str, tuple[Grant, ...]] = {
    # Answers the phone: finds people, links them, books, reports; of council tax what is owed.
    "Customer services": (
        WHO_IS_WHO,
        Grant(DECIDE, "accounts", "resident"),
        Grant(LOOK, "accounts", "secondstepremoval"),
        Grant("add", "accounts", "personlink"),
        Grant("view decide", "accounts", "linkrequest"),
        Grant(LOOK, "accounts", "linkattempt letterpin"),
        Grant(LOOK, "council_tax", "account liability yeartotal instalment request"),
        Grant(RUN, "appointments", "appointment"),
        Grant(LOOK, "appointments", "location service waiting"),
        Grant("report_for", "street_reports", "caller"),
        Grant(LOOK, "street_reports", "report update asset"),
    ),
    "Revenues": (
        WHO_IS_WHO,
        FEEDS,
        Grant(
            LOOK,
            "council_tax",
            "property account liability element chargeperiod chargeline yeartotal notice document "
            "opening instalment transaction request",
        ),
    ),
    "Benefits": (
        WHO_IS_WHO,
        FEEDS,
        Grant(
            LOOK,
            "benefits",
            "claim claimmember award awardline sending paper decision evidencerequest claimrequest "
            "document opening benefitpayment overpayment recovery",
        ),
    ),
    # Runs the places, the desks and their hours, and receives who comes.
    "Appointments desk": (
        Grant(f"{RUN} overbook", "appointments", "appointment"),
        Grant(RUN, "appointments", "location desk service bankholiday"),
        Grant(f"{RUN} delete", "appointments", "closure extraopening openingrule deskservice"),
        Grant(LOOK, "appointments", "occupiedcell postcode sentreminder earlieroffer waiting"),
    ),
    "Highways": (
        Grant("report_for", "street_reports", "caller"),
        Grant(DECIDE, "street_reports", "report photo storm"),
        Grant(
            LOOK,
            "street_reports",
            "asset act contact export follower submission submittedupdate unconfirmed update",
        ),
        Grant(RUN, "street_reports", "closurereason faulttype danger owner replytemplate question"),
        Grant(f"{RUN} delete", "street_reports", "choice"),
    ),
    # Reads what staff and systems did. Not what the council knows of a household.
    "Auditor": (
        FEEDS,
        Grant(LOOK, "accounts", "auditevent auditseal linkattempt linkrequest letterpin"),
        Grant(LOOK, "accounts", "failedsignin resident personlink secondstepremoval"),
        Grant(LOOK, "auth", "group"),
        Grant(LOOK, "outbox", "destination morningmail"),
        Grant(LOOK, "street_reports", "act export apikey"),
    ),
    # Says who is staff, in which role, and keeps what is sent and received moving.
    "Administrator": (
        FEEDS,
        Grant(DECIDE, "accounts", "resident"),
        Grant(LOOK, "accounts", "secondstepremoval"),
        Grant("appoint", "accounts", "staff"),
        Grant(LOOK, "auth", "group"),
        Grant(DECIDE, "outbox", "delivery inboundupdate"),
        Grant(RUN, "outbox", "destination"),
        Grant(LOOK, "outbox", "attempt morningmail"),
        Grant(RUN, "street_reports", "apikey"),
    ),
}


def permissions_of(role: str) -> set[str]:
    """All that somebody in this role may do, each as `app.codename`."""
    return {name for grant in ROLES[role] for name in grant.permissions()}


def make_roles(*, app_config: AppConfig, using: str, apps: Apps = every_app, **_: Any) -> None:
    """Give each role what the table says about one app: `migrate` calls it once for each app,
    after Django has made the app's permissions. `apps` is what there is by then.
    """
    if "auth" not in apps.app_configs:
        return
    of_app = Q(content_type__app_label=app_config.label)
    its = list(Permission.objects.using(using).filter(of_app))
    for role in ROLES if its else ():
        group, _created = Group.objects.using(using).get_or_create(name=role)
        granted = permissions_of(role)
        held = set(group.permissions.filter(of_app))
        wanted = {one for one in its if f"{app_config.label}.{one.codename}" in granted}
        if held != wanted:
            group.permissions.remove(*(held - wanted))
            group.permissions.add(*(wanted - held))


def changeable_by(staff: Resident) -> Q:
    """Accounts that they may change: of staff, only by who appoints; a superuser’s only by another
    superuser; and their own never, or they could give themselves more.
    """
    if staff.is_superuser:
        return Q()
    others = Q(is_superuser=False) & ~Q(pk=staff.pk)
    return others if staff.has_perm(APPOINT) else others & Q(is_staff=False)
