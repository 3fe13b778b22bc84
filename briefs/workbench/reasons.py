"""Why a passage was found, and how sure a search is: plain words for whoever searches.

Page and command say the same.
"""

from briefs.model import percent
from briefs.workbench.wording import Wording
from knowledge.certainty import Findings
from knowledge.explaining import Explanation
from knowledge.lookups import Standing

_PARTS = ("lexical", "dense", "law", "reranked", "exact")
_VERY = 0.95
_RATHER = 0.7
_HARDLY = 0.05
_WHOLE = 0.995
"""From here on a percentage would be 100, and 100 is never true."""


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


def in_short(words: Wording, why: Explanation) -> str:
    """The one reason that matters most, in a few words."""
    if why.exact:
        key = "explain.short.exact"
    elif why.by_meaning:
        key = "explain.short.meaning"
    elif why.missing:
        key = "explain.short.some"
    else:
        key = "explain.short.all"
    return words("explain.why", reason=words(key))


def sureness(words: Wording, findings: Findings) -> str:
    """How likely the collection holds an answer, and what to make of it; empty: nothing to say."""
    if findings.signs is None:
        return ""
    place = "filtered." if findings.is_filtered else ""
    if findings.not_held is not None:
        speaks = findings.signs.standing is Standing.MENTIONED
        key = "not_held" if not speaks else "mentioned" if findings.answered else "mentioned_only"
        return words(f"sure.{place}{key}", name=findings.not_held)
    if findings.signs.exact:
        return words("sure.named")
    return words(f"sure.{place}{_likelihood(findings)}", percent=_percent(findings.certainty))


def lacking(words: Wording, findings: Findings) -> str:
    """Which words of the query no document holds; empty where there is none, or all say so."""
    if not findings.unknown or findings.not_held is not None:
        return ""
    key = "unknown_words_filtered" if findings.is_filtered else "unknown_words"
    return words(f"search.{key}", words=words("explain.separator").join(findings.unknown))


def _likelihood(findings: Findings) -> str:
    sure = findings.certainty
    if not findings.answered:
        return "hardly" if sure < _HARDLY else "unlikely"
    return "very" if sure >= _VERY else "rather" if sure >= _RATHER else "perhaps"


def _percent(sure: float) -> int:
    return 99 if sure >= _WHOLE else max(1, percent(sure))


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
        _part(words, why, name=name, value=f"{value:.2f}")
        for name, value in why.parts.items()
        if value or name != "exact"
    ]
    return words("explain.score", score=f"{why.score:.2f}", parts=" + ".join(parts))


def _part(words: Wording, why: Explanation, *, name: str, value: str) -> str:
    if name == "lexical" and why.lexical_rank is None and why.dense_rank is not None:
        # Not compared word by word: what stands for it is said to be that.
        return words("explain.part.assumed", value=value)
    if name in _PARTS:
        return words(f"explain.part.{name}", value=value)
    return words("explain.part.other", name=name, value=value)
