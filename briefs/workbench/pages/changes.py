"""Changes to a brief, each saved at once; a change refused is kept until the person decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from briefs.editing import split
from briefs.errors import StaleRevisionError
from briefs.model import Brief, Evidence, Statement, StatementKind
from briefs.workbench.pages.common import MENDABLE, say, shared_workbench, words

_BASE = "base_revision"
_CONFLICT = "conflict"
_REFUSED = "refused"
Lines = Sequence[Statement]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that met another person's: what was typed, into which statement and field."""

    brief_id: int
    typed: str = ""
    statement_id: int | None = None
    key: str = ""


def conflict_of(brief_id: int) -> Conflict | None:
    """The change to this brief that was refused and waits for a decision."""
    found = st.session_state.get(_CONFLICT)
    return found if isinstance(found, Conflict) and found.brief_id == brief_id else None


def hold(conflict: Conflict) -> None:
    """Keep showing what was typed; a field that is switched off forgets it otherwise."""
    if conflict.key:
        st.session_state[conflict.key] = conflict.typed


def begin(brief: Brief) -> None:
    """Note the revision that the person sees, and show what is stored.

    Widgets are set only where they differ: one that is being typed in is left alone.
    """
    st.session_state[_BASE] = brief.revision
    _show(f"title-{brief.id}", brief.title)
    for line in brief.statements:
        _show(text_key(line), line.text)
        _show(f"kind-{line.id}", line.kind)
        if line.kind is StatementKind.HEADING:
            _show(f"level-{line.id}", line.level or 1)


def refusal() -> Exception | None:
    """Why the last change was not saved, told once; None when it was."""
    found = st.session_state.pop(_REFUSED, None)
    return found if isinstance(found, MENDABLE) else None


def retitle(brief_id: int) -> None:
    """Save the title typed; an empty one is not saved."""
    title = str(st.session_state[f"title-{brief_id}"]).strip()
    if title:
        conflict = Conflict(brief_id, title, key=f"title-{brief_id}")
        _apply(conflict, lambda brief: (title, brief.statements))


def text_key(line: Statement) -> str:
    """Key of the field with a statement's words: headings have a field of another kind."""
    return f"{'head' if line.kind is StatementKind.HEADING else 'text'}-{line.id}"


def reword(brief_id: int, statement_id: int, key: str) -> None:
    """Save the words typed into the field `key`; an empty one keeps what it had."""
    text = str(st.session_state[key])
    if not text.strip():
        say(words()("pages.briefs.not_emptied"))
        return
    conflict = Conflict(brief_id, text, statement_id, key)
    _change(conflict, lambda line: replace(line, text=text.strip()))


def rekind(brief_id: int, statement_id: int) -> None:
    """Save the kind chosen."""
    kind = StatementKind(st.session_state[f"kind-{statement_id}"])
    level = 1 if kind is StatementKind.HEADING else None
    _change(
        Conflict(brief_id, "", statement_id), lambda line: replace(line, kind=kind, level=level)
    )


def relevel(brief_id: int, statement_id: int) -> None:
    """Save a heading's depth."""
    level = int(st.session_state[f"level-{statement_id}"])
    _change(Conflict(brief_id, "", statement_id), lambda line: replace(line, level=level))


def support(brief_id: int, statement_id: int, *, evidence: Evidence) -> None:
    """Bind a statement to one more place in a source."""
    _change(
        Conflict(brief_id, "", statement_id),
        lambda line: replace(line, evidence=(*line.evidence, evidence)),
    )


def unsupport(brief_id: int, statement_id: int, *, number: int) -> None:
    """Let go of a statement's piece of evidence at position `number`."""
    _change(
        Conflict(brief_id, "", statement_id),
        lambda line: replace(
            line, evidence=(*line.evidence[:number], *line.evidence[number + 1 :])
        ),
    )


def move(brief_id: int, statement_id: int, *, by: int) -> None:
    """Move a statement up or down one place."""

    def moved(lines: Lines) -> Lines:
        at = _position(lines, statement_id)
        order = list(lines)
        order.insert(min(max(at + by, 0), len(lines) - 1), order.pop(at))
        return order

    _rearrange(brief_id, moved)


def drop(brief_id: int, statement_id: int) -> None:
    """Delete a statement."""
    _rearrange(brief_id, lambda lines: [line for line in lines if line.id != statement_id])


def insert(brief_id: int, text: str, *, kind: StatementKind, after: int | None) -> bool:
    """Add a text as new statements, one a sentence; a heading stays whole.

    Args:
        brief_id: the brief.
        text: what was typed; blank does nothing.
        kind: of every new statement.
        after: id of the statement before them; None for the end.

    Returns:
        Whether it was saved.
    """
    new = split(text, kind)
    if not new:
        return False

    def inserted(lines: Lines) -> Lines:
        at = len(lines) if after is None else _position(lines, after) + 1
        return (*lines[:at], *new, *lines[at:])

    return _rearrange(brief_id, inserted, typed=text)


def reload() -> None:
    """Give up the refused change and show the newest revision."""
    st.session_state.pop(_CONFLICT, None)


def overrule() -> None:
    """Put the words of the refused change into the newest revision."""
    conflict = st.session_state.pop(_CONFLICT)
    brief = shared_workbench().briefs.get(conflict.brief_id)
    st.session_state[_BASE] = brief.revision
    _change(conflict, lambda line: replace(line, text=conflict.typed.strip()))


def _show(key: str, value: object) -> None:
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _position(lines: Lines, statement_id: int) -> int:
    return next(index for index, line in enumerate(lines) if line.id == statement_id)


def _change(conflict: Conflict, edit: Callable[[Statement], Statement]) -> None:
    wanted = conflict.statement_id

    def changed(brief: Brief) -> tuple[str, Lines]:
        return brief.title, [edit(x) if x.id == wanted else x for x in brief.statements]

    saved = _apply(conflict, changed)
    if saved is None:
        return
    old, new = (next((x for x in b.statements if x.id == wanted), None) for b in saved)
    if old and new and (old.kind, new.kind) == (StatementKind.QUOTE, StatementKind.PARAPHRASE):
        say(words()("pages.briefs.became_paraphrase"))


def _rearrange(brief_id: int, edit: Callable[[Lines], Lines], *, typed: str = "") -> bool:
    conflict = Conflict(brief_id, typed)
    return _apply(conflict, lambda brief: (brief.title, edit(brief.statements))) is not None


def _apply(
    conflict: Conflict, change: Callable[[Brief], tuple[str, Lines]]
) -> tuple[Brief, Brief] | None:
    """Save a change; gives the brief before and after, None when it was refused."""
    bench = shared_workbench()
    try:
        brief = bench.briefs.get(conflict.brief_id)
        if brief.revision != st.session_state.get(_BASE):
            raise StaleRevisionError(id=brief.id)
        title, lines = change(brief)
        saved = bench.editing.save(brief, title=title, lines=lines, actor=bench.actor)
    except StaleRevisionError:
        st.session_state[_CONFLICT] = conflict
        return None
    except MENDABLE as error:
        st.session_state[_REFUSED] = error
        return None
    st.session_state[_BASE] = saved.revision
    return brief, saved
