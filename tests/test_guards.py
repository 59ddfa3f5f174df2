"""The guards stop what they are for, and nothing else."""

import socket

import pytest
from django.template import Context, Template, engines
from django.template.base import Origin
from django.utils import timezone

from accounts.models import Resident
from tests.factories.accounts import ResidentFactory
from tests.guards import TEMPLATES, OutsideError, UnknownVariableError


def template(source: str, name: str) -> Template:
    return Template(source, origin=Origin(name), engine=engines["django"].engine)


@pytest.mark.parametrize("source", ["{{ missing }}", "{{ here.missing }}", "{{ missing|upper }}"])
def test_template_of_ours_that_prints_an_unknown_variable_fails(source: str) -> None:
    ours = template(source, f"{TEMPLATES}/home/start.html")
    with pytest.raises(UnknownVariableError, match=r"home/start.html prints .*missing"):
        ours.render(Context({"here": "Stockport"}))


def test_template_may_ask_whether_a_variable_is_there() -> None:
    ours = template("{% if missing %}Yes{% else %}No{% endif %}", f"{TEMPLATES}/home/start.html")
    assert ours.render(Context()) == "No"


def test_templates_of_others_are_left_alone() -> None:
    assert template("{{ missing }}", "/elsewhere/admin/index.html").render(Context()) == ""


def test_other_machines_cannot_be_reached() -> None:
    with socket.socket() as connection, pytest.raises(OutsideError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as connection:
        connection.connect(server.getsockname())


def test_time_without_a_zone_is_an_error(db: None) -> None:
    naive = timezone.now().replace(tzinfo=None)
    resident = ResidentFactory.create()
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        Resident.objects.filter(pk=resident.pk).update(last_login=naive)
