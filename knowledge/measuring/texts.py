"""What was read of a file, beside a text known to be true."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.measuring.differences import (
    CharacterErrors,
    Difference,
    character_errors,
    comparable,
    differences,
)
from knowledge.measuring.order import Order, order_of, put_in_order
from knowledge.model import BlockKind, Page, Passage
from knowledge.places import Places


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as the collection holds it after reading and recognition: what a citation opens."""

    name: str
    data: bytes
    """The original."""
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]
    places: Mapping[int, Places] = field(default_factory=dict)
    """By page; pages of formats without places are left out."""


@dataclass(frozen=True, slots=True)
class TextMeasure:
    """A reading compared with the truth."""

    errors: CharacterErrors
    in_order: CharacterErrors
    """The errors that stay when the reading's pieces are put in the truth's order."""
    order: Order
    differences: tuple[Difference, ...]
    """The largest ones."""
    absent: int | None = None
    """Characters of the truth that the file itself does not have (at the least); None: unknown."""


def compare(pages: Sequence[Page], truth: str, *, held: str | None = None) -> TextMeasure:
    """Compare pages, in order and without furniture, with the whole text that they print.

    Both are brought into the form of `comparable` first: no blanks, NFKC.

    Args:
        pages: of one file.
        truth: as written, with its line ends.
        held: every character of the file in any order, if somebody else can tell.
    """
    expected, actual = comparable(truth), comparable(body(pages, truth))
    errors = character_errors(expected, actual)
    ordered = character_errors(expected, put_in_order(expected, actual))
    return TextMeasure(
        errors,
        min(errors, ordered, key=lambda found: found.rate),
        order_of(truth, actual),
        differences(expected, actual),
        None if held is None else absent(expected, comparable(held)),
    )


def absent(truth: str, held: str) -> int:
    """How many characters of the truth a file lacks, whatever their order.

    Counted by kind of character, so no reading can have fewer errors than that: a truth may have
    been written down from something else than the file.
    """
    return (Counter(truth) - Counter(held)).total()


def body(pages: Sequence[Page], truth: str) -> str:
    """The words of the pages as passages have them: all but furniture.

    Column names that a table prints again on every page are taken as often as the truth has them,
    the first ones first: a truth may hold a table's rows alone.
    """
    plain = comparable(truth)
    taken: Counter[str] = Counter()
    parts: list[str] = []
    for page in pages:
        position = 0
        for block in page.blocks:
            parts.append(page.text[position : block.start])
            words = page.text[block.start : block.end]
            position = block.end
            if block.kind is BlockKind.FURNITURE:
                continue
            if block.kind is BlockKind.HEADER:
                names = comparable(words)
                taken[names] += 1
                if taken[names] > plain.count(names):
                    continue
            parts.append(words)
        parts.append(page.text[position:])
    return "\n".join(parts)
