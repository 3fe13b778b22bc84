"""Statements that may not be parted from the one before them: its limits, and what points back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from briefs.model import StatementKind
from knowledge.text import fold


class Bond(StrEnum):
    """How a statement hangs on the one before it."""

    LIMIT = "limit"
    """但, 前提, 不含, 仅, 未, 若, 其中, 除…外, 上述, 该: neither may stand without the other."""
    BACK = "back"
    """据此, 两者, 这些: it may not stand without the other, which may stand without it."""


class Told(Protocol):
    """A statement or a line, as far as this room looks at it."""

    @property
    def kind(self) -> StatementKind:
        """What it is."""

    @property
    def text(self) -> str:
        """Its words."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two statements that belong together, by their places, counted from 0."""

    first: int
    """What is said."""
    second: int
    """What limits it, or points back to it."""
    bond: Bond
    word: str
    """By which the second is known, folded: ``但``."""


_LIMIT: Final = re.compile(
    r"(?:但(?!丁|愿|凡|书)|然而|不过(?![分度问夜])|只是|可是|却(?!步)|尽管如此|即便如此|虽然如此|"
    r"诚然|固然|当然|实际上|事实上|其实(?![行施])|[唯惟](?![一独有物心恐利美])|"
    r"反之|相反|与(?:此|之)(?:相反|不同)|反观|另一方面|"
    r"(?:其|其中的)?(?:前提(?:条件)?|条件)(?:是|为|[:：])|例外的?(?:是|情况)|"
    r"除非|倘若|倘|假[如若使]|如果|如(?=[^，,。；;]{1,30}?则)|要是|若(?!干|[虚羌])|"
    r"在(?![这此那该])[^，,。；;]{1,40}?(?:前提|(?<!历史)条件|情形)之?下|"
    r"注(?:\d{1,2}|[一二三四五六七八九十])?[:：]|备注|说明[:：]|(?:统计|数据|计算)?口径|"
    r"(?:需要?|应当?|值得|必须|须)(?:注意|说明|指出|强调|警惕)的?是?|"
    r"其中|除(?!夕)[^，,。；;]{1,40}?(?:之外|以外|外)|上述|前述|以上|上表|上图|该(?!不该))"
    r"|(?:however|but|yet|nevertheless|nonetheless|provided|except|unless|only|if|assuming|"
    r"excluding|not including|notes?:|of (?:these|which|them)|among (?:these|them)|"
    r"the (?:above|said|former|latter)|that said|on the other hand|by contrast|in contrast|"
    r"conversely|even so|subject to|with the exception|admittedly|of course|in (?:fact|reality)|"
    r"(?:this|these|that|those|such|it|they) (?:\w+ )?(?:exclude|only|(?:do|does|did|is|are|was|"
    r"were|has|have|had) (?:not|only)|(?:apply|applies|holds?) only))s?(?![a-z])"
)
_NEAR: Final = 5
"""Characters at the head of a statement in which a word for a limit is taken for one."""
_LIMIT_NEAR: Final = re.compile(
    r"不[含计](?!糊|较|其|代)|不包[括含]|(?<![不绝仅])仅(?!次于)|未(?![来央婚]|成年|必)|(?<![倘假])若(?!干|[虚羌])|"
    r"除非|前提(?!升)|(?<![关备贯专倾])注(?![重册入资明目视定水射疏意销塑])|"
    r"(?<!不)只(?:含|限|统计|包括|包含|计入|适用|针对|涉及|代表|反映|是|有(?![^。；;]{0,60}才|效))|并非|剔除|扣除"
)
_DOUBT: Final = re.compile(
    r"存疑|未经(?:审计|审核|核实|核准|证实|核对)|仅供参考|不具?有?可比|不能类推|"
    r"(?:有待|尚待|尚需|仍需)(?:进一步)?(?:核实|验证|考证|证实|核对)|口径(?:不[同一]|有别|有变|已变|调整)"
)
"""What speaks of a figure's worth, wherever in a statement: of whatever was said before it."""
_BACK: Final = re.compile(
    r"(?:据此|由此|为此|对此|因此|因而|如此(?!类)|可见|综上|在[这此那该]|前者|后者|[两二三]者|这(?![儿边])|那(?:么|些|时)|此(?:[项类举种]|外的)|"
    r"其(?![中他它实次余]|[一二三四五]|前提|条件)|同期|同时期)"
    r"|(?:this|these|that|those|such|both|therefore|thus|hence|it|they)(?![a-z])"
)
_QUALIFIED: Final = re.compile(
    r"不(?![仅但断久少同管论妨止单光]|得不|动产|锈|含糊)|未(?![来央婚]|成年|必)|没有?|无(?![论线偿锡障疑愧]|人机|数)|"
    r"非(?![常洲遗物营公]|但)|否则|是否|若(?!干)|如果|如需|倘|假如|除非|一旦|只[有要](?!效)|的话|[须应]经|"
    r"前提|为条件|为限|限于|视[^，,。；;]{1,12}?而定|取决于|相反|(?<![原规准法细守总附通])则|(?<!不)仅|存疑|有待|尚待"
    r"|\b(?:not|no|none|never|nor|without|cannot|if|unless|only|except|provided|depends?|"
    r"subject to|until|whether)(?![a-z])|n[’']t(?![a-z])"
)
"""A negation or a condition, wherever in a statement."""
_OPENING: Final = re.compile(
    r"[\s\"'“”‘’「『《〈（(\[【〔—–\-·*•]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．](?!\d)\s*)?[\s\"“‘「『]*"
)


