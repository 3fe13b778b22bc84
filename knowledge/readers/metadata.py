"""What a document says of itself: title, number, issuer, dates, type; None when unsure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import PurePath
from typing import Final

from knowledge.headings import structure_of, tidy
from knowledge.model import DocumentType, Metadata
from knowledge.readers.dates import dates_in, is_date_line
from knowledge.readers.furniture import is_furniture
from knowledge.text import HAN, fold

_HEAD: Final = 25
_SHORTEST_WEB_TITLE: Final = 5
_ALIKE: Final = 0.75
_NUMBER: Final = re.compile(
    rf"([{HAN}]{{1,12}})\s*[〔\[［（(【﹝]\s*((?:19|20)\d{{2}})\s*[〕\]］）)】﹞]\s*第?\s*(\d{{1,5}})\s*号"
)
_ORDER: Final = re.compile(
    rf"(?:([{HAN}]{{2,20}}?(?:令|公告))\s*[（(]?\s*((?:19|20)\d{{2}})\s*年\s*)?第\s*(\d{{1,5}})\s*号[）)]?$"
)
_ORDER_PLAIN: Final = re.compile(rf"[{HAN}]{{2,20}}令\s*[（(]?第\s*\d{{1,5}}\s*号[）)]?$")
_LABELLED_NUMBER: Final = re.compile(r"(?:文号|发文字号|发文号|公文字号)\s*[：:]\s*(\S.*)")
_LABELLED_ISSUER: Final = re.compile(
    r"(?:发布机构|发文机关|发文单位|制发机关|发布单位)\s*[：:]\s*(\S+)"
)
_LABELLED_DATE: Final = re.compile(r"(?:成文日期|发文日期|签发日期)\s*[：:]\s*(\S[^\n]{0,30})")
_PUBLISHED: Final = re.compile(
    r"(?:发布日期|发布时间|公布日期|日期|时间)\s*[：:]\s*(\S[^\n]{0,30})"
)
_LABEL: Final = re.compile(
    r"(?:索引号|主题分类|发布机构|文号|日期|来源|有效性|发文字号|公开方式|主题词)\s*[：:]"
)

_NOUN: Final = (
    r"(?:通知|意见|决定|批复|函|公告|通报|办法|规定|条例|法|规划|纲要|方案|细则|报告|公报|解释|决议|纪要|规则|"
    r"通告|命令|请示|计划|要点|白皮书|宪法|法典|令)"
)
_TITLE_END: Final = re.compile(rf"{_NOUN}》?(?:[（(][^（()）]{{1,8}}[）)])?$")
_OFFICIAL_TITLE: Final = re.compile(
    r"(?:通知|意见|决定|批复|函|公告|通报|通告|决议|命令|令)[》）)]?(?:[（(].{1,8}[）)])?$"
)
_LAW_TITLE: Final = re.compile(
    r"(?<!办)(?:法|法典|条例|办法|规定|细则|规则|解释|章程)(?:[（(].{1,8}[）)])?$"
)
_TYPES: Final = (
    (re.compile(r"调查问卷|问卷|调查报告|抽样调查"), DocumentType.SURVEY),
    (re.compile(r"(?:公报|年鉴|统计资料)$"), DocumentType.BULLETIN),
    (re.compile(r"(?:规划|纲要|行动计划|五年计划)(?:[（(].*[）)])?$"), DocumentType.PLAN),
    (re.compile(r"(?:会议纪要|纪要|会议记录)$"), DocumentType.MINUTES),
    (re.compile(r"(?:报告|白皮书|蓝皮书)$"), DocumentType.REPORT),
)
_ORGAN: Final = re.compile(
    r"(?:人民政府|办公厅|办公室|委员会|常务委员会|代表大会|国务院|人民法院|人民检察院|海关总署|总局|党组|军区|"
    r"司令部|银行|图书馆|协会|研究院|大学|[厅局部委署院司处])$"
)
_ADOPTED: Final = re.compile(r"通过|修正|修订|公布|批准")
_CONGRESS: Final = re.compile(
    rf"([{HAN}]{{0,12}}?)第[^届]{{1,6}}届((?:全国)?人民代表大会(?:常务委员会)?)"
)
_IN_FORCE: Final = re.compile(
    r"自\s*([^，。；自]{4,20}?)\s*(?:之日)?起(?:正式)?(?:施行|实施|执行|生效)"
)
_SITE: Final = re.compile(r"\s*(?:[-_—|–]{1,2}|\s>\s)\s*[^-_—|–>]{2,25}$")
_ORDINAL: Final = re.compile(r"^\s*\d{1,3}\s*[-_.、．]\s*")
_FILE_DATE: Final = re.compile(r"[\s_\-]*[（(]?(?:19|20)\d{2}[-.]?\d{2}[-.]?\d{2}[）)]?\s*$")
_DISTRUSTED: Final = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)|untitled|无标题|未命名|文档\s*\d*$|document\s*\d*$|"
    r"slide|幻灯片|新建|"
    r"print|about:|file:|https?:|<[0-9a-f]+>|sheet\s*\d*$|工作表\s*\d*$|pdf\b|scan|img)|"
    r"\.(?:docx?|wps|pdf|xlsx?|indd|qxd|cdr|ps|rtf|txt|tmp|dvi)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What the file's own properties claim; weaker than the words on the page, but for `url`."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    issuer: str | None = None
    issued_on: str | None = None
    url: str | None = None
    table: bool = False
    web: bool = False


def describe(lines: Sequence[str], name: str, *, hints: Hints | None = None) -> Metadata:
    """Work out a document's metadata from its lines, its file name and its file's properties.

    Args:
        lines: in reading order; page furniture may be among them, for it may carry labels.
        name: file name.
        hints: claims of the file.
    """
    hints = hints or Hints()
    stem = stem_of(name)
    head = [line.strip(" \u3000#") for line in lines[:_HEAD] if line.strip()]
    given = trusted_title(hints.title)
    if hints.table:
        return Metadata(given or stem, DocumentType.DATASET, language=language_of(lines))
    title = _title(head, stem, given, web=hints.web)

    number = _number(head) or _number_in_title(title)
    kind = _type(title, number, lines, web=hints.web)
    signers, signed_on = _signature(lines)
    issued = _issued(head, signed_on, name, hints, kind=kind)
    return Metadata(
        title=title,
        type=kind,
        authors=() if kind in _IMPERSONAL else hints.authors,
        issuer=_issuer(title, head, signers, kind=kind) or hints.issuer,
        number=number,
        issued_on=issued,
        effective_on=_effective(lines, issued) if kind in _BINDING else None,
        language=language_of(lines),
        url=hints.url,
    )


_BINDING: Final = (DocumentType.LAW, DocumentType.OFFICIAL)
_IMPERSONAL: Final = (*_BINDING, DocumentType.PLAN, DocumentType.BULLETIN)
"""Their files' author property names whoever typed them."""


