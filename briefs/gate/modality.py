"""What may, must or must not be done: the mood of a deed, in a statement and in its evidence.

可以出售 is not 不得出售, however far the prohibition stands from the words it speaks of. A deed is
known by the word behind the modal word or the negation; it is compared with that same word
wherever the evidence has it, first where the clause and the sentence around it are most alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from briefs.gate.clauses import PAUSE, STOP, within
from briefs.gate.findings import Case, Found
from briefs.gate.model import FaultType, Reason
from briefs.gate.reading import Text, read, stands
from briefs.gate.words import Family


class Mood(Enum):
    """How a text speaks of a deed."""

    SAID = 0
    MAY = 1
    MUST = 2
    MUST_NOT = 3
    DENIED = 4
    """未, 没有, 免于: it is not done, or was not."""
    NEED_NOT = 5


@dataclass(frozen=True, slots=True)
class Modal:
    """A word that gives what follows a mood."""

    start: int
    end: int
    mood: Mood


@dataclass(frozen=True, slots=True)
class Deed:
    """One place where a text speaks of a deed."""

    witness: int
    start: int
    end: int
    mood: Mood
    modal: Modal | None
    is_sure: bool
    """Whether nothing but an adverb or a list stands between it and its modal word."""
    is_near: bool
    """Or nothing but whom or what it is done to, with or by: 不得向未成年人出售."""

    @property
    def span(self) -> tuple[int, int]:
        """From its modal word on."""
        return (self.start if self.modal is None else self.modal.start), self.end


_NEGATIVE: Final = {Mood.MUST_NOT, Mood.DENIED, Mood.NEED_NOT}
_BOUNDS: Final = "超|高于|多于|大于|迟于|晚于|逾|少于|低于|小于|短于|早于"
_MODAL: Final = re.compile(
    rf"(?P<MUST_NOT>不得(?!不|已|{_BOUNDS})|严禁|禁止|不(?:允许|准许|应当|应该|可以)|"
    rf"不(?:应|准|许|能|宜)(?!不|{_BOUNDS})|不可(?!避免|或缺|抗|逆|分割|持续|能)|切勿|无权|不予|"
    r"\b(?:shall|must|may|can|should) not\b|\bcannot\b|\b(?:can't|mustn't|shouldn't)(?![a-z])|"
    r"\b(?:prohibited|forbidden) (?:from|to)\b)|"
    r"(?P<NEED_NOT>不必|无需|无须|不需要?|不用|不须|\b(?:need not|not required to)\b)|"
    r"(?P<DENIED>免于|免予|拒绝|拒不)|"
    r"(?P<MAY>(?<!所)可以|(?:允许|准许)(?![,。;的]|$)|有权|(?<![许认尚均])可(?=[向凭持按由自]|依法|免费|通过|申请)|"
    r"\b(?:may|(?:is|are) (?:allowed|permitted) to)\b)|"
    r"(?P<MUST>应当|应该|必须|务必|有义务|(?<![必无])须(?=[向经由在按持于])|"
    r"(?<![相对适反响供效回理])应(?=[向按由在于将及予]|依法|及时|立即|主动|妥善)|"
    r"\b(?:must|shall|should|(?:is|are) required to|ha(?:s|ve) to)\b)"
)
_LIGHT: Final = (
    r"(?:在[^,、。;]{1,8}?[上中内里]|依法|擅自|任意|随意|非法|违法|违规|自行|直接|再|又|也|还|都|均|再次|"
    r"免费|及时|一律|将|把|对|"
    r"予以|进行|给予|从事|任何(?:单位|组织|机构|个人|人|部门)(?:和|或者|或|、)?(?:个人|单位)?|"
    r"以任何(?:方式|形式|理由|名义|借口)|无故|无偿|有偿|变相|公开|私自|继续|以|"
    r" |be |also |only |[a-z]+ly )"
)
_ADVERBS: Final = re.compile(f"(?:{_LIGHT}|按照|依照|根据|[与向从由在为])*")
_LIGHTLY: Final = re.compile(f"{_LIGHT}*")
_PHRASE: Final = re.compile(
    r"(?:按照|依照|根据|依据|通过|凭|向|在|由|对|将|把|与|为|从|以)[^,。;]{0,14}"
)
_AND: Final = re.compile(r"、|或者|以及|或|和|及|并| and | or ")
_ITEM: Final = 12
"""Characters of one item of a list of deeds."""
_GRANTED: Final = re.compile("准许|允许")
_VERB: Final = re.compile(r"[\u4e00-\u9fff]{2}|[a-z]{3,}")
_STEM: Final = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$")
_WORD: Final = re.compile(r"[a-z]{3,}")
_WORDS_OF_MOOD: Final = frozenset(
    ["shall", "must", "may", "can", "should", "not", "cannot", "the", "and", "for", "are", "is"]
)
_ANSWERED: Final = re.compile(
    r"违|罚|责令|防止|杜绝|避免|制止|打击|取消|停止|除外|例外|处分|追究|投诉|举报|是否|能否|可否|"
    r"illegal|unlawful|violat|fine[ds]|prevent|except|unless|whether"
)
"""What says of a deed that it should not be, without denying it."""
_EXCEPTED: Final = re.compile(
    r"除外|例外|另有|未经|除非|没有经过|非经|仅限|除.{1,20}外|但|unless|except|without"
)
_ALLOWED: Final = re.compile(
    r"另有|经|同意|批准|许可|授权|情形|情况|例外|的,|时,|后,|if |with |when "
)
_SURE: Final = 0.6
_LIKELY: Final = 0.45
_MARGIN: Final = 0.3
_FEW: Final = 4
_MOST: Final = 80
"""Modal words of one text beyond which it is no sentence or paragraph to be compared so."""


def check_modality(case: Case) -> None:
    """Check that no deed is permitted that the evidence forbids, and the reverse.

    What is turned round is a fault; 可以 for 应当 is left to a person.
    """
    for seed in sorted(_seeds(case)):
        for own in _deeds(case.text, seed, -1):
            if not _is_told(case, own):
                _compare(case, own, seed)


def _seeds(case: Case) -> set[str]:
    """The words whose mood is compared: those that either side gives one."""
    kept: set[str] = set()
    for text in (case.text, *case.texts):
        known = _modals(text.raw)
        if len(known) > _MOST:
            continue
        for modal in known:
            if text is case.text or modal.mood in _NEGATIVE:
                kept.update(seed for seed in _behind(text, modal) if seed in case.text.words)
    return kept


@lru_cache(maxsize=512)
def _modals(raw: str) -> tuple[Modal, ...]:
    """All of a text, in order; negations of the lexicon count as denials."""
    text = read(raw)
    found = [
        Modal(*match.span(), Mood[match.lastgroup or ""])
        for match in _MODAL.finditer(text.words)
        if text.classes[match.start()] not in "nd"
    ]
    taken = {at for modal in found for at in range(modal.start, modal.end)}
    found += [
        Modal(word.start, word.end, Mood.DENIED)
        for word in text.closed
        if word.family is Family.NEGATION and taken.isdisjoint(range(word.start, word.end))
    ]
    return tuple(sorted(found, key=lambda modal: modal.start))


def _behind(text: Text, modal: Modal) -> Iterator[str]:
    """The word behind a modal word, and the words listed with it."""
    pause = PAUSE.search(text.words, modal.end)
    end = pause.start() if pause else len(text.words)
    starts = [modal.end, *(m.end() for m in _AND.finditer(text.words, modal.end, end))]
    for start in starts[:6]:
        light = _ADVERBS.match(text.words, start, end)
        at = light.end() if light else start
        while at < end and text.classes[at] == "x" and not _GRANTED.match(text.words, at):
            at += 1
        match = _VERB.match(text.words, at, end)
        if match and (text.classes[at] == "c" or _GRANTED.match(text.words, at)):
            yield _STEM.sub("", match.group())


def _deeds(text: Text, seed: str, witness: int) -> Iterator[Deed]:
    """Where a text has the word with a mood that can be told."""
    pattern = re.compile(rf"\b{seed}[a-z]{{0,3}}\b") if seed.isascii() else re.compile(seed)
    for match in pattern.finditer(text.words):
        if deed := _deed(text, match.span(), witness):
            yield deed


def _deed(text: Text, span: tuple[int, int], witness: int) -> Deed | None:
    first, last = within(PAUSE, text, span[0])
    known = [m for m in _modals(text.raw) if first <= m.start and m.end <= last]
    before = [m for m in known if m.end <= span[0]]
    if not before:
        if any(m.mood in _NEGATIVE for m in known):
            return None
        if text.words[span[1] : span[1] + 1] == "的":
            return None
        return Deed(witness, *span, Mood.SAID, None, is_sure=True, is_near=True)
    modal = before[-1]
    earlier = before[-2] if len(before) > 1 else None
    if earlier and modal.mood in _NEGATIVE and _is_doubled(earlier, modal):
        return None
    gap = text.words[modal.end : span[0]]
    if text.words[span[1] : span[1] + 1] == "的":
        return Deed(witness, *span, modal.mood, modal, is_sure=False, is_near=False)
    is_sure = _is_light(gap)
    is_near = is_sure or bool(_PHRASE.fullmatch(gap))
    return Deed(witness, *span, modal.mood, modal, is_sure, is_near)


def _is_light(gap: str) -> bool:
    """Whether nothing but adverbs and other items of one list stand there."""
    *items, last = _AND.split(gap)
    return all(len(each) <= _ITEM for each in (*items, last)) and bool(_LIGHTLY.fullmatch(last))


def _is_doubled(earlier: Modal, modal: Modal) -> bool:
    """不得拒绝 and 并未禁止: what is denied twice is not denied."""
    if earlier.mood not in _NEGATIVE:
        return False
    return modal.mood is Mood.DENIED or earlier.end == modal.start


def _is_told(case: Case, own: Deed) -> bool:
    """Whether nothing is left to compare: the evidence's own clause, or a fault already there."""
    start, end = within(PAUSE, case.text, own.start)
    if any(stands(case.text.words[start:end], text) for text in case.texts):
        return True
    first, last = case.text.span(start, end)
    return any(
        fault.type is FaultType.NEGATION
        and first < fault.statement.end
        and fault.statement.start < last
        for fault in case.faults
    )


