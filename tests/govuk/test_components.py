"""Our component tags give upstream's HTML for upstream's own fixtures."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

from stockport.components import Action, Cell, NavItem, PageLink, Pages, SummaryRow
from tests.govuk.upstream import InexpressibleError, cases, content, prove, require, strict


def draw(source: str, **context: Any) -> str:
    return Template("{% load govuk %}" + source).render(Context(context))


def variant_of(classes: str, base: str) -> str:
    """govuk-tag--green gives green."""
    require(classes.count(" ") == 0 and classes.startswith(f"{base}--"), "only our variants")
    return classes.removeprefix(f"{base}--")


@strict
def button(
    *,
    text: Any = "",
    html: str = "",
    classes: str = "",
    disabled: bool = False,
    href: str | None = None,
    isStartButton: bool = False,
    name: str = "",
    type: str = "submit",
    value: str = "",
    preventDoubleClick: Any = "",
    id: str = "",
) -> str:
    require(not (html and isStartButton), "a start button holds text")
    variant = "start" if isStartButton else ""
    if classes.startswith("govuk-button--"):
        first, _, classes = classes.partition(" ")
        variant = variant_of(first, "govuk-button")
    return draw(
        "{% button text href=href variant=variant name=name value=value kind=kind id=id"
        " classes=classes disabled=disabled once=once %}",
        text=content(text=text, html=html), href=href, variant=variant, name=name, value=value,
        kind=type, id=id, classes=classes, disabled=disabled, once=preventDoubleClick,
    )  # fmt: skip


@strict
def back_link(*, text: str = "Back", html: str = "", href: str = "#", classes: str = "") -> str:
    return draw(
        "{% back_link href text classes=classes %}",
        href=href,
        text=content(text=text or "Back", html=html),
        classes=classes,
    )


@strict
def tag(*, text: Any = "", html: str = "", classes: str = "") -> str:
    colour = variant_of(classes, "govuk-tag") if classes else ""
    return draw("{% tag text colour %}", text=content(text=text, html=html), colour=colour)


@strict
def inset_text(*, text: str = "", html: str = "", id: str = "", classes: str = "") -> str:
    return draw(
        "{% inset_text id=id classes=classes %}{{ text }}{% endinset_text %}",
        text=content(text=text, html=html), id=id, classes=classes,
    )  # fmt: skip


@strict
def warning_text(
    *, text: str = "", html: str = "", iconFallbackText: str = "Warning", classes: str = ""
) -> str:
    return draw(
        "{% warning_text prefix=prefix classes=classes %}{{ text }}{% endwarning_text %}",
        text=content(text=text, html=html), prefix=iconFallbackText or "Warning", classes=classes,
    )  # fmt: skip


@strict
def details(
    *,
    summaryText: Any = "",
    summaryHtml: str = "",
    text: Any = "",
    html: str = "",
    id: str = "",
    open: bool = False,
    classes: str = "",
) -> str:
    return draw(
        "{% details summary open=open id=id classes=classes %}{{ text }}{% enddetails %}",
        summary=content(text=summaryText, html=summaryHtml), text=content(text=text, html=html),
        open=open, id=id, classes=classes,
    )  # fmt: skip


@strict
def notification_banner(
    *,
    text: Any = "",
    html: str = "",
    type: str = "",
    titleText: str = "",
    titleHtml: str = "",
    titleHeadingLevel: Any = 2,
    titleId: str = "",
    role: str = "",
    classes: str = "",
) -> str:
    options = {"title_id": titleId, "role": role}
    given = "".join(f" {name}={name}" for name, value in options.items() if value)
    heading = '<p class="govuk-notification-banner__heading">{{ text }}</p>'
    return draw(
        "{% notification_banner title=title success=success level=level classes=classes"
        f"{given} %}}{'{{ text }}' if html else heading}{{% endnotification_banner %}}",
        title=content(text=titleText, html=titleHtml), text=content(text=text, html=html),
        success=type == "success", level=titleHeadingLevel, classes=classes, **options,
    )  # fmt: skip


@strict
def panel(
    *,
    titleText: str = "",
    titleHtml: str = "",
    text: str = "",
    html: str = "",
    headingLevel: int = 1,
    classes: str = "",
) -> str:
    require("interruption" not in classes, "interruption panels are not ours")
    return draw(
        "{% panel title level=level classes=classes %}{{ text }}{% endpanel %}",
        title=content(text=titleText, html=titleHtml), text=content(text=text, html=html),
        level=headingLevel, classes=classes,
    )  # fmt: skip


@strict
def page_link(
    *,
    href: str = "",
    number: Any = "",
    current: bool = False,
    ellipsis: bool = False,
    text: str = "",
    labelText: str = "",
    visuallyHiddenText: str = "",
) -> PageLink | None:
    if ellipsis:
        return None
    label = labelText or visuallyHiddenText
    return PageLink(href=href, number=str(number), current=current, text=text, label=label)


@strict
def pagination(*, previous: Any = None, next: Any = None, items: Any = ()) -> str:
    pages = Pages(
        previous=page_link(**previous) if previous else None,
        next=page_link(**next) if next else None,
        items=[page_link(**item) for item in items or () if item],
    )
    return draw("{% pagination pages %}", pages=pages)


@strict
def action(
    *, text: str = "", html: str = "", href: str = "", visuallyHiddenText: str = ""
) -> Action:
    return Action(content(text=text, html=html), href, visuallyHiddenText)


@strict
def actions(*, items: Any = ()) -> tuple[Action, ...]:
    return tuple(action(**item) for item in items)


@strict
def summary_row(*, key: Any, value: Any, actions: Any = None) -> SummaryRow:
    return SummaryRow(content(**key), content(**value), globals()["actions"](**(actions or {})))


@strict
def card(*, title: Any = None, actions: Any = None, classes: str = "") -> dict[str, Any]:
    title = dict(title or {})
    level = title.pop("headingLevel", 2)
    links = globals()["actions"](**(actions or {}))
    return {"title": content(**title), "level": level, "actions": links, "classes": classes}


@strict
def summary_list(*, rows: Any, classes: str = "", card: Any = None) -> str:
    lines = [summary_row(**row) for row in rows if row]
    if card is None:
        return draw("{% summary_list rows classes=classes %}", rows=lines, classes=classes)
    require(not classes, "the card carries the classes")
    return draw(
        "{% summary_card title rows actions=actions level=level classes=classes %}",
        rows=lines,
        **globals()["card"](**card),
    )


@strict
def cell(*, text: Any = "", html: str = "", format: str = "", header: bool = False) -> Cell:
    require(format in ("", "numeric"), "figures or text")
    return Cell(content(text=text, html=html), numeric=format == "numeric", header=header)


@strict
def table(
    *,
    rows: Any,
    head: Any = (),
    firstCellIsHeader: bool = False,
    caption: str = "",
    captionClasses: str = "",
    classes: str = "",
) -> str:
    size = variant_of(captionClasses, "govuk-table__caption") if captionClasses else ""
    lines = [
        [cell(**item, header=firstCellIsHeader and not i) for i, item in enumerate(row)]
        for row in rows
        if row
    ]
    return draw(
        "{% table caption head rows size=size classes=classes %}",
        caption=caption, head=[cell(**item) for item in head], rows=lines, size=size,
        classes=classes,
    )  # fmt: skip


@strict
def skip_link(*, text: str = "", html: str = "", href: str = "#content") -> str:
    return draw(
        "{% skip_link text href %}", text=content(text=text, html=html), href=href or "#content"
    )


@strict
def generic_header(*, logoText: str = "", logoHtml: str = "", url: str = "/") -> str:
    return draw(
        "{% generic_header logo href %}", logo=content(text=logoText, html=logoHtml), href=url
    )


@strict
def nav_item(
    *, text: str = "", html: str = "", href: str = "", current: bool = False, active: bool = False
) -> NavItem:
    return NavItem(content(text=text, html=html), href, current, active)


@strict
def service_navigation(
    *,
    serviceName: str = "",
    serviceUrl: str = "",
    navigation: Any = (),
    slots: Any = None,
    collapseNavigationOnMobile: bool | None = None,
) -> str:
    require(not set(slots or {}) - {"navigationEnd"}, "the sign-out button is the one addition")
    return draw(
        "{% service_navigation name href items collapse %}{{ end }}{% endservice_navigation %}",
        name=serviceName, href=serviceUrl, collapse=collapseNavigationOnMobile,
        items=[nav_item(**item) for item in navigation if item],
        end=content(html=(slots or {}).get("navigationEnd", "")),
    )  # fmt: skip


ADAPTERS = {
    "button": button,
    "back-link": back_link,
    "tag": tag,
    "inset-text": inset_text,
    "warning-text": warning_text,
    "details": details,
    "notification-banner": notification_banner,
    "panel": panel,
    "pagination": pagination,
    "summary-list": summary_list,
    "table": table,
    "skip-link": skip_link,
    "generic-header": generic_header,
    "service-navigation": service_navigation,
}


@pytest.mark.parametrize(("component", "name"), cases(ADAPTERS))
def test_component_is_drawn_as_upstream_draws_it(component: str, name: str) -> None:
    prove(component, name, ADAPTERS)


def test_adapters_refuse_what_they_do_not_know() -> None:
    with pytest.raises(InexpressibleError):
        button(text="Save", attributes={"data-x": "1"})
