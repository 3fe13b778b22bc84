"""Whether a collection holds an answer at all: signs of a search, one probability, one decision.

A search always finds something near. Five signs that cost nothing tell an answer from a near miss;
a logistic model weighs them. Its weights belong to one encoder, as every encoder has cosines of
its own; for an encoder that nobody has calibrated, words alone decide (`knowledge.calibrating`
fits new weights on judged sets).
"""

import hashlib
import io
import json
import math
import re
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from embeddings.durable import write_durably
from embeddings.protocols import Encoder, Vectors
from knowledge.errors import BadWeightsError
from knowledge.explaining import split, terms_of, words_of
from knowledge.model import Result
from knowledge.protocols import LexicalIndex
from knowledge.text import HAN, fold
from knowledge.tokens import names_in

LOOKED_AT: Final = 10
"""How many of the first results are read for the query's words."""

_UNRELATED: Final = (
    "会议室的空调已经修好，钥匙放在前台。",
    "这种鱼生活在热带海域的珊瑚礁附近，体长约二十厘米。",
    "第二十条 违反本规定的，由主管部门责令限期改正；逾期不改正的，处五千元以下罚款。",
    "他十九岁离开家乡，在南方的一座港口城市学习绘画。",
    "各区县要加强组织领导，明确责任分工，确保各项任务落到实处。",
    "球队上半场落后两球，下半场连追三球取胜。",
    "把面粉、鸡蛋和牛奶搅匀，放进烤箱烤四十分钟。",
    "全年实现营业收入三亿元，比上年增长百分之四。",
    "这座寺庙建于十五世纪，二百年后毁于大火，后来重建。",
    "患者如出现发热、咳嗽等症状，应当及时到医院就诊。",
    "该算法把图像分成小块，再逐块比较它们的颜色。",
    "列车每隔十五分钟开出一班，末班车在夜里十一点。",
    "The committee met twice in spring and published its report in June.",
    "She moved to the coast, where she opened a small bakery with her brother.",
    "Water boils at a lower temperature on high mountains than at sea level.",
    "Members may inspect the accounts during office hours on written request.",
)
"""Sentences of no common subject: how near they are to a query says how near is not near."""


_LOOK_UP: Final = re.compile(
    r"\s*(?P<name>《[^《》]+》|[^。？！?!;；，,]{1,60}?(?:号|號|第[^条條]{1,9}[条條]|\d[条條])"
    r"(?:之[一二三四五六七八九十\d]+)?)"
    r"(?:第[一二三四五六七八九十\d]+[款项項])*"
    r"的?(?:内容|规定|全文|原文|条文|是什么|说什么|讲什么|(?:怎么|如何)(?:规定|说|写)的?)?"
    r"[吗呢？?。\s]*"
)
"""A query that is nothing but a quoted title, an article of a law or a document number."""


_ARTICLE: Final = re.compile(r"(?:第[^第条條]{1,9}|\d+)[条條](?:之[一二三四五六七八九十\d]+)?$")
_HAN: Final = re.compile(f"[{HAN}]")
_HARDLY: Final = 0.5
"""Coverage below which a query in another script than its best result has no words to go by."""
_STATE: Final = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one search when it is done, each 0 … 1 but for the cosines."""

    coverage: float
    """Largest share of the query's words that one of the first results holds, rare words more."""
    together: float
    """The same share for the first results together."""
    unknown: float
    """The same share for the words that no passage of the index holds."""
    nearness: float | None = None
    """Cosine of the nearest passage; None where only words were compared."""
    lift: float | None = None
    """`nearness` less the query's mean cosine to unrelated sentences."""
    across: bool = False
    """The best result is in another script than the query, so that words cannot meet."""
    exact: bool = False
    """A result carries a whole name that the query has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A fitted logistic model; the certainty is 1 / (1 + e^-x) of its weighted sum x."""

    encoder: str | None
    """What the name of the encoder begins with whose cosines it was fitted on; None: words."""
    across: bool = False
    """For queries in another script than what they find: only cosines count."""
    base: float
    coverage: float = 0.0
    together: float = 0.0
    unknown: float = 0.0
    nearness: float = 0.0
    lift: float = 0.0
    threshold: float
    """Certainty below which nothing was found."""


# Fitted by ``zhiku calibrate`` on the tuning half of five judged sets (encyclopaedia in Chinese,
# traditional Chinese and two languages mixed, epidemic policy, lay questions of law), 300 questions
# of each kind and set; README "Answers, not nonsense" has the figures of the other half.
LEXICAL: Final = Weights(
    encoder=None, base=-3.86, coverage=6.82, together=2.93, unknown=0.81, threshold=0.121
)
BUNDLED: Final = Weights(
    encoder="multilingual-e5-small",
    base=-40.12,
    coverage=4.68,
    together=2.44,
    unknown=3.24,
    nearness=37.08,
    lift=32.5,
    threshold=0.179,
)


