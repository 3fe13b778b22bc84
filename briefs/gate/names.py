"""Names of a statement against those of its evidence.

There is no list of all names. A name is known by its place in the gazetteer, by how it ends (局,
大学), by what stands beside it (主任, 表示), by brackets (《…》, 〔2023〕12号) or by capitals;
what looks like one and whose characters the evidence has not is a fault, and so is a name that
stands where the evidence has another. 发改委 for 发展和改革委员会 is none.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from briefs.gate.findings import Case, Found
from briefs.gate.model import FaultType, Reason
from briefs.gate.naming import abbreviates, places
from briefs.gate.organs import check_organs, nearest
from briefs.gate.persons import check_persons
from briefs.gate.reading import NUMBER_OF_YEAR, Text
from knowledge.numerals import arabic

_TITLED: Final = re.compile(r"《([^《》]{2,60})》")
_YEARS: Final = re.compile(r"[一二][〇零一二三四五六七八九]{3}(?=年)")
_LATIN: Final = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]*(?:[-&.'’][A-Za-z]+)*")
_COMMON: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "of",
        "and",
        "or",
        "for",
        "to",
        "by",
        "from",
        "with",
        "as",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "he",
        "she",
        "they",
        "we",
        "i",
        "but",
        "not",
        "no",
        "according",
        "after",
        "before",
        "during",
        "since",
        "until",
        "while",
        "when",
        "where",
        "which",
        "who",
        "all",
        "some",
        "many",
        "most",
        "more",
        "less",
        "each",
        "every",
        "there",
        "here",
        "if",
        "then",
        "than",
        "so",
        "such",
        "also",
        "however",
        "both",
        "one",
        "two",
        "three",
        "new",
        "other",
        "both",
        "over",
        "under",
        "about",
        "between",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "last",
        "next",
        "total",
        "only",
        "nearly",
        "almost",
        "more",
        "around",
        "approximately",
        "compared",
        "overall",
        "meanwhile",
        "in",
    ]
)
_LEAD: Final = re.compile(
    r"根据|依据|按照|依照|遵照|贯彻|落实|执行|印发|废止|文件|通知|参见|见|的|和|与|"
    r"及|由|以|原|其中|自"
)


def check_names(case: Case) -> None:
    """Check every name of the statement."""
    check_organs(case)
    for span, is_sure in _asked(case.text):
        if not _known(case, case.text.words[span[0] : span[1]]):
            if is_sure:
                case.fault(FaultType.NAME, span, nearest(case, span))
            else:
                case.doubt(Reason.NAMED, span)
    _check_document_numbers(case)
    check_persons(case)
    _check_identifiers(case)


def _asked(text: Text) -> Iterator[tuple[tuple[int, int], bool]]:
    for match in places(text.words):
        if text.words[match.end() : match.end() + 1] != "语" and not _inside_word(
            text, match.span()
        ):
            yield match.span(), True
    for match in _TITLED.finditer(text.words):
        yield match.span(1), True
    is_english = sum(character > "z" for character in text.words) < len(text.words) / 4
    starts = {0, *(m.end() for m in re.finditer(r"[.!?:;]\s+[\"“]?|[\"“]", text.raw))}
    for match in _LATIN.finditer(text.raw):
        word = match.group().lower()
        if word in _COMMON or len(word) < 2 or (is_english and match.start() in starts):
            continue
        if span := _folded_span(text, match.span()):
            yield span, True


def _inside_word(text: Text, span: tuple[int, int]) -> bool:
    """山东部 and the like: the end of one word and the beginning of another."""
    before = text.words[max(0, span[0] - 1) : span[0]]
    return text.words[span[0] : span[1]] in {"中国", "东北"} or (
        text.words[span[0] : span[1]] in {"中山", "大同", "延安", "东城", "西城", "朝阳区"}
        and before in set("和共集其")
    )


def _folded_span(text: Text, raw: tuple[int, int]) -> tuple[int, int] | None:
    inside = [at for at, offset in enumerate(text.offsets) if raw[0] <= offset < raw[1]]
    return (inside[0], inside[-1] + 1) if inside else None


def _known(case: Case, name: str) -> bool:
    if any(name in text.words for text in case.texts):
        return True
    titles = {title for text in case.texts for title in _titles(text.words)}
    dated = _dated(name)
    return any(abbreviates(name, title) or dated == _dated(title) for title in titles)


def _dated(title: str) -> str:
    """With its years in figures: 《一九七八年条例》 is the 《1978年条例》."""
    return _YEARS.sub(lambda match: str(arabic(match.group())), title)


@lru_cache(maxsize=512)
def _titles(words: str) -> tuple[str, ...]:
    return tuple(match.group(1) for match in _TITLED.finditer(words))


def _check_document_numbers(case: Case) -> None:
    own = list(NUMBER_OF_YEAR.finditer(case.text.words))
    theirs = [(w, m) for w, t in enumerate(case.texts) for m in NUMBER_OF_YEAR.finditer(t.words)]
    for match in own:
        fitting = [
            (w, m) for w, m in theirs
            if m["year"] == match["year"] and int(m["number"]) == int(match["number"])
        ]  # fmt: skip
        if not fitting:
            # What differs is what is wrong: the year, the number, or all of it.
            near = min(
                theirs,
                key=lambda item: (
                    item[1]["issuer"][-3:] != match["issuer"][-3:],
                    item[1]["year"] != match["year"],
                    item[0],
                ),
                default=None,
            )
            kind = FaultType.NAME
            if near and near[1]["issuer"][-3:] == match["issuer"][-3:]:
                kind = FaultType.NUMBER if near[1]["year"] == match["year"] else FaultType.DATE
            case.fault(kind, match.span(), [Found(near[0], *near[1].span())] if near else [])
        elif not any(_same_issuer(match["issuer"], m["issuer"]) for _, m in fitting):
            case.fault(FaultType.NAME, match.span(), [Found(fitting[0][0], *fitting[0][1].span())])


def _same_issuer(left: str, right: str) -> bool:
    one, two = (_LEAD.split(each)[-1] for each in (left, right))
    return one.endswith(two) or two.endswith(one)


def _check_identifiers(case: Case) -> None:
    """PM2.5, GB/T 7714-2015, G20: figures that count nothing."""
    for start, end in case.text.identifiers:
        word = case.text.words[start:end]
        if NUMBER_OF_YEAR.fullmatch(word):
            continue
        bare = word.replace(" ", "")
        if not any(bare in text.words.replace(" ", "") for text in case.texts):
            has_letters = re.match(r"[a-z]+", word)
            same = has_letters and any(has_letters.group() in t.words for t in case.texts)
            kind = FaultType.NUMBER if same or not has_letters else FaultType.NAME
            case.fault(kind, (start, end), _like(case, word))


def _like(case: Case, word: str) -> list[Found]:
    head = word[:2]
    for witness, text in enumerate(case.texts):
        for start, end in text.identifiers:
            if text.words.startswith(head, start):
                return [Found(witness, start, end)]
    return []
