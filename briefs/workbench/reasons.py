"""Why a passage was found, in plain words for whoever searches; page and command say the same."""

from briefs.workbench.wording import Wording
from knowledge.explaining import Explanation

_PARTS = ("lexical", "dense", "exact")


def reasons(words: Wording, why: Explanation) -> list[str]:
    """Sentences, what matters most first."""
    between = words("explain.separator")
    said: list[str] = []
    if why.exact:
        said.append(words("explain.exact"))
    if why.by_meaning:
        said.append(words("explain.meaning"))
    if why.matched:
        said.append(words("explain.matched", words=between.join(why.matched)))
    if why.others:
        said.append(words("explain.same", words=between.join(why.others)))
    if why.missing and not why.by_meaning:
        said.append(words("explain.missing", words=between.join(why.missing)))
    said.append(_places(words, why))
    said.append(_score(words, why))
    return [line for line in said if line]


def _places(words: Wording, why: Explanation) -> str:
    if why.lexical_rank is None and why.dense_rank is None:
        return ""
    if why.dense_rank is None:
        return words("explain.words_only", lexical=why.lexical_rank)
    if why.lexical_rank is None:
        return words("explain.dense_only", dense=why.dense_rank)
    return words("explain.both", lexical=why.lexical_rank, dense=why.dense_rank)


def _score(words: Wording, why: Explanation) -> str:
    parts = [
        words(f"explain.part.{name}", value=f"{value:.2f}")
        if name in _PARTS
        else words("explain.part.other", name=name, value=f"{value:.2f}")
        for name, value in why.parts.items()
        if value or name != "exact"
    ]
    return words("explain.score", score=f"{why.score:.2f}", parts=" + ".join(parts))
