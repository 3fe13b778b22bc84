"""Which documents a search may find: the filters, kept in the session and in the address."""

from datetime import datetime

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import words
from knowledge.model import DocumentType, Filter, Mode

LANGUAGES = ("zh", "en")
_KEYS = ("type", "issuer", "from", "to", "in", "mode")
_FIRST_YEAR = 1900


def filters(bench: Workbench, *, has_dense: bool) -> tuple[Filter, Mode]:
    """Draw the filters; what is chosen stays in the address, so that a search can be shared."""
    _ = words()
    issuers = bench.documents.issuers()
    _seed(issuers)
    chosen = sum(bool(st.session_state.get(key)) for key in _KEYS[:-1])
    label = _("pages.search.filters_active", count=chosen) if chosen else _("pages.search.filters")
    with st.expander(label, key="filters", icon=":material/tune:"):
        _sources(issuers)
        _years_and_language()
        mode = _mode(has_dense=has_dense)
    _publish()
    return _selection(), mode


def first_page() -> None:
    """A changed search begins at its first page."""
    st.session_state["page"] = 1


def _sources(issuers: list[str]) -> None:
    _ = words()
    left, right = st.columns(2)
    left.multiselect(
        _("pages.search.type"),
        list(DocumentType),
        format_func=lambda kind: _(f"type.{kind}"),
        key="type",
        placeholder=_("pages.search.any_type"),
        on_change=first_page,
        persist_state="session",
    )
    right.multiselect(
        _("pages.search.issuer"),
        issuers,
        key="issuer",
        placeholder=_("pages.search.any_issuer") if issuers else _("pages.search.no_issuer"),
        disabled=not issuers,
        on_change=first_page,
        persist_state="session",
    )


def _years_and_language() -> None:
    _ = words()
    columns = st.columns(3)
    this_year = datetime.now().astimezone().year
    for column, key in zip(columns, ("from", "to"), strict=False):
        column.number_input(
            _(f"pages.search.year_{key}"),
            min_value=_FIRST_YEAR,
            max_value=this_year + 1,
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


def _selection() -> Filter:
    state = st.session_state
    language, first, last = state.get("in"), state.get("from"), state.get("to")
    return Filter(
        types=frozenset(state.get("type") or ()),
        issuers=frozenset(state.get("issuer") or ()),
        languages=frozenset({language} if language else ()),
        issued_from=str(first) if first else None,
        issued_to=str(last) if last else None,
    )


def _seed(issuers: list[str]) -> None:
    """Take the filters from the address when the session has none yet."""
    if "filters_seeded" in st.session_state:
        return
    st.session_state["filters_seeded"] = True
    asked = st.query_params
    known = {kind.value: kind for kind in DocumentType}
    st.session_state["type"] = [known[v] for v in asked.get_all("type") if v in known]
    st.session_state["issuer"] = [v for v in asked.get_all("issuer") if v in issuers]
    for key in ("from", "to"):
        value = asked.get(key, "")
        if value.isascii() and value.isdigit() and int(value) >= _FIRST_YEAR:
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
