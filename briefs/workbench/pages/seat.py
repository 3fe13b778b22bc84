"""Where one tab stands with the brief that is written in it."""

from dataclasses import dataclass, field
from hashlib import blake2b
from secrets import randbelow
from typing import Any, Final

import streamlit as st

from briefs.model import Brief, Statement
from briefs.workbench.pages.common import shared_workbench, words

KEY: Final = "desk"
"""Of the component, in the state of the session."""
_SEAT: Final = "seat"
_KEPT_KEYS: Final = 200


@dataclass(slots=True)
class Seat:
    """Where one tab stands with one brief: numbers, and answers that wait to be shown."""

    brief_id: int
    revision: int
    client: str = ""
    seen: int = 0
    """Number of the last deed carried out."""
    keys: dict[str, int] = field(default_factory=dict)
    """Ids of the statements that the tab made, by its names for them."""
    told: dict[int, int] = field(default_factory=dict)
    """Hash of the words last saved from here, by statement."""
    marks: dict[int, str] = field(default_factory=dict)
    """Marks of statements as last saved from here."""
    title: str | None = None
    """The title last saved from here."""
    made: list[int] = field(default_factory=list)
    """Revisions made here that can be taken back, oldest first."""
    undone: list[int] = field(default_factory=list)
    """Revisions that took one of these back."""
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    """By key, why the last words were not saved."""
    checked: dict[str, Any] | None = None
    said: dict[str, Any] | None = None
    go: dict[str, Any] | None = None
    current: str = ""
    """Key of the statement that is written on."""
    page: tuple[int, str] | None = None
    """Number and site path of the source page that was asked for last."""
    wanted: str | None = None
    """The part of the left side that was asked for."""
    cites: bool | None = None
    """Whether the left side offers to cite its places; None where it shows none."""
    turn: int = field(default_factory=lambda: randbelow(2**31))
    """Counts what is said; begins anywhere, as a tab may remember what another seat said last."""
    turns: bool = False

    def say(self, sentence: str, *, sort: str = "quiet") -> None:
        """Tell the person something above the statements."""
        self.turn += 1
        self.said = {"turn": self.turn, "words": sentence, "sort": sort}

    def turn_to(self, side: str) -> None:
        """Show a part of the left side: the whole page is drawn anew."""
        self.wanted, self.turns = side, True

    def take_turn(self) -> bool:
        """Whether the whole page is to be drawn anew, told once."""
        turns, self.turns = self.turns, False
        return turns

    def forget(self) -> None:
        """Another tab sits here now: its numbers begin anew."""
        self.seen, self.checked = 0, None

    def open_page(self, href: str) -> None:
        """Show a source page on the left side."""
        self.turn += 1
        self.page = (self.turn, href)
        self.turn_to("page")

    def go_to(self, statement_id: int | None) -> None:
        """Put the caret into a statement."""
        self.turn += 1
        self.go = {"turn": self.turn, "id": statement_id}

    def id_of(self, key: str) -> int | None:
        """The statement that the tab calls so; None where it was never stored."""
        return int(key[1:]) if key.startswith("s") else self.keys.get(key)

    def name(self, key: str, line: Statement) -> None:
        """Note which statement the tab means by a name of its own."""
        if key and line.id is not None:
            self.refused.pop(key, None)
            self.keys[key] = line.id
            while len(self.keys) > _KEPT_KEYS:
                self.keys.pop(next(iter(self.keys)))

    def tell(self, *lines: Statement) -> None:
        """Note statements as this tab has saved them."""
        for line in lines:
            if line.id is not None:
                self.told[line.id], self.marks[line.id] = hash(line.text), mark_of(line)

    def told_last(self, line: Statement) -> bool:
        """Whether the words of a statement are those that this tab has saved last."""
        return line.id is not None and self.told.get(line.id) == hash(line.text)

    def has_seen(self, line: Statement, mark: str) -> bool:
        """Whether a statement is as the tab showed it, or as it has saved it last.

        Args:
            line: as it is stored.
            mark: of the statement that the tab showed.
        """
        return mark_of(line) in {mark, self.marks.get(line.id or 0)}

    def note_others(self, brief: Brief) -> None:
        """Say quietly that somebody else changed the brief since this session last looked."""
        if brief.revision > self.revision:
            self.say(words()("desk.others"))
            self.revision = brief.revision


def mark_of(line: Statement) -> str:
    """A short name of all that a statement says and rests on; any change makes it another one."""
    rests = [(item.version_id, item.spans) for item in line.evidence]
    whole = (line.kind, line.text, line.level, line.formula, line.length, line.is_withheld, rests)
    return blake2b(repr(whole).encode(), digest_size=9).hexdigest()


def sit_down(brief: Brief) -> Seat:
    """The place of this session before a brief; a new one for another brief."""
    found = st.session_state.get(_SEAT)
    if not isinstance(found, Seat) or found.brief_id != brief.id:
        found = st.session_state[_SEAT] = Seat(brief.id, brief.revision)
    return found


def seat(brief_id: int) -> Seat:
    """The place of this session before a brief that it opened."""
    found = st.session_state.get(_SEAT)
    if isinstance(found, Seat) and found.brief_id == brief_id:
        return found
    return sit_down(shared_workbench().briefs.get(brief_id))


def seated(brief_id: int) -> Seat | None:
    """The place of this session before a brief; None where it sits before another one."""
    found = st.session_state.get(_SEAT)
    return found if isinstance(found, Seat) and found.brief_id == brief_id else None


def current(brief: Brief) -> Statement | None:
    """The statement that is written on, if it is still there."""
    place = seat(brief.id)
    wanted = place.id_of(place.current) if place.current else None
    return next((line for line in brief.statements if line.id == wanted), None)
