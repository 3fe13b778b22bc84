"""May a text stand in quotation marks?"""

import re
import unicodedata

from briefs.evidence.locating import locate, words_at
from knowledge.model import Page

_NEGATIONS = r"不|未|没有?|无|非|勿|莫|别|严?禁止?|不[得能应宜可许准]|避免|\b(?:not|never|no)"
_TURNED = re.compile(rf"(?:{_NEGATIONS})\s*$", re.IGNORECASE)
"""Words that turn what follows them into its contrary."""


def quotes(text: str, source: str) -> bool:
    """Whether `text` is a run of the words of `source` that says what they say there.

    Width, white space and variants do not matter. The run may be shortened, but not by the word
    that turns its meaning (得出售 of 不得出售), cuts no number, and has the same digits in the same
    places (folding reads 10⁴ as 104).
    """
    page = Page(0, 1, None, source, ())
    spans = locate(text, [page])
    if not spans:
        return False
    if _TURNED.search(source[: spans[0].start]):
        return False
    return _digits(text) == _digits(words_at(spans, [page]))


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