def tied(lines: Sequence[Told]) -> tuple[Tie, ...]:
    """The pairs that may not be parted, in order.

    A statement is tied to the sentence before it under the same heading when it begins with a word
    that limits what was said or points back to it, has a word for a limit among its first five
    characters (不含, 仅, 未, 若, 除非, 前提, 注), or doubts a figure (存疑, 未经审计): whatever the
    width, case or variant of its characters. Tables and figures are passed over where there is a
    sentence before them, and are never tied to what stands before.
    """
    found = ((first, second, bond_of(lines[second].text)) for first, second in _neighbours(lines))
    return tuple(Tie(first, second, *bond) for first, second, bond in found if bond is not None)


def qualified(lines: Sequence[Told]) -> Iterator[tuple[int, int, str]]:
    """The neighbours, as `tied` takes them, whose second has a negation or a condition; in order.

    Yields:
        Both places, counted from 0, and the word, folded.
    """
    for first, second in _neighbours(lines):
        if found := _QUALIFIED.search(fold(lines[second].text)):
            yield first, second, found.group()


def _neighbours(lines: Sequence[Told]) -> Iterator[tuple[int, int]]:
    """Each sentence with the one before it under the same heading, else with a table or figure."""
    sentence: int | None = None
    shown: int | None = None
    for place, line in enumerate(lines):
        if line.kind is StatementKind.HEADING:
            sentence = shown = None
            continue
        if line.kind in {StatementKind.TABLE, StatementKind.FIGURE}:
            shown = place
            continue
        first = shown if sentence is None else sentence
        if first is not None:
            yield first, place
        sentence = place


def bond_of(text: str) -> tuple[Bond, str] | None:
    """How a text hangs on what stands before it, and its word for that; None where it does not."""
    folded = fold(text)
    start = _OPENING.match(folded)
    at = start.end() if start else 0
    if found := _LIMIT.match(folded, at) or _near(folded, at) or _DOUBT.search(folded, at):
        return Bond.LIMIT, found.group()
    found = _BACK.match(folded, at)
    return (Bond.BACK, found.group()) if found else None


def _near(folded: str, at: int) -> re.Match[str] | None:
    """A word for a limit that begins among the first characters from a place on."""
    found = _LIMIT_NEAR.search(folded, at)
    return found if found is not None and found.start() < at + _NEAR else None
