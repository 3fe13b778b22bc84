"""Who issued a document, where it first stood, and who wrote it."""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.model import DocumentType, Origin
from knowledge.readers.enactment import Act
from knowledge.readers.findings import Found, Material, Printed
from knowledge.readers.organs import ORGAN, Signature, common_name, congress_in, letterhead
from knowledge.text import HAN

_PROVINCES: Final = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|"
    "贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆"
)
_ABBREVIATED: Final = re.compile(r"(?:省|市|区|县|自治区|本)")
_LABELLED: Final = re.compile(r"(?:发布机构|发文机关|发文单位|制发机关|发布单位)\s*[：:]\s*(\S+)")
_SOURCE: Final = re.compile(
    r"(?:信息来源|文章来源|稿件来源|来源于|来源)\s*[：:]\s*([^\s：:|，。]{2,25})(?=$|[\s|])"
)
_AGENCY: Final = re.compile(rf"[（(]?(新华社|中新社|中新网|人民网|央视网)[{HAN}]{{0,10}}\s*\d")
_ORDER: Final = re.compile(rf"([{HAN}]{{2,20}}?)令")
_MEETING: Final = re.compile(rf"([{HAN}]{{2,20}}?)第\s*[^\s次]{{1,8}}\s*次\s*[{HAN}]{{0,4}}会议")
_REPORT: Final = re.compile(rf"(?:\d{{4}}年)?([{HAN}]{{2,30}}?)(?:政府)?工作报告")
_ON_BEHALF: Final = re.compile(rf"我(?:谨|受)?代表([{HAN}]{{2,20}}?)(?=[，,向作])")
_PAPER: Final = re.compile(
    rf"《\s*([{HAN}]{{2,12}}(?:报|日报|晚报|周刊|杂志|学报))\s*》\s*[（(]?\s*"
    r"(?=(?:19|20)\d\d\s*[年.\-/])"
)
_REPORTERS: Final = re.compile(
    rf"(?:[（(](?:本报|本刊|通讯员)?记者|(?<=\s)记者[\s：:]|(?:作者|撰稿人?)\s*[：:])\s*"
    rf"([{HAN}]{{2,4}}(?:[、，][{HAN}]{{2,4}})*)(?=$|[\s）)|])"
)


def find_issuer(
    material: Material,
    title: Found,
    signature: Signature | None,
    *,
    acts: Sequence[Act],
    kind: DocumentType | None,
) -> Found | None:
    """Who answers for the document: a congress, the organ in title or signature, a label."""
    found = _of_law(acts) if kind is DocumentType.LAW else None
    found = found or _of_work(material, title, signature) or _of_meeting(acts)
    if found is None and kind not in {DocumentType.LAW, DocumentType.OFFICIAL}:
        found = _of_report(material, title) or _source(material)
    if found is None and material.hints.issuer:
        found = Found(material.hints.issuer, material.hints.issuer, Origin.PROPERTIES)
    if found is None:
        return None
    return Found(common_name(found.value), found.words, found.origin, found.page)


def find_paper(material: Material) -> Found | None:
    """The newspaper or journal that a text names as its place: 《人民日报》（2019年11月05日）."""
    for line in (*material.tail, *material.head):
        if match := _PAPER.search(line.text):
            return line.gives(match.group(1), line.text[match.start() : match.end() + 16])
    return None


def find_authors(material: Material) -> Found | None:
    """Reporters and authors that are named as such, joined by ``、``."""
    for line in material.edges:
        if match := _REPORTERS.search(line.text):
            return line.gives(match.group(1).replace("，", "、"), match.group())
    return None


def _of_law(acts: Sequence[Act]) -> Found | None:
    for act in acts:
        if body := congress_in(act.words):
            return act.line.gives(body, act.words)
    for act in reversed(acts):
        if act.order is not None:
            return act.line.gives(act.order[0], act.words)
    return None


def _of_meeting(acts: Sequence[Act]) -> Found | None:
    """国务院第66次常务会议通过: the body whose meeting it was."""
    for act in acts:
        match = _MEETING.search(re.sub(r"^.*[日\s由]", "", act.words))
        if match and ORGAN.search(match.group(1)):
            return act.line.gives(match.group(1), act.words)
    return None


def _of_work(material: Material, title: Found, signature: Signature | None) -> Found | None:
    signed = _signed(signature)
    before = _in_title(title.value)
    if before:
        # 省政府办公厅 in a title says less than 江苏省人民政府办公厅 under it.
        abbreviated = bool(_ABBREVIATED.match(before))
        if signed and (abbreviated or signed.value.replace("、", "") == before):
            return signed
        found = Found(re.sub(r"\s+", "、", before), title.words, title.origin, title.page)
        return (_in_full(material, before) if abbreviated else None) or found
    return signed or next(filter(None, map(_named_above, material.head)), None)


def _named_above(line: Printed) -> Found | None:
    """The organ of an order, of a label such as 发布机构：, or of a letterhead."""
    is_order = line.text.endswith("令") or re.search(r"令\s*[（(]?第\s*\d+\s*号", line.text)
    organ = _ORDER.match(line.text) if is_order and "《" not in line.text else None
    if organ and ORGAN.search(organ.group(1)):
        return line.gives(organ.group(1))
    if labelled := _LABELLED.search(line.text):
        return line.gives(labelled.group(1), labelled.group())
    above = letterhead(line.text)
    return line.gives(above) if above else None


def _signed(signature: Signature | None) -> Found | None:
    if signature is None or not signature.signers:
        return None
    names = [line.text for line in signature.signers]
    return Found("、".join(names), "\n".join(names), page=signature.signers[0].page)


def _in_title(title: str) -> str:
    """What stands before 关于 or 印发, if that is an organ."""
    bare = title.removeprefix("《") if title.startswith("《") else title.split("《", 1)[0]
    before = re.split(r"关于|印发|转发", bare, maxsplit=1)[0].strip(" ，")
    before = re.sub(r"^[\[（(【].{1,6}[\]）)】]", "", before)
    return before if before != title and before and ORGAN.search(before.split(" ")[-1]) else ""


def _in_full(material: Material, short: str) -> Found | None:
    """天津市水务局 in the text for 市水务局 in the title."""
    named = re.compile(rf"(?:{_PROVINCES})(?:回族|壮族|维吾尔)?{re.escape(short)}")
    for line in material.lines:
        if match := named.search(line.text):
            return line.gives(match.group(), match.group())
    return None


def _of_report(material: Material, title: Found) -> Found | None:
    """A report on the work of a government: the organ in its title, or on whose behalf it is."""
    if not title.value.endswith("工作报告"):
        return None
    if (match := _REPORT.fullmatch(title.value)) and ORGAN.search(match.group(1)):
        return Found(match.group(1), title.words, title.origin, title.page)
    for line in material.head:
        if behalf := _ON_BEHALF.search(line.text):
            return line.gives(behalf.group(1), behalf.group())
    return None


def _source(material: Material) -> Found | None:
    for line in material.edges:
        if match := _SOURCE.search(line.text):
            return line.gives(match.group(1), match.group())
    for text in material.hints.around:
        if match := _SOURCE.search(text):
            return Found(match.group(1), match.group(), Origin.PROPERTIES)
    for line in material.head:
        if match := _AGENCY.match(line.text):
            return line.gives(match.group(1), match.group())
    return None
