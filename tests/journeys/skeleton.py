"""What two pages have in common that differ only in what they say."""

from __future__ import annotations

from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

# Attributes that say which thing it is, and those that hold words.
WHICH = {"action", "content", "datetime", "for", "href", "id", "name", "src", "value"} | {
    *("aria-controls", "aria-describedby", "aria-labelledby", "max", "maxlength", "min", "step"),
}
RECORDS = ("app-", "column-", "dynamic-", "field-", "model-")  # classes by which Django says so
WORDS = {"alt", "aria-label", "placeholder", "title"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"head", "link", "meta", "option", "script", "title"}  # by themselves
Place = tuple[str, str, str, str, str]  # the parent, the element, each with attributes; its words
LONG = 15  # letters: longer words are hard to fit where a screen is narrow


class Known:
    """The skeletons that were seen by this process, and by others that share the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.places: set[Place] = set()

    def add(self, html: str) -> bool:
        """Whether it was not known before."""
        try:
            (self.folder / skeleton(html)).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def add_places(self, html: str) -> bool:
        """Whether an element is in a place where none like it was before.

        For pages that are made of the same few parts in ever new numbers, as those of the admin.
        """
        new = _read(html).places - self.places
        self.places |= new
        return bool(new)


def skeleton(html: str) -> str:
    """A hash of elements, classes and states. Siblings that are alike count once."""
    return sha256(_read(html).whole().encode()).hexdigest()


def _read(html: str) -> _Skeleton:
    reader = _Skeleton()
    reader.feed(html)
    reader.close()
    return reader


class _Skeleton(HTMLParser):
    """Writes each element with its different children in brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, dict[str, None]]] = [("", "", {})]
        self.places: set[Place] = set()

    def whole(self) -> str:
        while len(self.open) > 1:
            self._end()
        return "".join(self.open[0][2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = " ".join(f"{name}={_kept(name, value or '')}" for name, value in sorted(attrs))
        self.open.append((tag, kept, {}))
        if tag in VOID:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _, _ in self.open):
            while self.open[-1][0] != tag:
                self._end()
            self._end()

    def handle_data(self, data: str) -> None:
        self._add(_kind(data))

    def _end(self) -> None:
        tag, kept, children = self.open.pop()
        if tag not in UNSEEN and "type=hidden" not in kept:
            words = "".join(child for child in children if not child.startswith("<"))
            self.places.add((*self.open[-1][:2], tag, kept, words))
        self._add(f"<{tag} {kept}[{''.join(children)}]")

    def _add(self, child: str) -> None:
        self.open[-1][2][child] = None


def _kept(name: str, value: str) -> str:
    """What of an attribute says of what kind the element is."""
    if name in WORDS:
        return _kind(value)
    if name == "class":
        return " ".join(word for word in value.split() if not word.startswith(RECORDS))
    return str(bool(value)) if name in WHICH or name.startswith("data-") else value


def _kind(words: str) -> str:
    """Whether there are words, and such as are hard to break."""
    longest = max(map(len, words.split()), default=0)
    return "" if not longest else "long" if longest > LONG else "words"
