"""Queries that look up a name – a title, an article of a law, a document number – and ask nothing.

Who looks up a name wants that and nothing near it: a collection that does not hold it has to say
so, however near its other texts are.
"""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from knowledge.model import Result
from knowledge.protocols import LexicalEntry
from knowledge.text import fold
from knowledge.tokens import names_in, names_of


class Standing(StrEnum):
    """What a collection has of a name."""

    HELD = "held"
    MENTIONED = "mentioned"
    """Other documents speak of it."""
    ABSENT = "absent"


_BEHIND: Final = (
    r"的?(?:内容|规定|全文|原文|条文|是什么|说什么|讲什么|(?:怎么|如何)(?:规定|说|写)的?)?"
    r"[吗呢？?。\s]*"
)
_QUOTED: Final = re.compile(rf"\s*(?P<name>《[^《》]+》){_BEHIND}")
_NUMBERED: Final = re.compile(
    r"\s*(?P<name>[^。？！?!;；，,]{1,60}?(?:[号號]|第[^条條]{1,9}[条條]|\d[条條])"
    rf"(?:之[一二三四五六七八九十\d]+)?)(?:第[一二三四五六七八九十\d]+[款项項])*{_BEHIND}"
)
# Only endings that titles have: 借阅办法, 停车规划 and 问卷调查法 are subjects.
_LAWS: Final = (
    "保护|促进|管理|教育|合同|公司|企业|诉讼|处罚|许可|复议|赔偿|监督|监察|组织|采购|投标|保障|保险|防治|安全"
    "|图书馆|服务|银行|证券|选举|继承|物权|责任|专利|商标|著作权|破产|劳动|规划|档案|统计|审计|会计|预算|价格|广告"
    "|仲裁|调解|公务员|医师|律师|教师|消防|交通|旅游|体育|征收|所得税"
)
# Before 关于: 老年人关于送书上门的意见 is what people think, no decree.
_ORGANS: Final = "政府|办公室|厅|局|委|部|院|委员会|常委会|代表大会|人大|中央"
_TITLED: Final = re.compile(
    r"\s*(?P<name>(?:中华人民共和国[^\W\d]{1,30}法"
    rf"|[^\s。？！?!;；，,、的]{{0,14}}(?:{_LAWS})法"
    r"|[^\s。？！?!;；，,、的]{2,40}(?:条例|(?:实施|工作)细则|统计公报|发展规划|规划纲要"
    r"|(?:管理|实施|暂行)(?:办法|规定))"
    r"|[^\s。？！?!;；，,、的]{1,40}法典"
    rf"|(?:[^。？！?!;；，,]{{0,30}}(?:{_ORGANS}))?关于[^。？！?!;；，,]{{2,60}}的?(?:通知|意见|决定|批复|通告|公告|函)))"
    r"(?:[(（\[]?(?:试行|暂行|修订)[)）\]]?)?\s*"
)
_SUBJECT: Final = re.compile("什么|怎么|怎样|如何|哪些|多少|为何|是否|有没有|[吗呢谁哪]")
_ARTICLE: Final = re.compile(r"(?:第[^第条條]{1,9}|\d+)[条條](?:之[一二三四五六七八九十\d]+)?$")
_PIECE: Final = re.compile(r"\d+|\D")
_ENDING: Final = 2
"""Characters at the end of a title that tell what it is: 条例, 办法, and 馆法 of 图书馆法."""


def looked_up(query: str) -> str | None:
    """The name that a query is a look-up of – 《…》, 某法第三条, a 文号, 某某条例 –, as typed.

    None for a query that asks, or that is a mere subject.
    """
    if match := _QUOTED.fullmatch(query):
        return match.group("name")
    if match := _NUMBERED.fullmatch(query):
        name = match.group("name").strip()
        if any("#" in each for names in names_in(name) for each in names):
            return name
    # Titles are told by their endings, which are written in simplified characters here.
    folded = fold(query)
    if _TITLED.fullmatch(folded) and not _SUBJECT.search(folded):
        return query.strip()
    return None


def standing(results: Iterable[Result], names: Collection[str]) -> Standing:
    """What becomes of a name that was looked up, in any of its forms, among what was found."""
    found = list(results)
    if any(_carries(result, name) for result in found for name in names):
        return Standing.HELD
    spoken = {_letters(name) for name in names}
    texts = (_letters(result.passage.text) for result in found)
    if any(name in text for text in texts for name in spoken):
        return Standing.MENTIONED
    return Standing.ABSENT


def _carries(result: Result, name: str) -> bool:
    """Whether a result is what a name means, though its own name may be a fuller one."""
    if result.parts.get("exact", 0) > 0:
        return True
    asked = [names[0] for names in names_in(name) if "#" in names[0]]
    if not asked:
        return _is_called(name, result.document.title)
    own = [each for each in _names(result, result.document.metadata.number) if "#" in each]
    if any(each.endswith(whole) or whole.endswith(each) for each in own for whole in asked):
        return True
    law = _ARTICLE.sub("", name)
    if law == name or not _is_called(law, result.document.title):
        return False
    articles = {each.rpartition("#")[2] for each in _names(result, None) if "#" in each}
    return any(whole.rpartition("#")[2] in articles for whole in asked)


def _names(result: Result, number: str | None) -> list[str]:
    passage, document = result.passage, result.document
    return names_of(
        LexicalEntry(passage.id, document.id, document.title, passage.heading, passage.text, number)
    )


def _is_called(name: str, title: str) -> bool:
    """Whether a name is a title, or what is left of one: 养老条例 of 养老服务条例.

    Between 《 and 》 stand titles as they are: only a stretch of it may be missing.
    """
    asked, whole = _letters(name), _letters(title)
    if asked in whole:
        return True
    if "《" in name:
        cuts = range(_ENDING, len(asked) - _ENDING + 1)
        return any(whole.startswith(asked[:at]) and whole.endswith(asked[at:]) for at in cuts)
    ending = whole.rfind(asked[-_ENDING:])
    return ending > 0 and len(asked) > _ENDING and _is_within(asked[:-_ENDING], whole[:ending])


def _is_within(asked: str, title: str) -> bool:
    """Whether the characters and numbers asked for stand in a title in their order."""
    rest = iter(_PIECE.findall(title))
    return all(piece in rest for piece in _PIECE.findall(asked))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", fold(text))
