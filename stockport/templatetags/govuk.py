"""GOV.UK Frontend components as tags; their markup is in templates/govuk/components/.

Every tag is proved against the fixtures of the installed npm package (tests/govuk/).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stockport.components import Action, Cell, NavItem, PageLink, Pages, SummaryRow, cells

register = template.Library()
COMPONENTS = "govuk/components"


def _render(component: str, **context: Any) -> SafeString:
    return render_to_string(f"{COMPONENTS}/{component}.html", context)


# Forms -----------------------------------------------------------------------------------------
@register.simple_tag
def question(field: BoundField, size: str = "l") -> SafeString:
    """A field whose label or legend is the heading of the page."""
    return field.render(context={**field.get_context(), "heading": size})


@register.inclusion_tag(f"{COMPONENTS}/error_summary.html")
def error_summary(*bound: forms.BaseForm) -> dict[str, Any]:
    """What is wrong, each with a link to its field; nothing when nothing is. First in content."""
    return {"errors": [error for form in bound for error in _errors(form)]}


def _errors(form: forms.BaseForm) -> list[tuple[str, str]]:
    general = [(str(message), "") for message in form.non_field_errors()]
    fields: list[Any] = [form[name] for name in form.fields if name in form.errors]
    return general + [(field.error, f"#{field.link_id}") for field in fields]


@register.inclusion_tag(f"{COMPONENTS}/button.html")
def button(
    text: str, href: str | None = None, variant: str = "", *, kind: str = "submit", **attrs: Any
) -> dict[str, Any]:
    """A button, or a link that looks like one. variant: secondary, warning, inverse or start."""
    return {"text": text, "href": href, "variant": variant, "kind": kind, **_DEFAULTS, **attrs}


_DEFAULTS = dict.fromkeys(("name", "value", "id", "classes", "disabled", "once"), "")


# Text ------------------------------------------------------------------------------------------
@register.inclusion_tag(f"{COMPONENTS}/back_link.html")
def back_link(href: str, text: str = "Back", classes: str = "") -> dict[str, str]:
    """The link at the top of a page, in the block before_content."""
    return {"href": href, "text": text, "classes": classes}


@register.inclusion_tag(f"{COMPONENTS}/tag.html")
def tag(text: str, colour: str = "") -> dict[str, str]:
    """A status in words. colour: grey, green, teal, blue, purple, magenta, red, orange, yellow."""
    return {"text": text, "colour": colour}


@register.simple_block_tag
def inset_text(content: str, id: str = "", classes: str = "") -> SafeString:
    """Text that stands out from what surrounds it."""
    return _render("inset_text", content=content, id=id, classes=classes)


@register.simple_block_tag
def warning_text(content: str, prefix: str = "Warning", classes: str = "") -> SafeString:
    """Something important: a consequence, a fine."""
    return _render("warning_text", content=content, prefix=prefix, classes=classes)


@register.simple_block_tag
def details(
    content: str,
    summary: str,
    open: bool = False,
    id: str = "",
    classes: str = "",
) -> SafeString:
    """Help that opens under its summary."""
    return _render("details", content=content, summary=summary, open=open, id=id, classes=classes)


@register.simple_block_tag
def notification_banner(
    content: str, title: str = "", success: bool = False, **options: Any
) -> SafeString:
    """News that is not about what the page does. Options: title_id, level, role, classes."""
    title = title or ("Success" if success else "Important")
    defaults = {"title_id": "govuk-notification-banner-title", "level": 2, "classes": ""}
    defaults["role"] = "alert" if success else "region"
    context = {**defaults, **options, "success": success, "title": title}
    return _render("notification_banner", content=content, **context)


@register.simple_block_tag
def panel(content: str, title: str, level: int = 1, classes: str = "") -> SafeString:
    """The green panel that confirms; its title is the heading of the page."""
    return _render("panel", content=content, title=title, level=level, classes=classes)


# Data ------------------------------------------------------------------------------------------
@register.inclusion_tag(f"{COMPONENTS}/summary_list.html")
def summary_list(rows: Sequence[SummaryRow], classes: str = "") -> dict[str, Any]:
    """Keys and values, with links to change them."""
    return _summary(rows, "", classes)


@register.inclusion_tag(f"{COMPONENTS}/summary_card.html")
def summary_card(
    title: str,
    rows: Sequence[SummaryRow],
    actions: Sequence[Action] = (),
    level: int = 2,
    classes: str = "",
) -> dict[str, Any]:
    """A summary list in a frame with a title, for one of several things of a kind."""
    card = {"actions": actions, "level": level, "card_classes": classes}
    return {**_summary(rows, title, ""), **card}


def _summary(rows: Sequence[SummaryRow], title: str, classes: str) -> dict[str, Any]:
    any_actions = any(row.actions for row in rows)
    return {"rows": rows, "title": title, "any_actions": any_actions, "classes": classes}


@register.inclusion_tag(f"{COMPONENTS}/table.html")
def table(
    caption: str,
    head: Iterable[str | Cell],
    rows: Iterable[Iterable[str | Cell]],
    size: str = "m",
    classes: str = "",
) -> dict[str, Any]:
    """Figures in columns. size of the caption: s, m, l or xl, or "" for body text."""
    lines = [cells(row) for row in rows]
    context = {"caption": caption, "size": size, "classes": classes}
    return {**context, "head": cells(head), "rows": lines}


@register.inclusion_tag(f"{COMPONENTS}/records.html")
def records(
    caption: str, head: Iterable[str | Cell], rows: Iterable[Iterable[str | Cell]], size: str = "m"
) -> dict[str, Any]:
    """A table of several columns of words, which on a phone becomes one block for each row."""
    columns = cells(head)
    lines = [zip(columns, cells(row), strict=True) for row in rows]
    return {"caption": caption, "size": size, "head": columns, "rows": lines}


@register.inclusion_tag(f"{COMPONENTS}/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any] | Pages) -> dict[str, Any]:
    """Links to the other pages of a list; nothing where there is only one."""
    if isinstance(page, Page):
        page = pages_of(page, context["request"].GET)
    return {"pages": page, "block": not page.items and (page.previous or page.next)}


def pages_of(page: Page[Any], query: Any) -> Pages:
    """The links of a Django page; they keep the other parameters of the address."""

    def link(number: int, **more: Any) -> PageLink:
        others = query.copy()
        others["page"] = number
        return PageLink(href=f"?{others.urlencode()}", number=str(number), **more)

    if page.paginator.num_pages < 2:
        return Pages()
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return Pages(
        previous=link(page.number - 1) if page.has_previous() else None,
        next=link(page.number + 1) if page.has_next() else None,
        items=[link(n, current=n == page.number) if isinstance(n, int) else None for n in numbers],
    )


# Around the page -------------------------------------------------------------------------------
@register.inclusion_tag(f"{COMPONENTS}/skip_link.html")
def skip_link(text: str, href: str = "#content") -> dict[str, str]:
    """The first stop of the Tab key."""
    return {"text": text, "href": href}


@register.inclusion_tag(f"{COMPONENTS}/generic_header.html")
def generic_header(logo: str, href: str = "/") -> dict[str, str]:
    """The council's name at the top of the page."""
    return {"logo": logo, "href": href}


@register.simple_block_tag
def service_navigation(
    content: str,
    name: str = "",
    href: str = "",
    items: Sequence[NavItem] = (),
    collapse: bool | None = None,
) -> SafeString:
    """The service's name and its sections; the content comes last in the list.

    Folds into a menu on a phone (`collapse`) unless there is only one section.
    """
    collapse = len(items) > 1 if collapse is None else collapse
    context = {"name": name, "href": href, "items": items, "collapse": collapse}
    content = content if content.strip() else ""
    return _render("service_navigation", content=content, **context)
