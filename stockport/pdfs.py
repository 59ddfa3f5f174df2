"""PDF files, as far as the portal looks into them."""

from __future__ import annotations


def is_whole_pdf(content: bytes) -> bool:
    """Whether it begins as a PDF does, and ends as one (ISO 32000-1, 7.5.1)."""
    ends = b"%%EOF" in content[-2048:] and b"startxref" in content[-4096:]
    return content.startswith(b"%PDF-") and ends
