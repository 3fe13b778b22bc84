"""The words that lexical search knows: tokens of a text, and names that stay whole.

The same functions serve indexing and asking. A change of what they give for any text needs a new
`TOKENIZER_VERSION`: indexes made with another one are rebuilt.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import add
from typing import Final

from knowledge.numerals import NUMERAL_CHARACTERS, arabic
from knowledge.protocols import LexicalEntry
from knowledge.text import HAN, fold

TOKENIZER_VERSION: Final = 2
"""Part of an index's identity; see the module's docstring."""

LONGEST_TOKEN: Final = 64
"""Characters of a token that count; what follows is cut."""
LONGEST_NAME: Final = 60
"""Characters before 第N条 that may be the law's name."""

# Kana and hangul are cut like Han: no blank tells their words apart.
_RUN: Final = HAN + "\u3005\u3040-\u30ff\uac00-\ud7a3"
_PIECE: Final = re.compile(f"(?P<run>[{_RUN}]+)|[^\\W_{_RUN}]+(?:[-./'&+_][^\\W_{_RUN}]+)*%?")
_PAIR: Final = re.compile(f"[{_RUN}]{{1,2}}")
_PART: Final = re.compile(r"\d+(?:\.\d+)+(?![^\W_])|[^\W_]+")
# `fold` drops blanks beside full-width letters, as beside Han: make those letters narrow first.
_FULL_WIDTH: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

# Bounded: a text may be digits by the thousand.
_NUMERAL: Final = f"[\\d{NUMERAL_CHARACTERS}][\\d{NUMERAL_CHARACTERS} ]{{0,40}}?"
_ARTICLE: Final = re.compile(f"第? *({_NUMERAL}) *[条條](?: *之 *([\\d{NUMERAL_CHARACTERS}]+))?")
_LINE_ARTICLE: Final = re.compile(
    f"^\\s*(第 *{_NUMERAL} *[条條](?: *之 *[\\d{NUMERAL_CHARACTERS}]+)?)(?=[\\s:：【(（]|$)",
    re.MULTILINE,
)
_LAST_ARTICLE: Final = re.compile(f" *第 *{_NUMERAL} *条(?: *之 *[\\d{NUMERAL_CHARACTERS}]+)? *$")
# 国办发〔2023〕12号 in any bracket, 国办发2023年第12号, and without a year: 国务院令第711号.
_NUMBER_OF_YEAR: Final = re.compile(
    r"[\[(【〈<{] *((?:19|20)\d\d) *年? *[\])】〉>}] *第? *0*(\d+) *号?"
    r"|(?<!\d)((?:19|20)\d\d) *(?:年|-| ) *第? *0*(\d+) *号"
)
_NUMBER_PLAIN: Final = re.compile(f"(?<=[令告]) *第? *({_NUMERAL}) *号")
_NUMBER_BEHIND: Final = re.compile(r"号[\s)\]】》〉]*$")
_QUOTED_TITLE: Final = re.compile(r"《(.+?)》")
_LAST_BRACKETS: Final = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]\s*$")
_LAST_DATE: Final = re.compile(
    r"(?<=\D)(?:19|20)\d\d(?:[-.年]\d\d?(?:[-.月]\d\d?日?|月)?|\d{4})\s*$"
)
_SENTENCE_END: Final = re.compile(r"[。？！；?!;\n]")
_CONNECTOR: Final = re.compile(r"[\s、,和及与至到或]*(?:以及)?")
_NOT_IN_NAMES: Final = re.compile(r"[\W_]+|中华人民共和国")


def tokens(text: str) -> list[str]:
    """Cut a text into tokens: Han characters and their pairs, Latin words and numbers whole.

    A joined word (``covid-19``, ``gb/t``, ``3.5%``) stands whole and in its parts, so that either
    way of asking meets it. Tokens hold no white space; their order and number follow the text.
    """
    found: list[str] = []
    for piece in _PIECE.finditer(_cuttable(text)):
        word = piece.group()
        if piece.lastgroup == "run":
            found.extend(word)
            found.extend(map(add, word, word[1:]))
        elif word.isalnum():
            found.append(word[:LONGEST_TOKEN])
        else:
            found.append(word[:LONGEST_TOKEN])
            found.extend(part[:LONGEST_TOKEN] for part in _PART.findall(word) if part != word)
    return found


def _cuttable(text: str) -> str:
    if _FULL_WIDTH.search(text):
        text = text.translate(_NARROW)
    return _THOUSANDS.sub("", fold(text))


class Sought:
    """Words that are looked for in several texts, among the tokens that `tokens` gives of each.

    A character or pair of a run stands in the folded text or it does not: only where other words
    are looked for is a text cut.
    """

    def __init__(self, words: Iterable[str]) -> None:
        every = frozenset(words)
        self._pairs = tuple(sorted(filter(_PAIR.fullmatch, every)))
        self._rest = every.difference(self._pairs)

    def held(self, text: str) -> set[str]:
        """Those of the words that are tokens of a text."""
        folded = _cuttable(text)
        found = {pair for pair in self._pairs if pair in folded}
        return found | self._rest.intersection(tokens(text)) if self._rest else found


