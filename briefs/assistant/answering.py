"""An assistant's reply, read: one JSON object with a list of statements, and nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from briefs.assistant.errors import AssistantReplyError
from briefs.assistant.model import Dropped, Said, Unfit
from knowledge.text import clean

MOST: Final = 20
"""Statements of a reply that are looked at."""
LONGEST: Final = 300
"""Characters of a statement."""
LONGEST_QUOTE: Final = 1000
_FENCED: Final = re.compile(r"\A\s*```(?:json)?\s*\n(?P<inside>.*)\n\s*```\s*\Z", re.DOTALL)
_SHOWN: Final = 80


def read_reply(reply: str) -> Iterator[Said | Dropped]:
    """The statements of a reply in order; what cannot be read is dropped with its reason.

    Raises:
        AssistantReplyError: the reply is no such object.
    """
    items = _items(reply)
    for number, item in enumerate(items):
        if number == MOST:
            yield Dropped("", Unfit.TOO_MANY)
            return
        yield _said(item)


def short(text: str) -> str:
    """The beginning of a text, to be shown."""
    text = " ".join(clean(text).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _items(reply: str) -> list[Any]:
    fenced = _FENCED.match(reply)
    try:
        # Depth and the length of figures are bounded by Python, the size by whoever fetched it.
        told = json.loads(fenced["inside"] if fenced else reply)
    except (ValueError, RecursionError) as error:
        raise AssistantReplyError from error
    items = told.get("statements") if isinstance(told, dict) else None
    if not isinstance(items, list):
        raise AssistantReplyError
    return items


def _said(item: object) -> Said | Dropped:
    if not isinstance(item, dict):
        return Dropped("", Unfit.MALFORMED)
    passage, kind = item.get("passage"), item.get("kind")
    quote, text = item.get("quote"), item.get("statement")
    shown = short(text) if isinstance(text, str) else ""
    if not isinstance(passage, int) or isinstance(passage, bool):
        return Dropped(shown, Unfit.MALFORMED)
    if not (isinstance(quote, str) and isinstance(text, str) and isinstance(kind, str)):
        return Dropped(shown, Unfit.MALFORMED)
    quote, text = clean(quote).strip(), clean(text).strip()
    if not quote or not text:
        return Dropped(shown, Unfit.MALFORMED)
    if len(text) > LONGEST or len(quote) > LONGEST_QUOTE or "\n" in text:
        return Dropped(shown, Unfit.LENGTH)
    return Said(passage, quote, text, kind)
