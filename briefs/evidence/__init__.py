"""Is the quote really there? Code answers, never a model.

`locate` finds a quote's one contiguous run on the stored pages, `holds` checks that evidence still
stands where it says, `words_at` reads what stands there, `quotes` tells whether words may stand in
quotation marks.
"""

from briefs.evidence.locating import holds, locate, words_at
from briefs.evidence.quoting import quotes

__all__ = ["holds", "locate", "quotes", "words_at"]
