"""Which documents a search may find: the filters, kept in the session and in the address."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import plain, words
from knowledge.filter import Filter
from knowledge.model import Access, DocumentType, Mode

LANGUAGES = ("zh", "en")
_KEYS = ("type", "issuer", "from", "to", "in", "document", "branch", "access", "mode")
_FIRST_YEAR = 1900
_YEAR = re.compile("[0-9]{4}")
_MOST_TITLES = 1000
"""Documents that words of a title may stand for: the newest."""
_DIGITS = 18
"""Of a number that SQL takes."""
_NONE = frozenset({0})
"""No document has this id."""


def filters(bench: Workbench, *, has_dense: bool) -> tuple[Filter, Mode]:
    """Draw the filters; what is chosen stays in the address, so that a search can be shared."""
    _ = words()
    issuers, branches = bench.documents.issuers(), bench.people.branch_names()
    _seed(issuers, branches)
    chosen = sum(bool(st.session_state.get(key)) for key in _KEYS[:-1])
    label = _("pages.search.filters_active", count=chosen) if chosen else _("pages.search.filters")
    with st.expander(label, key="filters", icon=":material/tune:"):
        _sources(issuers)
        _years_and_language()
        documents = _which(bench)
        _whose(branches)
        mode = _mode(has_dense=has_dense)
    _publish()
    return _selection(bench, documents), mode


def typed_title() -> str:
    """What titles must contain, as typed; empty where that was not asked."""
    return (st.session_state.get("document") or "").strip()


def first_page() -> None:
    """A changed search begins at its first page."""
    st.session_state["page"] = 1


def _sources(issuers: list[str]) -> None:
    _ = words()
    left, right = st.columns(2)
    with left:
        _several("type", list(DocumentType), named=lambda kind: _(f"type.{kind}"))
    with right:
        _several("issuer", issuers, hint=None if issuers else _("pages.search.no_issuer"))


def _years_and_language() -> None:
    _ = words()
    columns = st.columns(3)
    for column, key in zip(columns, ("from", "to"), strict=False):
        column.number_input(
            _(f"pages.search.year_{key}"),
            min_value=_FIRST_YEAR,
            max_value=_last_year(),
            value=None,
            step=1,
            format="%d",
            key=key,
            placeholder=_("pages.search.any_year"),
            on_change=first_page,
            persist_state="session",
        )
    columns[2].selectbox(
        _("pages.search.language"),
        LANGUAGES,
        index=None,
        format_func=lambda code: _(f"pages.common.language.{code}"),
        key="in",
        placeholder=_("pages.search.any_language"),
        on_change=first_page,
        persist_state="session",
    )


def _last_year() -> int:
    """The next one: plans are issued ahead."""
    return datetime.now().astimezone().year + 1


def _which(bench: Workbench) -> frozenset[int]:
    """Documents named by words of their titles, or by a number; empty: not asked."""
    _ = words()
    typed = st.text_input(
        _("filters.title"),
        key="document",
        placeholder=_("filters.any_document"),
        on_change=first_page,
        persist_state="session",
    )
    if not (wanted := (typed or "").strip()):
        return frozenset()
    found = {each.id for each in bench.documents.find(title=wanted, limit=_MOST_TITLES)}
    if wanted.isascii() and wanted.isdigit():
        found |= bench.documents.many([int(wanted[:_DIGITS])]).keys()
    if not found:
        st.caption(plain(_("filters.no_such_document", title=wanted)))
    elif len(found) >= _MOST_TITLES:
        st.caption(_("filters.too_many_documents", count=f"{_MOST_TITLES:,}"))
    else:
        st.caption(_("filters.documents_meant", count=f"{len(found):,}"))
    return frozenset(found) or _NONE


def _whose(branches: list[str]) -> None:
    _ = words()
    left, right = st.columns(2)
    with left:
        _several("branch", branches)
    with right:
        _several("access", list(Access), named=lambda level: _(f"filters.level.{level}"))


def _several(
    key: str,
    options: Sequence[str],
    *,
    named: Callable[[str], str] = str,
    hint: str | None = None,
) -> None:
    """One filter of several values; `key` is its place in the session and in the address."""
    _ = words()
    st.multiselect(
        _(f"filters.of_{key}"),
        options,
        format_func=named,
        key=key,
        placeholder=hint or _(f"filters.any_{key}"),
        disabled=not options,
        on_change=first_page,
        persist_state="session",
    )


def _mode(*, has_dense: bool) -> Mode:
    _ = words()
    if not has_dense:
        return Mode.LEXICAL
    with st.popover(_("pages.search.more"), type="tertiary", icon=":material/more_horiz:"):
        chosen = st.radio(
            _("pages.search.mode"),
            list(Mode),
            format_func=lambda mode: _(f"pages.search.mode.{mode}"),
            key="mode",
            on_change=first_page,
            persist_state="session",
        )
    return chosen or Mode.HYBRID


def _selection(bench: Workbench, documents: frozenset[int]) -> Filter:
    state = st.session_state
    language, first, last = state.get("in"), state.get("from"), state.get("to")
    return Filter(
        types=frozenset(state.get("type") or ()),
        issuers=frozenset(state.get("issuer") or ()),
        languages=frozenset({language} if language else ()),
        issued_from=str(first) if first else None,
        issued_to=str(last) if last else None,
        documents=documents,
        branches=frozenset(map(bench.people.branch_id, state.get("branch") or ())),
        access=frozenset(state.get("access") or ()),
    )


def _seed(issuers: list[str], branches: list[str]) -> None:
    """Take the filters from the address when the session has none yet."""
    if "filters_seeded" in st.session_state:
        return
    st.session_state["filters_seeded"] = True
    asked = st.query_params
    for key, known in (("type", DocumentType), ("access", Access)):
        values = [each.value for each in known]
        st.session_state[key] = [known(v) for v in asked.get_all(key) if v in values]
    for key, names in (("issuer", issuers), ("branch", branches)):
        st.session_state[key] = [v for v in asked.get_all(key) if v in names]
    st.session_state["document"] = asked.get("document", "")
    for key in ("from", "to"):
        value = asked.get(key, "")
        if _YEAR.fullmatch(value) and _FIRST_YEAR <= int(value) <= _last_year():
            st.session_state[key] = int(value)
    if asked.get("in") in LANGUAGES:
        st.session_state["in"] = asked["in"]
    if asked.get("mode") in list(Mode):
        st.session_state["mode"] = Mode(asked["mode"])


def _publish() -> None:
    """Put the filters into the address; those not set leave it."""
    for key in _KEYS:
        value = st.session_state.get(key)
        if not value or value is Mode.HYBRID:
            st.query_params.pop(key, None)
        elif isinstance(value, list):
            st.query_params[key] = [str(item) for item in value]
        else:
            st.query_params[key] = str(value)
