"""Speaks to the pages as a browser does: Streamlit's websocket, its messages, and uploads."""

import asyncio
import json
import re
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from google.protobuf import text_format  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

T = TypeVar("T")

COOKIE: Final = "zhiku_session"
_STREAM: Final = "/_stcore/stream"
_LARGEST: Final = 64 * 1024 * 1024
_PATIENCE: Final = 120
"""Seconds until the next message."""
_EARLY: Final = ForwardMsg.FINISHED_EARLY_FOR_RERUN


def done(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives; in a thread of its own, for Playwright keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()


@dataclass(slots=True)
class Screen:
    """What one run of the script sent."""

    messages: list[Any] = field(default_factory=list)
    seconds: float = 0.0
    size: int = 0

    @property
    def text(self) -> str:
        """Everything that was sent, as text."""
        parts = [text_format.MessageToString(each, as_utf8=True) for each in self.messages]
        # What components are given is JSON within a message, its letters written as numbers.
        given = (each.delta.new_element.bidi_component.json for each in self.messages)
        parts += [json.dumps(json.loads(each), ensure_ascii=False) for each in given if each]
        return "\n".join(parts)

    @property
    def pages(self) -> dict[str, str]:
        """Hashes of the pages that exist for this person, by their address."""
        found = [each.navigation for each in self.messages if each.HasField("navigation")]
        pages = found[-1].app_pages if found else ()
        return {page.url_pathname.strip("/"): page.page_script_hash for page in pages}

    @property
    def page(self) -> str:
        """Address of the page that was drawn; empty for the first one."""
        found = [each.navigation for each in self.messages if each.HasField("navigation")]
        drawn = found[-1].page_script_hash if found else ""
        return next((path for path, code in self.pages.items() if code == drawn), "")

    @property
    def is_whole(self) -> bool:
        """Whether the script ran to its end without a fault that it did not expect."""
        ended = [each.script_finished for each in self.messages if each.HasField("script_finished")]
        return bool(ended) and not any(
            each.delta.new_element.HasField("exception") for each in self.messages
        )

    @property
    def media(self) -> list[str]:
        """Addresses of files that the page offers, each once."""
        return sorted(set(re.findall(r"/media/[\w.-]+", self.text)))

    def widgets(self) -> dict[str, str]:
        """Ids of the widgets that were drawn, by their keys."""
        found = {}
        for each in self.messages:
            element = each.delta.new_element
            kind = element.WhichOneof("type")
            id_ = getattr(getattr(element, kind), "id", "") if kind else ""
            if id_.startswith("$$ID-"):
                found[id_.split("-", 2)[2]] = id_
        return found


class Visit:
    """One browser tab; to be used as an async context manager."""

    def __init__(self, address: str, token: str = "", *, resume: str = "", **headers: str) -> None:
        """Aim at a server.

        Args:
            address: ``http://host:port``.
            token: of a session; empty: nobody is signed in.
            resume: id of an earlier visit to go on with.
            headers: others than a browser's own, ``_`` for ``-``; an empty one is left out.
        """
        self.session_id = ""
        self._address = address
        self._protocols = ["streamlit", *(["-", resume] if resume else [])]
        self._headers = {"Origin": address} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if token:
            self._headers.setdefault("Cookie", f"{COOKIE}={token}")
        self._states: dict[str, WidgetState] = {}
        self._deeds = 0
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> "Visit":
        """Open the websocket.

        Raises:
            InvalidStatus: the server refused.
        """
        parts = urlsplit(self._address)
        self._socket = await connect(
            f"ws://{parts.netloc}{_STREAM}",
            additional_headers={k: v for k, v in self._headers.items() if v and k != "Origin"},
            origin=self._headers["Origin"] or None,  # type: ignore[arg-type]
            subprotocols=self._protocols,  # type: ignore[arg-type]
            max_size=_LARGEST,
            open_timeout=60,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the tab."""
        assert self._socket is not None
        await self._socket.close()

    def type(self, screen: Screen, key: str, value: str | float | bool) -> None:
        """Fill in a widget; sent with the next run."""
        state = self._state(screen.widgets()[key])
        if isinstance(value, bool):
            state.bool_value = value
        elif isinstance(value, str):
            state.string_value = value
        else:
            state.double_value = value

    def work(self, screen: Screen, brief_id: int, **deed: object) -> None:
        """Do something at the desk where a brief is written; sent with the next run."""
        self._deeds += 1
        packet = {"brief": brief_id, "client": "visit", "events": [{"seq": self._deeds, **deed}]}
        base = screen.widgets()["desk"]
        state = self._state(f"$$STREAMLIT_INTERNAL_KEY_{base}__events")
        state.json_trigger_value = json.dumps([{"event": "events", "value": packet}])

    async def go(self, page: str = "", **query: object) -> Screen:
        """Open an address: another page begins with empty widgets."""
        self._states.clear()
        return await self._run(page, query)

    async def again(self, page: str = "", *, click: str = "", **query: object) -> Screen:
        """Run the script once more with what was filled in, pressing one button by its id."""
        extra = []
        if click:
            extra.append(WidgetState(id=click, trigger_value=True))
        return await self._run(page, query, extra)

    async def send(self, message: bytes) -> Screen:
        """Send bytes as they are and take what comes of it."""
        assert self._socket is not None
        await self._socket.send(message)
        return await self._answer()

    def _state(self, id_: str) -> WidgetState:
        return self._states.setdefault(id_, WidgetState(id=id_))

    async def _run(self, page: str, query: dict[str, object], extra: Any = ()) -> Screen:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = urlencode(query)
        asked.page_name = page
        asked.context_info.timezone = "Asia/Shanghai"
        asked.context_info.url = f"{self._address}/{page}"
        asked.widget_states.widgets.extend([*self._states.values(), *extra])
        return await self.send(message.SerializeToString())

    async def _answer(self) -> Screen:
        assert self._socket is not None
        screen, begun = Screen(), time.perf_counter()
        while True:
            async with asyncio.timeout(_PATIENCE):
                data = await self._socket.recv(decode=False)
            screen.size += len(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            screen.messages.append(message)
            if message.HasField("new_session"):
                screen.messages = [message]
                self.session_id = message.new_session.initialize.session_id
            # A run that asked for another one is followed by it.
            if message.HasField("script_finished") and message.script_finished != _EARLY:
                screen.seconds = time.perf_counter() - begun
                return screen
