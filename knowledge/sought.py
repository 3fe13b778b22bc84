"""Words of a person that is erased, found in texts however they are written there."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.privacy import BLANK, Trace, traces
from knowledge.text import fold, fold_with_map

_SHORTEST: Final = 2
"""Characters of a word that is looked for: a shorter one stands everywhere."""
_NUMBER: Final = re.compile(r"\d(?:[ ().-]{0,2}\d){6,}")
"""Of seven digits or more, which tell somebody apart; in folded text."""
_CODED: Final = (
    re.compile(r"86(1\d{10})"),
    *(re.compile(rf"0\d{{{n}}}([2-9]\d{{6,7}})") for n in (2, 3)),
)
"""Numbers with the code of the country or of a place; the group is the number without it."""
_APART: Final = r"[\s().-]{0,2}"
"""What may stand between the digits of a telephone number."""


class Sought:
    """Finds words of a person: width, capitals and blanks do not matter, nor how digits are set.

    A word in Latin letters is found whole only, not within another one; a number also without the
    code of its country or place. Of what a person told as one word – two telephones, a name with
    an address – each part that tells who somebody is is found by itself.
    """

    def __init__(self, told: Iterable[str | None]) -> None:
        """Make it for what is known of the person; None and what is too short is left out."""
        rules = {rule for word in told if word for rule in _rules(word)}
        self._rule = re.compile("|".join(sorted(rules, key=len, reverse=True)) or r"(?!)")

    def stands_in(self, text: str) -> bool:
        """Whether any of it is there."""
        return self._rule.search(fold(text)) is not None

    def blanked(self, text: str, *, also: Iterable[Trace] = ()) -> str:
        """The text with `BLANK` in place of the words.

        Args:
            text: any.
            also: traces in it that are blanked too; they may overlap the words.
        """
        spans = sorted([*self._spans(text), *((trace.start, trace.end) for trace in also)])
        merged: list[tuple[int, int]] = []
        for start, end in spans:
            if merged and start < merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        for start, end in reversed(merged):
            text = text[:start] + BLANK + text[end:]
        return text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        folded, offsets = fold_with_map(text)
        # Each place is tried: a shorter word may begin before a longer one and overlap it.
        position = 0
        while match := self._rule.search(folded, position):
            yield offsets[match.start()], offsets[match.end() - 1] + 1
            position = match.start() + 1


def _rules(word: str) -> Iterator[str]:
    """Patterns over folded text."""
    for part in (word, *(word[trace.start : trace.end] for trace in traces(word))):
        bare = fold(part).strip()
        if len(bare) >= _SHORTEST:
            yield _whole(re.escape(bare).replace(r"\ ", r"\s*"), bare)
    for match in _NUMBER.finditer(fold(word)):
        digits = re.sub(r"\D", "", match[0])
        shorter = (found[1] for rule in _CODED if (found := rule.fullmatch(digits)))
        for number in (digits, *shorter):
            yield _APART.join(number)


def _whole(rule: str, bare: str) -> str:
    before = r"(?<![a-z\d])" if re.match(r"[a-z\d]", bare) else ""
    after = r"(?![a-z\d])" if re.search(r"[a-z\d]$", bare) else ""
    return f"{before}{rule}{after}"
