"""What the desk in the browser says was done: read and validated, as frozen dataclasses.

Whoever is signed in can send anything: what is no event of ours is skipped, sizes are bound.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from briefs.model import Length, StatementKind

LONGEST: Final = 6_000
"""Characters of a statement; of the words of any other deed."""
LONGEST_PASTE: Final = 60_000
"""Characters of a table, and of what is pasted at once."""
_MOST: Final = 400
_LAST: Final = 10**12
_KEY: Final = re.compile(r"s[0-9]{1,18}|n[0-9a-z]{1,40}-[0-9]{1,6}", re.ASCII)
_CLIENT: Final = re.compile(r"[0-9a-z]{1,40}", re.ASCII)
_MARK: Final = re.compile(r"[0-9a-f]{0,40}", re.ASCII)
_PAGE: Final = re.compile(
    r"/pages/(?P<version>[0-9]{1,18})/(?P<page>[0-9]{1,9})\?mark=[0-9:&=mark-]{1,2000}", re.ASCII
)


class Do(StrEnum):
    """What was done."""

    TITLE = "title"
    TEXT = "text"
    CHECK = "check"
    """Typing rests for a moment: nothing is saved yet."""
    KIND = "kind"
    LEVEL = "level"
    LENGTH = "length"
    FORMULA = "formula"
    INSERT = "insert"
    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    DELETE = "delete"
    PASTE = "paste"
    UNBIND = "unbind"
    DECIDE = "decide"
    UNDO = "undo"
    REDO = "redo"
    FOCUS = "focus"
    SUPPORT = "support"
    OPEN = "open"
    PAGE = "page"
    RESOLVE = "resolve"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Event:
    """One deed. What it does not need is left at its default."""

    do: Do
    seq: int
    """Counts the deeds of one tab."""
    key: str = ""
    """Which statement: ``s12`` by its id, ``n…`` as the tab called one that it made."""
    other: str = ""
    """The statement that is merged into it."""
    made: str = ""
    """What the tab calls the statement that comes of it."""
    after: str | None = None
    """The statement before it; None for the first place."""
    text: str = ""
    was: str = ""
    """The words that the person began from; of a formula, what stood there."""
    seen: str = ""
    """Mark of the statement as the person saw it (`seat.mark_of`)."""
    seen_other: str = ""
    """That of the statement that is merged into it."""
    kind: StatementKind = StatementKind.PARAPHRASE
    length: Length = Length.STANDARD
    level: int | None = None
    at: int | None = None
    """Place in the text, in UTF-16 units as a browser counts."""
    number: int = 0
    """Position of a piece of evidence that is opened."""
    version: int = 0
    """Counts what was typed into the statement."""
    section: bool = False
    """A heading moves with what stands under it."""
    is_too_long: bool = False
    """It brought more words than any statement has: they are left out, and it is refused."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a tab has sent: its deeds that it has heard nothing of."""

    brief_id: int
    client: str
    """Name of the tab."""
    events: tuple[Event, ...]
    """In order."""


def read_packet(given: object) -> Packet | None:
    """What the browser sent, without what is no event; None where it is no packet at all."""
    if not isinstance(given, Mapping):
        return None
    brief_id, client, events = (given.get(name) for name in ("brief", "client", "events"))
    if not isinstance(brief_id, int) or isinstance(brief_id, bool):
        return None
    if not isinstance(client, str) or not _CLIENT.fullmatch(client) or not isinstance(events, list):
        return None
    found = (_event(each) for each in events[:_MOST])
    known = [each for each in found if each is not None]
    return Packet(brief_id, client, tuple(sorted(known, key=lambda each: each.seq)))


def page_of(href: str) -> tuple[int, int] | None:
    """Version and page of a site path of a source page; None where it is none."""
    found = _PAGE.fullmatch(href)
    return (int(found["version"]), int(found["page"])) if found else None


def _event(given: object) -> Event | None:
    if not isinstance(given, Mapping) or given.get("do") not in list(Do):
        return None
    do = Do(given["do"])
    text = next((given[name] for name in _WORDS[do] if name in given), "") if do in _WORDS else ""
    is_too_long = any(_is_long(each) for each in (text, given.get("was")))
    try:
        return Event(
            do,
            _whole(given.get("seq"), 1, _LAST),
            key=_key(given.get("key", "")),
            other=_key(given.get("other", "")),
            made=_key(given.get("made", "")),
            after=None if given.get("after") is None else _key(given["after"]),
            text="" if is_too_long else _text(text),
            was="" if is_too_long else _text(given.get("was", "")),
            is_too_long=is_too_long,
            seen=_mark(given.get("seen", "")),
            seen_other=_mark(given.get("seen_other", "")),
            kind=StatementKind(given.get("kind", StatementKind.PARAPHRASE)),
            length=Length(given.get("length", Length.STANDARD)),
            level=None if given.get("level") is None else _whole(given["level"], 1, 3),
            at=None if given.get("at") is None else _whole(given["at"], 0, 2 * LONGEST_PASTE),
            number=_whole(given.get("number", 0), 0, _LAST),
            version=_whole(given.get("version", 0), 0, _LAST),
            section=given.get("section") is True,
        )
    except ValueError:
        return None


_WORDS: Final = {
    Do.TITLE: ("title",),
    Do.TEXT: ("text",),
    Do.CHECK: ("text",),
    Do.INSERT: ("text",),
    Do.SPLIT: ("text",),
    Do.PASTE: ("text",),
    Do.FORMULA: ("formula",),
    Do.DECIDE: ("reason",),
    Do.UNBIND: ("href",),
    Do.PAGE: ("href",),
}
"""Under which name a deed brings its words."""


def _whole(given: object, least: int, most: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise ValueError
    return given


def _is_long(given: object) -> bool:
    return isinstance(given, str) and len(given) > LONGEST_PASTE


def _text(given: object) -> str:
    if not isinstance(given, str) or "\x00" in given:
        raise ValueError
    # Half of a pair of UTF-16 units cannot be stored.
    given.encode()
    return given


def _key(given: object) -> str:
    if given == "":
        return ""
    if not isinstance(given, str) or not _KEY.fullmatch(given):
        raise ValueError
    return given


def _mark(given: object) -> str:
    if not isinstance(given, str) or not _MARK.fullmatch(given):
        raise ValueError
    return given
