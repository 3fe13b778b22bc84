"""The title: the lines that look like one, the file's name, what the file says of itself."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import PurePath
from typing import Final

from knowledge.headings import structure_of, tidy
from knowledge.model import Origin
from knowledge.readers.dates import is_date_line
from knowledge.readers.findings import Found, Material, Printed
from knowledge.readers.furniture import is_furniture
from knowledge.readers.numbers import is_number_line, number_at_start
from knowledge.readers.organs import letterhead
from knowledge.secrecy import is_mark
from knowledge.text import HAN, fold

_FIRST: Final = 15
_MOST_LINES: Final = 4
_SHORTEST_WEB_TITLE: Final = 5
_LONGEST_SECTION: Final = 6
_ALIKE: Final = 0.75
_LABEL: Final = re.compile(
    r"(?:索引号|主题分类|发布机构|文号|日期|来源|有效性|发文字号|公开方式|主题词)\s*[：:]"
)
_NOUN: Final = (
    r"(?:通知|意见|决定|批复|函|公告|通报|办法|规定|条例|法|规划|纲要|方案|细则|报告|公报|解释|决议|纪要|规则|"
    r"通告|命令|请示|计划|要点|白皮书|宪法|法典|令)"
)
_TITLE_END: Final = re.compile(rf"{_NOUN}》?(?:[（(][^（()）]{{1,8}}[）)])?$")
_SITE: Final = re.compile(r"\s*(?:[-_—|–]{1,2}|\s>\s)\s*[^-_—|–>]{2,25}$")
_SITE_FOLLOWS: Final = re.compile(r"[-_—|–>\s]")
_ORDINAL: Final = re.compile(r"^\s*\d{1,3}\s*[-_.、．]\s*")
_FILE_DATE: Final = re.compile(r"[\s_\-]*[（(]?(?:19|20)\d{2}[-.]?\d{2}[-.]?\d{2}[）)]?\s*$")
_STATUS: Final = re.compile(
    r"^[（(\[【]\s*(?:现行|已)?(?:有效|失效|废止|修改|修订|终止)\s*[）)\]】]\s*"
)
_DISTRUSTED: Final = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)|untitled|无标题|未命名|文档\s*\d*$|document\s*\d*$|"
    r"slide|幻灯片|新建|"
    r"print|about:|file:|https?:|<[0-9a-f]+>|sheet\s*\d*$|工作表\s*\d*$|pdf\b|scan|img)|"
    r"\.(?:docx?|wps|pdf|xlsx?|indd|qxd|cdr|ps|rtf|txt|tmp|dvi)\s*$",
    re.IGNORECASE,
)
_ANNOUNCED: Final = re.compile(
    rf"[{HAN}]{{0,20}}《(.{{4,80}})》(?:已|业)[经于]?.{{0,60}}(?:通过|公布|发布)"
)
_BARE_NAME: Final = re.compile(rf"[^{HAN}A-Za-z0-9]+")


def find_title(material: Material) -> Found:
    """The title; failing better evidence the file's name."""
    stem = stem_of(material.name)
    given = trusted_title(material.hints.title)
    by_name = Found(stem, material.name, Origin.FILE_NAME)
    by_file = Found(given, material.hints.title or "", Origin.PROPERTIES) if given else None
    if material.hints.table:
        return by_file or by_name
    if material.hints.web and given and (found := _web_title(material, given)):
        return _unquoted(found)
    best, score = _best(material.head[:_FIRST], _names(material, stem))
    own = _score(stem, 0)
    if best is not None and score and score >= own:
        return _unquoted(best)
    if own or by_file:
        return _completed(by_name, material) if own or by_file is None else by_file
    return _plain_first(material.head) or _completed(by_name, material)


def stem_of(name: str) -> str:
    """A file's name as a title of last resort: no ending, ordinal, date or mark of validity."""
    stem = re.split(r"[/\\]", name)[-1]
    stem = PurePath(stem).stem if PurePath(stem).suffix else stem
    bare = _STATUS.sub("", _ORDINAL.sub("", _FILE_DATE.sub("", stem))).strip()
    if (number := number_at_start(bare)) and len(bare) > len(number) + 4:
        bare = bare[len(number) :].strip()
    return bare or stem or name


def trusted_title(title: str | None) -> str | None:
    """A title from a file's properties, unless it is what programs leave there."""
    tidied = tidy(title or "")
    return tidied if 2 <= len(tidied) <= 100 and not _DISTRUSTED.search(tidied) else None


def without_site(title: str) -> str:
    """A web page's title without the site's name after it."""
    shorter = title.strip()
    while (cut := _SITE.sub("", shorter)) != shorter and len(cut) >= 6:
        shorter = cut
    return tidy(shorter)


def _web_title(material: Material, given: str) -> Found | None:
    """The page's own title: a line or a heading that it begins with says it without the site."""
    headings = [Found(tidy(text), text, Origin.PROPERTIES) for text in material.hints.headings]
    for found in (*(line.gives(tidy(line.text)) for line in material.head), *headings):
        end = len(found.value)
        if end >= 6 and given.startswith(found.value) and _SITE_FOLLOWS.match(given, end):
            return found
    # A section's name such as 新闻动态 is no title of the page.
    section = len(without_site(given).split("-")[0]) <= _LONGEST_SECTION
    longest = max(headings, key=lambda found: len(found.value), default=None)
    if section and longest and len(longest.value) > _LONGEST_SECTION + 2:
        return longest
    said = Found(given, material.hints.title or "", Origin.PROPERTIES)
    return said if len(given) >= _SHORTEST_WEB_TITLE else None