def stem_of(name: str) -> str:
    """A file's name as a title of last resort: no ending, ordinal or date."""
    stem = re.split(r"[/\\]", name)[-1]
    stem = PurePath(stem).stem if PurePath(stem).suffix else stem
    return _ORDINAL.sub("", _FILE_DATE.sub("", stem)).strip() or stem or name


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


def language_of(lines: Sequence[str]) -> str | None:
    """``zh``, ``ja`` or ``en`` by the share of scripts; None when there is too little."""
    sample = "".join(lines)[:20_000]
    han = len(re.findall(f"[{HAN}]", sample))
    kana = len(re.findall("[\u3040-\u30fa]", sample))
    latin = len(re.findall(r"[A-Za-z]+", sample))
    if han + kana + latin < 4:
        return None
    if kana * 10 > han + kana:
        return "ja"
    if han * 2 >= latin:
        return "zh"
    return "en" if re.search(r"(?i)\b(?:the|of|and|to|is)\b", sample) else None


def _title(head: Sequence[str], stem: str, given: str | None, *, web: bool) -> str:
    if web and given and len(given) >= _SHORTEST_WEB_TITLE:
        return given
    wanted = fold(stem)
    best, best_score = "", _title_score(stem, "")
    in_body = False
    for start, line in enumerate(head[:15]):
        joined = ""
        for end in range(start, min(start + 4, len(head))):
            if not _may_be_title(head[end]):
                break
            joined += tidy(head[end])
            named = _named(fold(joined), wanted)
            # Below a signature or a first sentence stand annexes: only the file name vouches.
            score = _title_score(joined, wanted) if named or not in_body else 0
            score += start == 0 < score
            if score > best_score or (score == best_score and not best and not in_body):
                best, best_score = joined, score
        in_body = in_body or is_date_line(line) or "。" in line
    if best and best_score:
        return tidy(best)
    if best_score or given:
        return stem if best_score or not given else given
    first = head[0] if head else ""
    plain = 4 <= len(tidy(first)) <= 60 and _may_be_title(first) and structure_of(first) is None
    return tidy(first) if plain and len(first.split()) < 3 and "，" not in first else stem


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
        or _NUMBER.fullmatch(line)
        or _ORDER.search(line)
        or structure_of(line)
        or _letterhead(line)
    )


