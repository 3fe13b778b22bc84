"""Is the quote really there? Code answers, never a model.

`locate` finds a quote's one contiguous run on the stored pages, `holds` checks that evidence still
stands where it says, `words_at` reads what stands there, `widened` gives the whole sentence around
it, `quotes` tells whether words may stand in quotation marks.
"""

from briefs.evidence.locating import holds, locate, words_at
from briefs.evidence.quoting import quotes
from briefs.evidence.widening import widened

__all__ = ["holds", "locate", "quotes", "widened", "words_at"]