def _names(material: Material, stem: str) -> tuple[str, ...]:
    """What the work is called elsewhere, folded: by its file, by the order that publishes it."""
    announced = (_ANNOUNCED.match(line.text) for line in material.head[:_FIRST])
    names = [stem, *(match.group(1) for match in announced if match)]
    return tuple(map(fold, names))


def _best(head: Sequence[Printed], names: Sequence[str]) -> tuple[Found | None, int]:
    """The run of lines that looks most like the title, and how much."""
    best: Found | None = None
    best_score = 0
    in_body = False
    for start, line in enumerate(head):
        joined, words = "", []
        for each in head[start : start + _MOST_LINES]:
            if not _may_be_title(each.text):
                break
            joined += tidy(each.text)
            words.append(each.text)
            # Below a signature or a first sentence stand annexes: only the file name vouches.
            named = max(_named(fold(joined), name) for name in names)
            score = _score(joined, named) if named or not in_body else 0
            if not score and line.level == 1 and not in_body and _may_head(joined):
                score = 1
            score += start == 0 < score
            if score > best_score:
                best = Found(tidy(joined), "\n".join(words), Origin.PAGE, line.page)
                best_score = score
        in_body = in_body or is_date_line(line.text) or "。" in line.text
    return best, best_score


def _may_be_title(line: str) -> bool:
    return not (
        len(line) > 90
        or "。" in line
        or ("，" in line and len(line) > 40)
        or line.endswith(tuple("；：:，、；！"))
        or re.match(r"[（(]|附件|各|\d(?!\d{3}\s*年)", line)
        or _LABEL.match(line)
        or is_date_line(line)
        or is_furniture(line)
        or is_number_line(line)
        or structure_of(line)
        or letterhead(line)
        or is_mark(line)
    )


def _may_head(joined: str) -> bool:
    """Whether a line set as the highest heading may be the title: no row of a table."""
    tokens = joined.split()
    of_words = not re.search(r"\d[.\d]{4,}", joined) and not any(map(str.isdecimal, tokens))
    short = len(tokens) <= (3 if re.search(f"[{HAN}]", joined) else 20)
    return of_words and short and 4 <= len(joined) <= 120


def _named(folded: str, wanted: str) -> int:
    """How well the file name vouches for a title: 8 the same, 4 nearly, 0 not."""
    if len(wanted) < 3 or len(folded) < 4:
        return 0
    if folded == wanted:
        return 8
    ending = wanted.endswith(folded) and len(folded) >= 6
    truncated = len(wanted) >= 12 and folded.startswith(wanted)
    alike = SequenceMatcher(None, folded, wanted, autojunk=False).ratio() >= _ALIKE
    return 4 if ending or folded.endswith(wanted) or truncated or alike else 0


def _score(joined: str, named: int) -> int:
    """How well joined lines look like the title; 0 when they do not.

    Args:
        joined: the lines.
        named: what `_named` says of them.
    """
    about = "关于" in joined or "印发" in joined
    if not _TITLE_END.search(joined) or not 4 <= len(joined) <= 120:
        return 5 if named == 8 else 0
    if joined.endswith("令") and not about:
        return 0
    # What the file's name says word for word is what its owner calls it.
    return 2 + named + 3 * about + 2 * (named == 8)


def _plain_first(head: Sequence[Printed]) -> Found | None:
    """The first line, if it is short and neither a sentence nor a numbered heading."""
    if not head or not _may_be_title(head[0].text) or structure_of(head[0].text):
        return None
    title = tidy(head[0].text)
    plain = 4 <= len(title) <= 60 and "，" not in title and len(head[0].text.split()) < 3
    return head[0].gives(title) if plain else None


def _completed(found: Found, material: Material) -> Found:
    """A file name cut off inside 《…》, made whole from the words of the text."""
    before, _mark, begun = found.value.rpartition("《")
    wanted = _BARE_NAME.sub("", begun)
    if not before or "》" in begun or len(wanted) < 8:
        return found
    for line in material.lines:
        for quoted in re.findall(r"《([^《》]+)》", line.text):
            if _BARE_NAME.sub("", quoted).startswith(wanted):
                rest = quoted[_length_of(quoted, len(wanted)) :]
                kind = "的通知" if re.search(r"[印转]发$", before) else ""
                return line.gives(f"{before}《{begun}{rest}》{kind}", f"《{quoted}》")
    return found


def _length_of(quoted: str, letters: int) -> int:
    """How many characters hold the first `letters` letters."""
    for position, character in enumerate(quoted):
        letters -= not _BARE_NAME.match(character)
        if not letters:
            return position + 1
    return len(quoted)


def _unquoted(found: Found) -> Found:
    """A title that stands in 《》 as a whole, without them."""
    inner = found.value[1:-1]
    whole = found.value.startswith("《") and found.value.endswith("》") and "》" not in inner
    return Found(inner, found.words, found.origin, found.page) if whole else found