def _compare(case: Case, own: Deed, seed: str) -> None:
    """Hold a deed of the statement against the same deed in the evidence."""
    found = [
        (_share(case, own, deed), deed)
        for witness, text in enumerate(case.texts)
        if len(_modals(text.raw)) <= _MOST
        for deed in _deeds(text, seed, witness)
    ]
    fitting = [item for item in found if not _turned(own.mood, item[1].mood)]
    against = [item for item in found if _turned(own.mood, item[1].mood)]
    if not against:
        return
    shares, other = max(
        against, key=lambda item: (_weight(own, *item), -item[1].witness, -item[1].start)
    )
    best = max((_weight(own, *item) for item in fitting), default=-_MARGIN)
    if _weight(own, shares, other) < best + _MARGIN or shares[1] < _LIKELY:
        return
    if not (own.is_near and other.is_near):
        return
    place = [Found(other.witness, *other.span)]
    if {own.mood, other.mood} == {Mood.MAY, Mood.MUST}:
        if shares[1] >= _SURE:
            case.doubt(Reason.STRICTNESS, own.span, place)
        return
    if _is_answered(case, own, other):
        return
    is_sure = own.is_sure and other.is_sure and shares[1] >= _SURE
    if is_sure and not _is_excepted(case, own, other):
        case.fault(FaultType.NEGATION, own.span, place)
    elif Mood.SAID not in {own.mood, other.mood}:
        case.doubt(Reason.WORDING, own.span, place)