ACROSS: Final = Weights(
    encoder="multilingual-e5-small",
    across=True,
    base=-2.2,
    lift=33.0,
    threshold=0.3,
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a question found: passages that may answer it, or only near misses."""

    results: tuple[Result, ...]
    misses: tuple[Result, ...]
    """The nearest passages where `answered` is False, best first; else empty."""
    certainty: float
    """Probability, 0 … 1, that the collection holds an answer (as if half of all questions had
    one); 1 for a name that was found, 0 where nothing was found."""
    answered: bool
    unknown: tuple[str, ...] = ()
    """Runs of the query, as typed, that no passage holds."""
    signs: Signs | None = None
    """What the certainty was worked out from; None where nothing was found."""

    @property
    def every(self) -> tuple[Result, ...]:
        """Results and misses."""
        return (*self.results, *self.misses)


class Judge:
    """Decides whether what a search found can answer it; safe in several threads."""

    def __init__(
        self,
        lexical: LexicalIndex,
        *,
        encoder: Encoder | None = None,
        fitted: Iterable[Weights] = (),
        folder: Path | None = None,
    ) -> None:
        """Begin.

        Args:
            lexical: tells how rare a word is.
            encoder: the one that searches; None where only words are compared.
            fitted: weights made here, used before those that come with the product.
            folder: where what the encoder makes of unrelated sentences is kept for the next start.
        """
        self._lexical = lexical
        self._encoder = encoder
        self._folder = folder
        known = (*reversed(tuple(fitted)), BUNDLED, ACROSS, LEXICAL)
        self._words_alone = next(each for each in known if each.encoder is None)
        name = None if encoder is None else encoder.name
        self._within = _fitting(known, name, across=False)
        self._across = _fitting(known, name, across=True)
        self._lock = threading.Lock()
        self._centre: Vectors | None = None

    def judge(
        self,
        query: str,
        results: Sequence[Result],
        *,
        k: int,
        vector: Vectors | None = None,
        nearest: float | None = None,
    ) -> Findings:
        """Give the first `k` of what `query` found as results, or all of them as misses.

        Args:
            query: as typed.
            results: best first; at least `LOOKED_AT` where there are as many.
            k: how many to give.
            vector: the query's, shape ``(1, dimension)``; None where only words were compared.
            nearest: the best cosine of the dense list, if there is one.
        """
        every = tuple(results[:k])
        unknown = self.unknown(query)
        if not every:
            return Findings((), (), 0.0, answered=False, unknown=unknown)
        signs = self.signs(query, results, vector=vector, nearest=nearest)
        if signs.exact:
            return Findings(every, (), 1.0, answered=True, unknown=unknown, signs=signs)
        if (name := looked_up(query)) and not any(
            _may_mean(result, name) for result in results[:LOOKED_AT]
        ):
            return Findings((), every, 0.0, answered=False, unknown=(name,), signs=signs)
        weights = self._words_alone
        if signs.lift is not None and self._within is not None:
            weights = self._within
            if signs.across and self._across is not None:
                weights = self._across
        sure = certainty(signs, weights)
        if sure < weights.threshold:
            return Findings((), every, sure, answered=False, unknown=unknown, signs=signs)
        return Findings(every, (), sure, answered=True, unknown=unknown, signs=signs)

    def signs(
        self,
        query: str,
        results: Sequence[Result],
        *,
        vector: Vectors | None = None,
        nearest: float | None = None,
    ) -> Signs:
        """Read the signs of a search; arguments as for `judge`."""
        rarity = self._rarity(terms_of(query))
        whole = math.fsum(rarity.values()) or 1.0
        held = [words_of(result) for result in results[:LOOKED_AT]]
        coverage = max((_share(rarity, words) / whole for words in held), default=0.0)
        common: frozenset[str] = frozenset().union(*held)
        unknown = [term for term, times in self._frequencies(rarity) if not times]
        return Signs(
            coverage=coverage,
            together=_share(rarity, common) / whole,
            unknown=_share(rarity, frozenset(unknown)) / whole,
            nearness=nearest,
            lift=None if nearest is None or vector is None else nearest - self._usual(vector),
            across=nearest is not None
            and coverage < _HARDLY
            and any(_is_across(query, each) for each in results[:1]),
            exact=any(result.parts.get("exact", 0) > 0 for result in results[:1]),
        )

    def unknown(self, query: str) -> tuple[str, ...]:
        """Runs of the query, as typed, that no passage of the index holds."""
        frequencies = self._frequencies(terms_of(query))
        return split(query, {term for term, times in frequencies if times})[1]

    def _frequencies(self, terms: Iterable[str]) -> list[tuple[str, int]]:
        asked = list(terms)
        return list(zip(asked, self._lexical.frequencies(asked), strict=True))

    def _rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of each term, as BM25 has it."""
        total = len(self._lexical)
        return {
            # Removed passages may still be counted until the engine has merged them away.
            term: math.log(1 + (max(total - times, 0) + 0.5) / (times + 0.5))
            for term, times in self._frequencies(terms)
        }

    def _usual(self, vector: Vectors) -> float:
        """Mean cosine of the query to sentences that have nothing to do with it."""
        with self._lock:
            if self._centre is None and self._encoder is not None:
                self._centre = self._kept_centre(self._encoder)
        return 0.0 if self._centre is None else float(np.dot(vector[0], self._centre))

    def _kept_centre(self, encoder: Encoder) -> Vectors:
        digest = hashlib.sha256("\n".join((encoder.fingerprint, *_UNRELATED)).encode())
        path = self._folder / f"unrelated-{digest.hexdigest()[:32]}.npy" if self._folder else None
        if path is not None and path.is_file():
            with suppress(OSError, ValueError, EOFError):
                kept = np.load(path, allow_pickle=False)
                if kept.shape == (encoder.dimension,):
                    return np.asarray(kept, dtype=np.float32)
        made = encoder.encode_passages(_UNRELATED).mean(axis=0)
        if path is not None:
            # Made again at the next start where it cannot be kept.
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                content = io.BytesIO()
                np.save(content, made)
                write_durably(path, content.getvalue())
        return np.asarray(made, dtype=np.float32)


def certainty(signs: Signs, weights: Weights) -> float:
    """Probability that the collection holds an answer, 0 … 1."""
    x = weights.base + weights.coverage * signs.coverage + weights.together * signs.together
    x += weights.unknown * signs.unknown
    x += weights.nearness * (signs.nearness or 0.0) + weights.lift * (signs.lift or 0.0)
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))


