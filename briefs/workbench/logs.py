"""What the server writes on standard error: a line for each event, of which no person can be told.

A line has the moment (UTC), the level, who speaks, the request's number, and what happened. Names,
sign-in names, addresses, queries, passwords and tokens are in none: who did what is in the audit.
Of an exception its kind and where it was raised are written, never its words: they may quote what a
person typed.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

_request: ContextVar[str] = ContextVar("request", default="")
_FRAMES: Final = 12
_SERVER: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets")


class Plain(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        told = fields_of(record)
        moment, level, name = (told.pop(key) for key in ("at", "level", "logger"))
        event = told.pop("event")
        rest = " ".join(f"{key}={_flat(value)}" for key, value in told.items())
        return f"{moment} {level} {name}: {event}{' ' if rest else ''}{rest}"


class Json(logging.Formatter):
    """A JSON object in a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; JSON writes breaks of lines as escapes."""
        return json.dumps(fields_of(record), ensure_ascii=False)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is written of an event, in order."""
    told: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": " ".join(record.getMessage().split()),
    }
    if request := _request.get():
        told["request"] = request
    told |= getattr(record, "told", {})
    if record.exc_info and record.exc_info[0] is not None:
        told["error"] = record.exc_info[0].__name__
        told["where"] = _where(record.exc_info[2])
    return told


@contextmanager
def numbered(request: str) -> Iterator[None]:
    """While this lasts, whatever is logged for the request bears its number."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def configure(kind: str) -> None:
    """Send whatever any library logs through one handler to standard error; once or again.

    Args:
        kind: ``json``, or ``plain``.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if kind == "json" else Plain())
    root = logging.getLogger()
    others = [each for each in root.handlers if type(each) is not logging.StreamHandler]
    root.handlers[:] = [*others, handler]
    root.setLevel(logging.WARNING)
    for name in ("briefs", "knowledge", "embeddings"):
        logging.getLogger(name).setLevel(logging.INFO)


def is_configured() -> bool:
    """Whether `configure` was called in this process."""
    return any(isinstance(each.formatter, Plain | Json) for each in logging.getLogger().handlers)


def take_over() -> None:
    """Take their own handlers from the server's libraries, which set them when they start.

    Streamlit gives one to each of its loggers, those that are made later as well.
    """
    from streamlit import logger as streamlit_logger

    def without(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.propagate = True

    streamlit_logger.setup_formatter = without
    names = [name for name in logging.root.manager.loggerDict if name.startswith("streamlit")]
    for name in (*_SERVER, *names):
        without(logging.getLogger(name))
        logging.getLogger(name).setLevel(logging.WARNING)


def _where(found: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(found)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _flat(value: object) -> str:
    return " < ".join(map(str, reversed(value))) if isinstance(value, list) else str(value)
