"""The page rules catch what they are for: each one is broken once."""

import pytest
from django.conf import settings

from tests.page import Page

HEADING = "Your bill"
GOOD = f"""<!DOCTYPE html>
<html lang="en-GB">
  <head><title>{HEADING} - {settings.SERVICE_NAME} - {settings.COUNCIL_NAME}</title></head>
  <body>
    <main id="main">
      <h1>{HEADING}</h1>
      <p class="govuk-body">Text with <a class="govuk-link" href="#main">a link</a></p>
      <form method="post" novalidate>
        <input type="hidden" name="csrfmiddlewaretoken" value="x">
        <label for="name">Name</label>
        <div id="hint">As on letters</div>
        <input id="name" name="name" aria-describedby="hint">
      </form>
    </main>
    <script src="/static/portal.js" type="module"></script>
  </body>
</html>"""
POLICY = {"Content-Security-Policy": "default-src 'none'"}


def test_good_page_passes() -> None:
    Page(GOOD, POLICY).check()


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("<!DOCTYPE html>\n", "", "HTML error"),
        ("</main>", "</div></main>", "HTML error"),
        (f"<h1>{HEADING}</h1>", "", "0 h1"),
        (f"<h1>{HEADING}</h1>", f"<h1>{HEADING}</h1><h1>Two</h1>", "2 h1"),
        (f"<h1>{HEADING}</h1>", "<h1>Other</h1>", "title is"),
        (f"<title>{HEADING}", f"<title>Error: {HEADING}", "title is"),
        ("<form", '<p class="govuk-error-message">Enter it</p><form', "title is"),
        ('for="name"', 'for="nobody"', "label for 'nobody' leads nowhere"),
        ('<label for="name">Name</label>', "", "control 'name' has no label"),
        ('<div id="hint">', '<div id="name">', "id 'name' occurs 2 times"),
        ('aria-describedby="hint"', 'aria-describedby="gone"', "aria-describedby 'gone'"),
        ('<main id="main">', '<main id="main" aria-labelledby="x">', "aria-labelledby 'x'"),
        ('href="#main"', 'href="#gone"', "link '#gone' leads nowhere"),
        ('src="/static/portal.js"', "", "script"),
        ('src="/static/portal.js"', 'src="https://elsewhere.example/a.js"', "script"),
        ("</head>", "<style>p { color: red }</style></head>", "style element"),
        ("<h1>", '<h1 style="color: red">', "style attribute on h1"),
        ("<h1>", '<h1 onclick="go()">', "onclick attribute on h1"),
        ('<p class="govuk-body">', "<p>", "p without a class"),
        ('<a class="govuk-link"', "<a", "a without a class"),
        ("<form", "<ul><li>One</li></ul><form", "ul without a class"),
        ('method="post" ', "", "form without a method"),
        ("csrfmiddlewaretoken", "token", "without a CSRF token"),
        (" novalidate", "", "without novalidate"),
        ("As on letters", "{{ hint }}", "left over: {{"),
        ("As on letters", "{% hint %}", "left over: {%"),
        ("As on letters", "&lt;p class=&quot;govuk-body&quot;&gt;", "left over: class="),
        (' lang="en-GB"', "", "html without lang"),
    ],
)
def test_page_that_breaks_a_rule_fails(good: str, bad: str, complaint: str) -> None:
    assert GOOD.count(good) == 1
    with pytest.raises(AssertionError, match="The page breaks its rules") as failure:
        Page(GOOD.replace(good, bad), POLICY).check()
    assert complaint in str(failure.value)


def test_page_without_a_security_policy_fails() -> None:
    with pytest.raises(AssertionError, match="no Content-Security-Policy"):
        Page(GOOD, {"Content-Type": "text/html"}).check()


def test_page_is_asked_with_selectors() -> None:
    page = Page(GOOD)
    assert page.h1 == HEADING
    assert page.text("main p") == "Text with a link"
    assert [link.get("href") for link in page.select("a.govuk-link")] == ["#main"]
    with pytest.raises(AssertionError, match="0 elements match"):
        page.text(".nothing")
