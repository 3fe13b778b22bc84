"""One attempt to get in, and how what lies inside is told from what is open."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from tests.security.asking import Answer
from tests.security.server import Served
from tests.talking import Visit, done

T = TypeVar("T")

_INSIDE: Final = (
    b'<div id="root">',
    b"allowedOrigins",
    b"streamlit_",
    b"import streamlit",
    b"msgid ",
    b"root:x:",
    b"SQLite format 3",
)
"""What stands in the pages, in Streamlit's own answers, and in files nobody may fetch."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried."""

    what: str
    is_refused: bool


def is_inside(answer: Answer) -> bool:
    """Whether an answer holds anything of the inside."""
    found = answer.status in {200, 206} and any(sign in answer.body for sign in _INSIDE)
    return found or (answer.status == 200 and answer.body == b"ok")


def visiting(server: Served, name: str, act: Callable[[Visit], Awaitable[T]]) -> T:
    """What `act` returns of a visit of this member."""

    async def visit() -> T:
        async with Visit(server.address, server.tokens[name]) as opened:
            return await act(opened)

    return done(visit())
