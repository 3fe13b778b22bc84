"""Is the quote really there? Code answers, never a model.

`locate` finds a quote's one contiguous run on the stored pages, `holds` checks that evidence still
stands where it says, `words_at` reads what stands there.
"""

from briefs.evidence.locating import holds, locate, words_at

__all__ = ["holds", "locate", "words_at"]