def _weight(own: Deed, shares: tuple[float, float], deed: Deed) -> float:
    """How much a place of the evidence tells of a deed; less where only one side has a mood."""
    return sum(shares) - (_MARGIN if (own.modal is None) != (deed.modal is None) else 0.0)


def _turned(own: Mood, theirs: Mood) -> bool:
    """Whether two moods cannot both be meant."""
    pair = {own, theirs}
    if pair <= _NEGATIVE or (Mood.MUST_NOT not in pair and pair == {Mood.NEED_NOT, Mood.MAY}):
        return False
    return bool(pair & _NEGATIVE) or pair == {Mood.MAY, Mood.MUST}


def _is_answered(case: Case, own: Deed, other: Deed) -> bool:
    """Whether a plain deed is told as one that should not be: 出售的，处以罚款."""
    texts = ((case.text, own), (case.texts[other.witness], other))
    return any(
        deed.mood is Mood.SAID and _ANSWERED.search(text.words, *within(STOP, text, deed.start))
        for text, deed in texts
    )


def _is_excepted(case: Case, own: Deed, other: Deed) -> bool:
    """Whether the one may be an exception that the other leaves open: 未经同意不得, 经同意可以."""
    text = case.texts[other.witness]
    return bool(
        _EXCEPTED.search(text.words, *within(STOP, text, other.start))
        and _ALLOWED.search(case.text.words, *within(STOP, case.text, own.start))
    )


def _share(case: Case, own: Deed, other: Deed) -> tuple[float, float]:
    """How much of the statement's clause the evidence's clause has, and its sentence."""
    clause = _units(case.text.raw, *within(PAUSE, case.text, own.start))
    if len(clause) < _FEW:
        clause = _units(case.text.raw, *within(STOP, case.text, own.start))
    text = case.texts[other.witness]
    near, wide = (_units(text.raw, *within(marks, text, other.start)) for marks in (PAUSE, STOP))
    count = max(len(clause), 1)
    return len(clause & near) / count, len(clause & wide) / count


@lru_cache(maxsize=4096)
def _units(raw: str, start: int, end: int) -> frozenset[str]:
    """Pairs of Chinese characters and words of Latin letters that are content."""
    text = read(raw)
    kept = "".join(
        c if mark == "c" else " " if c == " " else ""
        for c, mark in zip(text.words[start:end], text.classes[start:end], strict=True)
    )
    words = {_STEM.sub("", word) for word in _WORD.findall(kept) if word not in _WORDS_OF_MOOD}
    han = "".join(c for c in kept if c > "\u3000")
    return frozenset(words | {han[at : at + 2] for at in range(len(han) - 1)})
