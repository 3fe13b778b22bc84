"""The assistant's endpoint: ``/chat/completions`` as OpenAI-compatible servers have it.

The address comes from the settings alone. No redirect is followed, no proxy of the environment is
used, nothing is fetched that a reply names. Size and time are bounded, and the key stands in no
error and no log.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import httpx2

from briefs.assistant.errors import AssistantDownError
from briefs.assistant.model import Message, Speaker
from briefs.workbench.settings import Settings, assistant_key_of

LARGEST: Final = 1_000_000
"""Bytes of an answer: twenty statements are a few thousand."""
_TOKENS: Final = 4000
_log = logging.getLogger(__name__)


class ChatClient(Speaker):
    """One endpoint; safe in several threads, each asking a connection of its own."""

    def __init__(self, settings: Settings, *, ticks: Callable[[], float] = time.monotonic) -> None:
        """Know the endpoint of the settings; nothing is asked yet.

        Args:
            settings: with ``assistant_address`` and ``assistant_model`` set.
            ticks: seconds since any start.
        """
        self._settings = settings
        self._ticks = ticks

    def reply(self, messages: tuple[Message, ...]) -> str:
        """As `Speaker.reply`; waits ``assistant_timeout`` seconds in all."""
        told: queue.Queue[str | AssistantDownError] = queue.Queue()
        client = self._client()

        def ask() -> None:
            try:
                told.put(_content(self._fetched(client, messages)))
            except AssistantDownError as error:
                told.put(error)

        # Headers that come a byte at a time keep every single read within its limit.
        threading.Thread(target=ask, name="assistant", daemon=True).start()
        try:
            answer = told.get(timeout=self._settings.assistant_timeout)
        except queue.Empty:
            raise _down("it took too long") from None
        finally:
            client.close()
        if isinstance(answer, AssistantDownError):
            raise answer
        return answer

    def _client(self) -> httpx2.Client:
        return httpx2.Client(
            timeout=httpx2.Timeout(self._settings.assistant_timeout, connect=10),
            follow_redirects=False,
            trust_env=False,
        )

    def _fetched(self, client: httpx2.Client, messages: tuple[Message, ...]) -> bytes:
        key = assistant_key_of(self._settings)
        headers = {
            "Accept": "application/json",
            # A few packed bytes can unfold to any size.
            "Accept-Encoding": "identity",
            **({"Authorization": f"Bearer {key}"} if key else {}),
        }
        address = f"{self._settings.assistant_address.rstrip('/')}/chat/completions"
        asked = {
            "model": self._settings.assistant_model,
            "messages": [{"role": each.role, "content": each.text} for each in messages],
            "temperature": 0,
            "max_tokens": _TOKENS,
            "stream": False,
        }
        end = self._ticks() + self._settings.assistant_timeout
        try:
            with client.stream("POST", address, headers=headers, json=asked) as answer:
                _check(answer)
                return self._read(answer, end)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
            raise _down(type(error).__name__) from None
        except (RuntimeError, ValueError) as error:
            # Closed by the one who waited, or headers that are none.
            raise _down(type(error).__name__) from None

    def _read(self, answer: httpx2.Response, end: float) -> bytes:
        data = bytearray()
        for piece in answer.iter_raw():
            data += piece
            if len(data) > LARGEST:
                raise _down("an answer without end")
            if self._ticks() > end:
                raise _down("it took too long")
        return bytes(data)


def _check(answer: httpx2.Response) -> None:
    if answer.status_code != httpx2.codes.OK:
        raise _down(f"status {answer.status_code}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _down("an answer that is no JSON")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise _down("a packed answer")


def _content(data: bytes) -> str:
    """What the model said, of the endpoint's answer."""
    try:
        told: Any = json.loads(data)
        content = told["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise _down("an answer of another form") from None
    if not isinstance(content, str):
        raise _down("an answer without words")
    return content


def _down(reason: str) -> AssistantDownError:
    _log.warning("assistant: no answer to use: %s", reason)
    return AssistantDownError()
