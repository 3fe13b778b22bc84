"""Chosen files are looked through for personal data before anybody else may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.clearing import found_html
from briefs.workbench.pages.common import plain, words
from knowledge.clearing import Cleared, places
from knowledge.errors import UnreadableError

_KEPT = "looked"


class Fate(StrEnum):
    """What a person decides on a file that holds personal data."""

    STAFF = "staff"
    PUBLIC = "public"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in one file."""

    count: int
    shown: str
    """HTML of the first places."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of one file, and what is noted of it."""

    fate: Fate
    cleared: Cleared


def look(bench: Workbench, files: Sequence[UploadedFile]) -> None:
    """Read the files and keep for this session what was found; in an unreadable one, nothing."""
    _ = words()
    bar = st.progress(0.0, _("pages.upload.looking"))
    found: dict[str, Look] = {}
    for index, file in enumerate(files):
        bar.progress(index / len(files), _("pages.upload.looking"))
        try:
            texts = bench.clearings.look(file.getvalue(), file.name, actor=bench.actor)
        except UnreadableError:
            texts = ()
        at = places(texts)
        found[file.file_id] = Look(len(at), found_html(texts, at) if at else "")
    bar.empty()
    st.session_state[_KEPT] = found


def looked(files: Sequence[UploadedFile]) -> Mapping[str, Look] | None:
    """What was found in each of just these files, by their ids; None: look first."""
    found: Mapping[str, Look] = st.session_state.get(_KEPT, {})
    return found if found.keys() == {file.file_id for file in files} and found else None


def forget() -> None:
    """Look again before the next files."""
    st.session_state.pop(_KEPT, None)


def decide(file: UploadedFile, found: Look, *, is_new: bool) -> Decision | None:
    """Show what was found in a file and ask who may see it; None until that is said.

    Args:
        file: the one.
        found: in it.
        is_new: it makes a document of its own; a version is seen by whoever sees its document.
    """
    _ = words()
    st.markdown(f"**{plain(_('pages.upload.places', name=file.name, n=found.count))}**")
    st.html(found.shown)
    fates = [fate for fate in Fate if is_new or fate is not Fate.STAFF]
    fate = st.radio(
        _("pages.upload.who"),
        fates,
        index=None,
        format_func=lambda each: _(f"pages.upload.{each}"),
        key=f"fate-{file.file_id}",
        horizontal=True,
    )
    reason = ""
    if fate is Fate.PUBLIC:
        reason = (
            st.text_input(
                _("pages.upload.reason"),
                value=_("pages.upload.usual_reason"),
                key=f"fate-reason-{file.file_id}",
            )
            or ""
        ).strip()
    if fate is None or (fate is Fate.PUBLIC and not reason):
        return None
    return Decision(
        fate,
        Cleared(texts=(), found=found.count, reason=reason or _(f"pages.upload.{fate}")),
    )
