"""Searching for a brief: the choice of one, and what is done with what was found, noted."""

import streamlit as st

from briefs.model import page_href
from briefs.trail.noted import ActKind, Asked, Ground, NotedAct
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import folder, trail
from briefs.workbench.pages.common import (
    MENDABLE,
    entered,
    facts_html,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.trailing import reason_in_words
from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.certainty import Findings
from knowledge.model import Result

_PARAMETER = "for"
_NONE = 0
"""Stands for no brief; ids begin at 1."""


class Noting:
    """The search that is on the screen and the brief it is for."""

    def __init__(self, brief_id: int, search_id: int, results: list[Result]) -> None:
        """Read what was decided on the results."""
        bench, ids = shared_workbench(), [result.passage.id for result in results]
        self.brief_id = brief_id
        self.search_id = search_id
        self._kept = bench.folder.kept(brief_id, ids)
        self._rejected = bench.trail.rejected(brief_id, ids)

    def acts(self, result: Result) -> None:
        """Draw what can be done with a result, and what was done."""
        passage_id = result.passage.id
        with st.container(
            key=f"acts-{result.rank}",
            horizontal=True,
            vertical_alignment="center",
            gap="small",
        ):
            self._opening(result)
            self._folder(passage_id, self._kept.get(passage_id))
            self._rejection(passage_id, self._rejected.get(passage_id))

    def quoted(self, brief_id: int, passage_id: int) -> None:
        """Note that a passage was quoted, if it was in the brief that is searched for."""
        if brief_id == self.brief_id:
            _note(self.search_id, ActKind.QUOTED, passage_id)

    def _opening(self, result: Result) -> None:
        # A link: Enter and a click note it, a middle click opens it without a note.
        st.link_button(
            words()("trail.open"),
            page_href(result.version.id, result.passage.spans, page=result.passage.begins.page),
            key=f"opened-{result.passage.id}",
            icon=":material/open_in_new:",
            type="tertiary",
            on_click=_note,
            args=(self.search_id, ActKind.OPENED, result.passage.id),
        )

    def _folder(self, passage_id: int, item_id: int | None) -> None:
        _ = words()
        if item_id is None:
            st.button(
                _("trail.keep"),
                key=f"keep-{passage_id}",
                icon=":material/bookmark_add:",
                type="tertiary",
                on_click=_keep,
                args=(self.brief_id, self.search_id, passage_id),
            )
        else:
            st.button(
                _("trail.kept"),
                key=f"kept-{passage_id}",
                icon=":material/bookmark_added:",
                type="tertiary",
                help=_("trail.drop"),
                on_click=folder.drop,
                args=(item_id,),
            )

    def _rejection(self, passage_id: int, act: NotedAct | None) -> None:
        _ = words()
        label = _("trail.reject")
        if act is not None:
            label = _("trail.rejected", reason=reason_in_words(_, act))
        with st.popover(
            plain(label), icon=":material/block:", type="tertiary", key=f"reject-{passage_id}"
        ):
            ground = st.radio(
                _("trail.why"),
                list(Ground),
                index=None,
                format_func=lambda each: _(f"trail.ground.{each}"),
                key=f"ground-{passage_id}",
            )
            st.text_input(_("trail.why_more"), key=f"reason-{passage_id}", max_chars=500)
            if ground is Ground.OTHER:
                st.caption(_("trail.why_needed"))
            st.button(
                _("trail.confirm"),
                key=f"rejected-{passage_id}",
                type="primary",
                disabled=ground is None,
                on_click=_reject,
                args=(self.search_id, passage_id),
            )


def chosen(bench: Workbench) -> int | None:
    """Ask for which brief is searched; None: for none, and nothing is noted.

    The choice stays in the session and in the address; `entrance` leads here with one.
    """
    if Permission.DRAFT not in bench.actor.permissions:
        return None
    _ = words()
    titles = {each.id: each.title for each in bench.briefs.all() if is_own(bench.actor, each.stamp)}
    if not titles:
        return None
    if st.session_state.get(_PARAMETER, _NONE) not in {_NONE, *titles}:
        del st.session_state[_PARAMETER]
    if _PARAMETER not in st.session_state:
        asked = entered(_PARAMETER)
        st.session_state[_PARAMETER] = asked if asked in titles else _NONE
    names = {id_: _("trail.for_brief", title=title) for id_, title in titles.items()}
    brief_id = st.selectbox(
        _("trail.for"),
        [_NONE, *titles],
        format_func=lambda id_: names.get(id_, _("trail.for_none")),
        key=_PARAMETER,
        label_visibility="collapsed",
        persist_state="session",
    )
    if not brief_id:
        st.query_params.pop(_PARAMETER, None)
        return None
    st.query_params[_PARAMETER] = str(brief_id)
    with st.container(horizontal=True, vertical_alignment="center", key="foot-for"):
        st.html(facts_html(_("trail.for_hint", title=titles[brief_id])))
        trail.link(int(brief_id))
    return int(brief_id)


def noted(bench: Workbench, brief_id: int, asked: Asked, findings: Findings) -> Noting | None:
    """Note the search for a brief, once however often the page is drawn; None if it cannot be."""
    key = (brief_id, asked)
    before = st.session_state.get("noted")
    try:
        if before is None or before[0] != key:
            search_id = bench.trail.note_search(
                brief_id,
                asked,
                found=findings.results,
                answered=findings.answered,
                actor=bench.actor,
            )
            st.session_state["noted"] = (key, search_id)
        return Noting(brief_id, st.session_state["noted"][1], list(findings.every))
    except MENDABLE as error:
        st.session_state.pop("noted", None)
        trouble(error)
        return None


def _note(search_id: int, kind: ActKind, passage_id: int) -> None:
    bench = shared_workbench()
    try:
        bench.trail.note_act(search_id, kind, passage_id, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)


def _keep(brief_id: int, search_id: int, passage_id: int) -> None:
    bench = shared_workbench()
    try:
        bench.folder.keep(brief_id, passage_id, actor=bench.actor)
        bench.trail.note_act(search_id, ActKind.KEPT, passage_id, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)
    else:
        say(words()("trail.said_kept"))


def _reject(search_id: int, passage_id: int) -> None:
    bench, state = shared_workbench(), st.session_state
    try:
        bench.trail.reject(
            search_id,
            passage_id,
            ground=state[f"ground-{passage_id}"],
            reason=state[f"reason-{passage_id}"],
            actor=bench.actor,
        )
    except MENDABLE as error:
        trouble(error)
    else:
        say(words()("trail.said_rejected"))