def _letterhead(line: str) -> str:
    """The organ of a red letterhead such as 某市人民政府文件; empty for any other line."""
    organ = re.sub(r"\s+", "", line).removesuffix("文件")
    return organ if line.endswith("文件") and _ORGAN.search(organ) else ""


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


def _title_score(joined: str, wanted: str) -> int:
    """How well joined lines look like the title; 0 when they do not."""
    named = _named(fold(joined), wanted)
    about = "关于" in joined or "印发" in joined
    if not _TITLE_END.search(joined) or not 4 <= len(joined) <= 120:
        return 5 if named == 8 else 0
    if joined.endswith("令") and not about:
        return 0
    return 2 + named + 3 * about


def _number(head: Sequence[str]) -> str | None:
    for line in head:
        if labelled := _LABELLED_NUMBER.search(line):
            if match := _NUMBER.match(labelled.group(1)):
                return _written_number(match)
        elif (match := _NUMBER.fullmatch(line.strip("（）() "))) is not None:
            return _written_number(match)
        elif _ORDER_PLAIN.match(line) and "《" not in line:
            return re.sub(r"\s+", "", line)
    return _order_over_two_lines(head)


def _order_over_two_lines(head: Sequence[str]) -> str | None:
    """中华人民共和国商务部令 / 2018年第2号."""
    for above, below in pairwise(head[:7]):
        if above.endswith(("令", "公告")) and re.fullmatch(
            r"[（(]?\s*(?:\d{4}\s*年\s*)?第\s*\d{1,5}\s*号\s*[）)]?", below
        ):
            return re.sub(r"\s+", "", above + below)
    return None


def _number_in_title(title: str) -> str | None:
    """海关总署公告2016年第8号（关于…的公告）."""
    match = re.match(
        rf"[{HAN}]{{2,20}}(?:公告|令)\s*[（(]?\d{{4}}\s*年\s*第\s*\d{{1,5}}\s*号", title
    )
    return re.sub(r"[\s（(]", "", match.group()) if match else None


def _written_number(match: re.Match[str]) -> str:
    return f"{match.group(1)}〔{match.group(2)}〕{int(match.group(3))}号"


def _type(
    title: str, number: str | None, lines: Sequence[str], *, web: bool
) -> DocumentType | None:
    for pattern, kind in _TYPES:
        if pattern.search(title):
            return kind
    structures = [structure_of(line) for line in lines[:400]]
    articles = sum(structure is not None and structure.is_article for structure in structures)
    if _OFFICIAL_TITLE.search(title) and ("关于" in title or "印发" in title or number):
        return DocumentType.OFFICIAL
    if _LAW_TITLE.search(title) and (articles >= 3 or len(title) <= 30):
        return DocumentType.LAW
    if number:
        return DocumentType.OFFICIAL
    if articles >= 5 and articles * 4 >= min(len(lines), 400):
        return DocumentType.LAW
    return DocumentType.WEB_PAGE if web else None