def looked_up(query: str) -> str | None:
    """The name that a query is a look-up of – 《…》, 某法第三条, a 文号 –, as typed; None: it asks.

    Who looks up a name wants that and nothing near it: not held is not found.
    """
    match = _LOOK_UP.fullmatch(query)
    if match is None:
        return None
    name = match.group("name").strip()
    if name.startswith("《"):
        return name
    return name if any("#" in each for names in names_in(name) for each in names) else None


def read_weights(path: Path) -> tuple[Weights, ...]:
    """Weights that `write_weights` wrote; none where nothing is at `path`.

    Raises:
        BadWeightsError: the file is damaged.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
        return tuple(Weights(**row) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise BadWeightsError(path=path, reason=error) from error


def write_weights(path: Path, fitted: Iterable[Weights]) -> None:
    """Keep weights, in place of what was kept before."""
    rows = [asdict(each) for each in fitted]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    write_durably(path, text.encode())


def _is_across(query: str, result: Result) -> bool:
    text = result.passage.text
    return bool(_HAN.search(query)) != (len(_HAN.findall(text)) > len(text) / 5)


def _may_mean(result: Result, name: str) -> bool:
    """Whether a result speaks of a name that it does not carry, or has it in a fuller form."""
    title, asked = _letters(result.document.title), _letters(name)
    if asked in title or asked in _letters(result.passage.text):
        return True
    law = _letters(_ARTICLE.sub("", name))
    if law != asked:
        return law in title and law.removeprefix(_STATE) != title.removeprefix(_STATE)
    digits = re.findall(r"\d+", fold(name))
    return bool(digits) and digits == re.findall(r"\d+", result.document.metadata.number or "")


def _letters(text: str) -> str:
    return re.sub(r"\W", "", fold(text))


def _fitting(known: Iterable[Weights], name: str | None, *, across: bool) -> Weights | None:
    return next(
        (
            each
            for each in known
            if each.encoder and name and name.startswith(each.encoder) and each.across is across
        ),
        None,
    )


def _share(rarity: dict[str, float], words: frozenset[str]) -> float:
    return math.fsum(weight for term, weight in rarity.items() if term in words)


COSINES: Final = ("nearness", "lift")
SIGNS: Final = ("coverage", "together", "unknown", *COSINES)
"""Names of the signs that are weighed, as `Weights` has them."""
