"""Which pages warn in a storm."""

from __future__ import annotations

from django import template

from street_reports.models import Kind, Storm

register = template.Library()


@register.simple_tag
def storm_over(kind: str) -> Storm | None:
    """The storm, for a page about a kind of asset that it changes: grids. One query there."""
    return Storm.objects.on().first() if kind == Kind.GRID else None