def _signature(lines: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """The organs above the first date line, and that date."""
    kept = [line.strip() for line in lines if line.strip()]
    for position, line in enumerate(kept):
        if position and is_date_line(line):
            signers: list[str] = []
            for above in reversed(kept[max(0, position - 6) : position]):
                organ = re.sub(r"\s+", "", above)
                if len(organ) > 30 or not _ORGAN.search(organ):
                    break
                signers.insert(0, organ)
            return tuple(signers), dates_in(line)[0]
    return (), None


def _issuer(
    title: str, head: Sequence[str], signers: Sequence[str], *, kind: DocumentType | None
) -> str | None:
    if kind is DocumentType.LAW:
        adopted = (match for line in head[:8] if (match := _CONGRESS.search(line)))
        if match := next(adopted, None):
            region = re.sub(r"^.*[日过正订]", "", match.group(1))
            return region + match.group(2)
    signed = "、".join(signers)
    before = _issuer_in_title(title)
    # 省政府办公厅 in a title says less than 江苏省人民政府办公厅 under it.
    abbreviated = re.match(r"(?:省|市|区|县|自治区|本)", before)
    if before and not (signers and (abbreviated or "".join(signers) == before)):
        return re.sub(r"\s+", "、", before)
    if signed:
        return signed
    order = next((line for line in head if _ORDER_PLAIN.match(line) or line.endswith("令")), "")
    if (organ := re.match(rf"([{HAN}]{{2,20}}?)令", order)) and _ORGAN.search(organ.group(1)):
        return organ.group(1)
    labelled = next((match for line in head if (match := _LABELLED_ISSUER.search(line))), None)
    if labelled:
        return labelled.group(1)
    return next(filter(None, map(_letterhead, head)), None)


def _issuer_in_title(title: str) -> str:
    """What stands before 关于 or 印发, if that is an organ."""
    bare = title.removeprefix("《") if title.startswith("《") else title.split("《", 1)[0]
    before = re.split(r"关于|印发|转发", bare, maxsplit=1)[0].strip(" ，")
    before = re.sub(r"^[\[（(【].{1,6}[\]）)】]", "", before)
    return before if before != title and before and _ORGAN.search(before.split(" ")[-1]) else ""


def _issued(
    head: Sequence[str],
    signed_on: str | None,
    name: str,
    hints: Hints,
    *,
    kind: DocumentType | None,
) -> str | None:
    top = "\n".join(head)
    in_name = dates_in(name, compact=True)
    in_name = [day for day in in_name if len(day) == len("2021-05-30")]
    if kind is DocumentType.LAW:
        adopted = [day for line in head[:12] if _ADOPTED.search(line) for day in dates_in(line)]
        full = [day for day in adopted if len(day) == len("2021-05-30")]
        if in_name or full:
            return in_name[-1] if in_name else _signature(head)[1] or max(full)
    if (match := _LABELLED_DATE.search(top)) and (found := dates_in(match.group(1))):
        return found[0]
    if signed_on or in_name:
        return signed_on or in_name[-1]
    if hints.issued_on:
        return hints.issued_on
    if (match := _PUBLISHED.search(top)) and (found := dates_in(match.group(1))):
        return found[0]
    return None


def _effective(lines: Sequence[str], issued: str | None) -> str | None:
    """The day from which it is in force: 自2018年1月1日起施行; the last such sentence counts.

    None for an amended law (修正): its text keeps the day of its first version.
    """
    if any("修正" in line and dates_in(line) for line in lines[:12]):
        return None
    own = [*lines[:_HEAD], *lines[-40:]]
    result = None
    for line in own:
        for match in _IN_FORCE.finditer(line):
            found = dates_in(match.group(1))
            if found:
                result = found[-1]
            elif re.search(r"公布|发布|印发|颁布|下发", match.group(1)) and "后" not in match.group(
                1
            ):
                result = issued
    return result
