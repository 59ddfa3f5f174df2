"""The smallest PDF that shows lines of text on one A4 page (ISO 32000-1, 7.5): demo letters."""

from __future__ import annotations

from collections.abc import Iterable

HEAD = b"%PDF-1.4\n"
OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R/Lang(en-GB)>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>",
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def page(lines: Iterable[str]) -> bytes:
    """A PDF of one page with these lines; the same lines give the same bytes."""
    text = b"".join(b"(%b)'" % _escaped(line) for line in lines)
    stream = b"BT /F 12 Tf 60 780 Td 18 TL %bET" % text
    content = b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream)
    body, offsets = HEAD, []
    for number, each in enumerate((*OBJECTS, content, FONT), start=1):
        offsets.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj%b\nendobj\n" % (number, each)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(offsets)
    return body + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _escaped(line: str) -> bytes:
    text = line.encode("cp1252", "replace")
    for character in (b"\\", b"(", b")"):
        text = text.replace(character, b"\\" + character)
    return text