def names_of(entry: LexicalEntry) -> list[str]:
    """List the names that a passage carries, each once, sorted.

    They are: its document's title; its document's number; and ``法名#35`` and ``文号#35`` for each
    article that its headings name or that a line of its text begins with.
    """
    title = fold(entry.title)
    names = set(_forms(title))
    laws = _forms(_LAST_ARTICLE.sub("", title))
    if entry.number:
        number = fold(entry.number)
        parsed = tuple(
            f"{form}{rest}" for before, rest in _numbers(number) for form in _heads(before)[:1]
        )
        names.update(parsed or _forms(number))
        laws += parsed
    for article in _articles_of(entry, title):
        names.update(f"{law}#{article}" for law in laws)
    return sorted(names)


def law_of(title: str) -> str | None:
    """The law, folded, of which a title names an article (刑法 第三条); None for other titles."""
    # Before folding, which takes long: there are fewer laws than articles.
    start = title.rfind("第")
    if start <= 0 or not _LAST_ARTICLE.match(title.replace("條", "条").rstrip(), start):
        return None
    return _folded(title[:start].strip()) or None


@lru_cache(maxsize=8192)
def _folded(law: str) -> str:
    return fold(law)


def names_in(query: str) -> list[tuple[str, ...]]:
    """List what a query may name: for each thing named, its possible names, longest first.

    Of each tuple the first name that any passage carries is meant: 义务教育法第三条 is article 3 of
    义务教育法, and of 教育法 only where nothing is called 义务教育法. The article of a document
    number (国发〔2023〕1号第三条) is one thing: the number is not named by itself.
    """
    folded = fold(query)
    articles, numbers = list(_articles(folded)), list(_numbers(folded))
    for before, rest in tuple(articles):
        if _NUMBER_BEHIND.search(before) and (behind := list(_numbers(before))):
            issuer, number = behind[-1]
            articles.append((issuer, f"{number}{rest}"))
            numbers = [each for each in numbers if each != behind[-1]]
    found = [_suffixes(before, rest) for before, rest in [*articles, *numbers]]
    found.append(_forms(folded))
    if not articles:
        found += [_forms(title) for title in _QUOTED_TITLE.findall(folded)]
    return [names for names in dict.fromkeys(found) if names]


def _articles_of(entry: LexicalEntry, title: str) -> Iterator[str]:
    headings = (_LINE_ARTICLE.match(heading) for heading in reversed(entry.heading))
    in_heading = next((match.group(1) for match in headings if match), None)
    in_title = _LAST_ARTICLE.search(title)
    labels = [in_heading or (in_title.group() if in_title else "")]
    labels += _LINE_ARTICLE.findall(entry.text)
    for label in labels:
        match = _ARTICLE.search(fold(label))
        if match and (article := _article(match)):
            yield article


def _articles(folded: str) -> Iterator[tuple[str, str]]:
    """Yield (the words before, ``#35``) of each article; 第三条、第五条 share the words before."""
    before, end = "", 0
    for match in _ARTICLE.finditer(folded):
        between = folded[end : match.start()]
        if not end or not _CONNECTOR.fullmatch(between):
            before = _SENTENCE_END.split(between)[-1].rstrip(" 的中里内")
        end = match.end()
        if article := _article(match):
            yield before, f"#{article}"


def _article(match: re.Match[str]) -> str | None:
    try:
        parts = [arabic(part.replace(" ", "")) for part in match.groups() if part]
    except ValueError:
        return None
    return "-".join(map(str, parts))


def _numbers(folded: str) -> Iterator[tuple[str, str]]:
    """Yield (the words before, ``2023#12``) of each document number 文号."""
    for match in _NUMBER_OF_YEAR.finditer(folded):
        year, number = match.group(1) or match.group(3), match.group(2) or match.group(4)
        yield _letters(_SENTENCE_END.split(folded[: match.start()])[-1]), f"{year}#{number}"
    for match in _NUMBER_PLAIN.finditer(folded):
        if number := _article(match):
            yield _letters(_SENTENCE_END.split(folded[: match.start()])[-1]), f"#{number}"


def _suffixes(before: str, rest: str) -> tuple[str, ...]:
    """Join every ending of `before`, with and without its last brackets, to `rest`."""
    # A single letter issues documents (法〔2020〕50号) but is no law's name.
    shortest = 2 if rest.startswith("#") else 1
    endings = {
        form[start:]
        for form in _heads(before)
        for start in range(max(0, len(form) - LONGEST_NAME), len(form) - shortest + 1)
    }
    return tuple(f"{ending}{rest}" for ending in sorted(endings, key=lambda e: (-len(e), e)))


def _heads(before: str) -> tuple[str, ...]:
    """The forms of what stands before a number, a single letter included."""
    return _forms(before) or ((before,) if before else ())


def _forms(folded: str) -> tuple[str, ...]:
    """Give a name's letters and digits: whole, and without the date or （试行） behind it.

    （一） and （二） tell two interpretations of one law apart and always stay.
    """
    bare = re.sub("[《》〈〉]", "", folded).strip()
    while (bracket := _LAST_BRACKETS.search(bare)) and not _is_numeral(bracket.group(1)):
        bare = bare[: bracket.start()].rstrip()
    forms = dict.fromkeys([_letters(folded), _letters(_LAST_DATE.sub("", bare))])
    return tuple(form for form in forms if len(form) > 1)


def _letters(folded: str) -> str:
    return _NOT_IN_NAMES.sub("", folded)


def _is_numeral(text: str) -> bool:
    return bool(text) and set(text) <= set(NUMERAL_CHARACTERS)
