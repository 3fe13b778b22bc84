"""What every page uses: its words, the workbench, and small shared pieces."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

import briefs.errors
import embeddings.errors
import knowledge.errors
from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.entrance import session_cookie
from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import KnownError, Wording, wording
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission
from knowledge.model import Actor, Document, Metadata

STYLE = Path(__file__).parent / "style.css"
MENDABLE = (
    briefs.errors.BadInputError,
    knowledge.errors.BadInputError,
    embeddings.errors.BadInputError,
)
"""What a person can mend: shown as a sentence."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&])")


def shared_workbench() -> Workbench:
    """The services, for the person who is signed in here; a run without one ends.

    Asked anew whenever something is done: a session that was ended, or a role that was taken away,
    counts from the next click on, though the browser's connection stays open.
    """
    bench, actor = serving.workbench(), signed_in()
    if actor is None:
        st.stop()
    return bench.of(actor)


def signed_in() -> Actor | None:
    """Who is signed in in this browser, acting from its address; None when nobody is any more."""
    return _actor_of(_token(), st.context.ip_address)


def asked_anew() -> Callable[[], Workbench]:
    """What gives this person's workbench at a later moment, in whatever thread.

    For a file that is made when it is fetched, from a page that may have stood open for long: who
    has been signed out meanwhile, or has lost a role, is refused then.

    Raises:
        NotPermittedError: when it is called, if nobody is signed in there any more.
    """
    token, address = _token(), st.context.ip_address

    def ask() -> Workbench:
        actor = _actor_of(token, address)
        if actor is None:
            raise NotPermittedError(person="", permission=Permission.SEARCH)
        return serving.workbench().of(actor)

    return ask


def _token() -> str:
    return st.context.cookies.get(session_cookie(serving.workbench().settings), "")


def _actor_of(token: str, address: str | None) -> Actor | None:
    """Whose a token is, acting from an address; Streamlit knows none of this machine's own."""
    found = serving.workbench().signing_in.who(token)
    if found is None or Permission.SEARCH not in found.account.actor.permissions:
        return None
    return replace(found.account.actor, address=address or found.session.address)


def words() -> Wording:
    """The catalogue in the language of this session."""
    return wording(_language())


def keep_language() -> None:
    """Take the language from the address, and keep it there on every page."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state["lang"] = asked
    elif "lang" in st.session_state:
        st.query_params["lang"] = st.session_state["lang"]


def header(title: str, *, back: str | None = None) -> None:
    """The page's heading with the language switch beside it.

    Args:
        title: the heading.
        back: a query parameter to leave out again, for a page that was opened from a list.
    """
    _ = words()
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        if back is not None:
            st.button(
                _("pages.common.back"),
                key="back",
                icon=":material/arrow_back:",
                type="tertiary",
                on_click=leave,
                args=(back,),
            )
        st.title(plain(title), anchor=False)
        st.button(
            _("pages.common.other_language"), key="language", type="tertiary", on_click=_switch
        )


def enter(parameter: str, value: int) -> None:
    """Open one thing of a list: the address names it."""
    st.query_params[parameter] = str(value)


def leave(parameter: str) -> None:
    """Go back to the list."""
    st.query_params.pop(parameter, None)


def entered(parameter: str) -> int | None:
    """The id of the thing that the address names; None on the list."""
    value = st.query_params.get(parameter, "")
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value, re.ASCII) else None


class Sort(StrEnum):
    """Of what sort a message is; its value is the icon before it."""

    DONE = ":material/check:"
    NOTE = ":material/info:"
    """Something to know beside what was done."""
    REFUSED = ":material/warning:"
    """Nothing was done, or not what was asked for."""


def say(message: str, *, sort: Sort = Sort.DONE) -> None:
    """Tell the person something at the end of this run, or of the next one."""
    st.session_state.setdefault("said", []).append((message, sort))


def show_said() -> None:
    """Show what was said as toasts."""
    for message, sort in st.session_state.pop("said", []):
        st.toast(plain(message), icon=sort.value)


def trouble(error: KnownError) -> None:
    """Show what went wrong and what to do."""
    st.error(plain(words().error(error)), icon=":material/error:")


def plain(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def moment(when: datetime) -> str:
    """Date and time in the reader's own time zone, to the minute."""
    zone = st.context.timezone
    try:
        here = ZoneInfo(zone) if isinstance(zone, str) else UTC
    except (ZoneInfoNotFoundError, ValueError):
        here = UTC
    return when.astimezone(here).strftime("%Y-%m-%d %H:%M")


def described(metadata: Metadata) -> tuple[str, ...]:
    """Issuer, number, date and type, as far as known."""
    _ = words()
    kind = "" if metadata.type is None else _(f"type.{metadata.type}")
    parts = (metadata.issuer, metadata.number, metadata.issued_on, kind)
    return tuple(part for part in parts if part)


def facts_html(*facts: str | None, lead: str = "") -> str:
    """HTML of a grey line of facts, broken between them only; empty ones are left out.

    Args:
        facts: plain texts.
        lead: HTML put before them.
    """
    spans = [f"<span>{html.escape(fact)}</span>" for fact in facts if fact]
    return f'<p class="zk-about">{lead}{" · ".join(spans)}</p>' if spans or lead else ""


def place(page: int | None, label: str | None) -> str:
    """Page in words; a printed label is named when it differs. Empty when there is none."""
    _ = words()
    if page is None:
        return label or ""
    if label and label != str(page):
        return _("pages.common.page_labelled", page=page, label=label)
    return _("pages.common.page", page=page)


def named(document: Document) -> str:
    """A document's title as it is named inside a sentence."""
    return words()("pages.common.work", title=document.title)


def link(href: str, text: str) -> str:
    """HTML of a link that opens in a new tab."""
    return f'<a href="{html.escape(href)}" target="_blank">{html.escape(text)}</a>'


def brand(name: str) -> str:
    """The product's name as a picture for the top bar."""
    width = 36 + sum(22 if ord(letter) > 0x2E7F else 12 for letter in name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="32">'
        '<rect x="0" y="3" width="26" height="26" rx="4" fill="#1d4f7c"/>'
        '<path d="M6 10c3-1.6 5-1.2 7 .4 2-1.6 4-2 7-.4v11c-3-1.4-5-1-7 .6-2-1.6-4-2-7-.6z" '
        'fill="none" stroke="#fff" stroke-width="1.8" stroke-linejoin="round"/>'
        '<path d="M13 10.6v10.8" stroke="#fff" stroke-width="1.6"/>'
        f'<text x="34" y="23" font-size="20" font-weight="600" fill="#1d4f7c" '
        "font-family=\"'Noto Sans CJK SC','Source Han Sans SC','PingFang SC',"
        f"'Microsoft YaHei',sans-serif\">{html.escape(name)}</text></svg>"
    )


def _language() -> str:
    chosen = st.session_state.get("lang")
    # Asked for with every label: who is signed in makes no difference, and costs a look-up.
    return chosen if chosen in LANGUAGES else serving.workbench().settings.language


def _switch() -> None:
    other = next(each for each in LANGUAGES if each != _language())
    st.session_state["lang"] = other
    st.query_params["lang"] = other
