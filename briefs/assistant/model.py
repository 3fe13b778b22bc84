"""What an assistant is offered, and what is left of what it says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from briefs.gate import Verdict
from briefs.model import Statement
from knowledge.model import Result


class Unfit(StrEnum):
    """Why something that the assistant said is not shown as a proposal."""

    MALFORMED = "malformed"
    """It lacks a part, or a part is not what it should be."""
    KIND = "kind"
    """Neither a quote nor a paraphrase: nothing else rests on a source alone."""
    LENGTH = "length"
    """It is no sentence: too long, or on several lines."""
    UNKNOWN_PASSAGE = "unknown-passage"
    """It names a passage that it was not given."""
    WORDS_NOT_THERE = "words-not-there"
    """The words quoted do not stand in that passage in one run."""
    FAULT = "fault"
    """The gate finds that its evidence says otherwise."""
    NEEDS_PERSON = "needs-person"
    """The gate does not find it borne out."""
    REPEATED = "repeated"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model."""

    role: str
    """``system`` or ``user``."""
    text: str


class Speaker(Protocol):
    """Speaks to a model."""

    def reply(self, messages: tuple[Message, ...]) -> str:
        """What the model says, as it says it; bounded in size and time.

        Raises:
            AssistantDownError: there is no answer that can be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class Offered:
    """A passage that the assistant was given."""

    number: int
    """By which it is named to the assistant, 1-based."""
    result: Result


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a reply, as far as it could be read."""

    passage: int
    quote: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement that the gate finds borne out, with its evidence; not in any brief yet."""

    statement: Statement
    offered: Offered
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that the assistant said and that is no proposal."""

    text: str
    """Shortened; empty where there was none."""
    reason: Unfit
    verdict: Verdict | None = None
    """The gate's, where it came so far."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What one asking brought."""

    proposals: tuple[Proposal, ...]
    dropped: tuple[Dropped, ...]
    offered: tuple[Offered, ...]
    """What the assistant was given: all that left the house besides title and heading."""
