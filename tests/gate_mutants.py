"""True pairs with one thing made wrong, by replacing characters; see `tests.gate_pairs`."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from tests.gate_pairs import Pair

TYPES = ("number", "date", "unit", "comparator", "negation", "trend", "name", "sign")


@dataclass(frozen=True)
class Mutant:
    """The same with one thing made wrong."""

    type: str
    pair: Pair
    statement: str


def mutants(true: Sequence[Pair], *, seed: int) -> Iterator[Mutant]:
    """Make one thing wrong in each paraphrase; of what can be made wrong, the rarest so far."""
    chance = random.Random(seed)
    made: Counter[str] = Counter()
    for pair in true:
        if pair.kind == "quote":
            continue
        evidence = "".join(pair.evidence)
        order = sorted(TYPES, key=lambda each: (made[each], each))
        if chance.random() < 0.3:
            chance.shuffle(order)
        for kind in order:
            # A figure that was made rounder has limits of its own: 超过1.1万 is true of 1.12万.
            if pair.rule == "hedge" and kind in {"comparator", "number"}:
                continue
            wrong = _MUTATIONS[kind](pair.statement, evidence, chance)
            if wrong and wrong != pair.statement and wrong not in evidence:
                made[kind] += 1
                yield Mutant(kind, pair, wrong)
                break


def _one(
    pattern: str, statement: str, chance: random.Random, new: Callable[[re.Match[str]], str | None]
) -> str | None:
    """Replace one match, chosen at random."""
    found = list(re.finditer(pattern, statement))
    chance.shuffle(found)
    for match in found:
        made = new(match)
        if made is not None and made != match.group():
            return statement[: match.start()] + made + statement[match.end() :]
    return None


def _number(statement: str, evidence: str, chance: random.Random) -> str | None:
    def other(match: re.Match[str]) -> str | None:
        figure = match.group()
        at = chance.choice([at for at, c in enumerate(figure) if c.isdigit()])
        digits = [d for d in "123456789" if int(d) != int(figure[at])]
        made = figure[:at] + chance.choice(digits) + figure[at + 1 :]
        # １２0 is 120, whatever its width.
        return None if normalize("NFKC", made) in normalize("NFKC", evidence) else made

    plain = r"(?<![\d.,〔\[（(第A-Za-z/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d年月日号]|[.,]\d|季度|[A-Za-z]|—\d+月)"
    made = _one(plain, statement, chance, other)
    if made:
        return made
    spelt = r"(?<![一二三四五六七八九十百千第分之])[二三四五六七八九](?=[年个项名人家万倍]以[上下]|[十]?万元|个月|十日)"
    return _one(
        spelt,
        statement,
        chance,
        lambda m: chance.choice([d for d in "二三四五六七八九" if d != m.group()]),
    )


def _date(statement: str, evidence: str, chance: random.Random) -> str | None:
    def year(match: re.Match[str]) -> str | None:
        made = str(int(match.group()) + chance.choice((-3, -2, -1, 1, 2)))
        return None if made in evidence else made

    def small(most: int) -> Callable[[re.Match[str]], str | None]:
        def other(match: re.Match[str]) -> str | None:
            made = str(chance.choice([n for n in range(1, most + 1) if n != int(match.group())]))
            return None if f"{made}{match.string[match.end()]}" in evidence else made

        return other

    tries = [
        (r"(?<!\d)(?:19|20)\d\d(?=年)", year), (r"(?<![\d个])\d{1,2}(?=月)", small(12)), (r"(?<=月)\d{1,2}(?=日)", small(28)),
        ("上半年|下半年", lambda m: "下半年" if m.group() == "上半年" else "上半年"),
        ("[一二三四](?=季度)", lambda m: chance.choice([d for d in "一二三四" if d != m.group()])),
        ("今年|去年", lambda m: {"今年": "去年", "去年": "前年"}[m.group()]),
        ("同比", lambda m: "环比"), ("环比", lambda m: "同比"), ("比上年(?!同)", lambda m: "比上月"),
    ]  # fmt: skip
    chance.shuffle(tries)
    for pattern, new in tries:
        made = _one(pattern, statement, chance, new)
        if made and not (pattern[0] in "今上一[" and _differs_from(made, statement) in evidence):
            return made
    return None


def _differs_from(made: str, statement: str) -> str:
    """The three characters of `made` around its first difference."""
    at = next(at for at, (a, b) in enumerate(zip(made, statement, strict=False)) if a != b)
    return made[at : at + 3]


_UNIT_SWAPS = {
    "亿元": "万元", "万元": "亿元", "亿美元": "亿元", "个百分点": "%", "%": "个百分点", "公里": "米", "万吨": "吨", "亿吨": "万吨",
    "公顷": "亩", "平方米": "平方公里", "工作日": "小时", "人次": "人", "万人": "人", "万户": "户", "元": "万元", "亿人": "万人", "吨": "公斤",
    "个月": "年", "小时": "天", "万亿元": "亿元", "年以上": "个月以上", "年以下": "个月以下", "日内": "个月内", "天": "小时", "万套": "套",
}  # fmt: skip


def _unit(statement: str, evidence: str, chance: random.Random) -> str | None:
    numeral = r"(?<=[\d一二三四五六七八九十百千个])"
    names = "|".join(sorted(_UNIT_SWAPS, key=len, reverse=True))

    def other(match: re.Match[str]) -> str | None:
        new = _UNIT_SWAPS[match.group()]
        before = re.search(r"[\d.,一二三四五六七八九十]+$", match.string[: match.start()])
        return None if before and before.group() + new in evidence else new

    return _one(f"{numeral}(?:{names})", statement, chance, other)


_BOUNDS = [("不超过", "超过"), ("不低于", "低于"), ("不少于", "少于"), ("不高于", "高于"), ("(?<![不得应能])超过(?=[0-9])", "不足"), ("(?<!不)高于", "低于"), ("(?<!不)低于", "高于"),
           ("(?<=[级数年元岁人%月日名个倍])以上", "以下"), ("(?<=[级数年元岁人%月日名个倍])以下(?!简称|列)", "以上"), ("以内", "以上"), ("左右", "以上"), ("约(?=[0-9])", "超过"), ("(?<=[^附最])近(?=[0-9])", "超"),
           ("至少", "至多"), ("突破(?=[0-9])", "不足"), ("不足(?=[0-9一])", "超过"), ("逾(?=[0-9])", "不足"), ("年满", "未满"), ("(?<=[0-9])余(?=[名个家])", "")]  # fmt: skip


def _always(new: str) -> Callable[[re.Match[str]], str]:
    return lambda _: new


def _bound(statement: str, evidence: str, chance: random.Random) -> str | None:
    order = list(_BOUNDS)
    chance.shuffle(order)
    for old, new in order:
        if made := _one(old, statement, chance, _always(new)):
            return made
    return None


_TURNS = [("不得", "可以"), ("(?<!不)应当", "不应当"), ("可以", "不得"), ("没有", "有"), ("尚未", "已经"), ("不予", "予以"), ("未经", "经"), ("不再", "继续"), ("不能", "能够"),
          ("禁止", "允许"), ("必须", "不必"), ("(?<=[一-龥])不(?=[会属含存])", ""), ("无需", "需要"), ("不会", "会"), ("并未", ""), ("(?<![不])必须", "不得"),
          ("能够", "不能"), ("(?<=[^不])需要", "不需要"), ("must not", "must"), ("must(?! not)", "must not"), ("shall not", "may"), ("may not", "may"), ("严禁", "可以"), ("(?<=[，。一-龥])应当(?!不)", "不得"), ("(?<=，)要", "不要"), ("已经", "尚未")]  # fmt: skip


def _turned(statement: str, evidence: str, chance: random.Random) -> str | None:
    order = list(_TURNS)
    chance.shuffle(order)
    for old, new in order:
        if made := _one(old, statement, chance, _always(new)):
            return made
    return None


_TRENDS = [("增长", "下降"), ("增加", "减少"), ("提高", "降低"), ("上升", "下降"), ("下降", "上升"), ("减少", "增加"), ("降低", "提高"), ("扩大", "缩小"), ("加快", "放缓"),
           ("上涨", "下跌"), ("提升", "下降"), ("收窄", "扩大"), ("缩小", "扩大"), ("持平", "上升"), ("改善", "恶化"), ("回升", "回落"), ("fell", "rose"), ("more than in", "less than in")]  # fmt: skip
_NOT_TRENDS = r"(?![点极率值]|加值)"


def _trend(statement: str, evidence: str, chance: random.Random) -> str | None:
    order = list(_TRENDS)
    chance.shuffle(order)
    for old, new in order:
        if made := _one(f"(?<!负){old}{_NOT_TRENDS}", statement, chance, _always(new)):
            return made
    return None


_NAMES = (
    "北京 上海 天津 重庆 广东 浙江 江苏 山东 河南 湖北 湖南 四川 福建 安徽 江西 陕西 云南 贵州 辽宁 河北",
    "教育部 财政部 公安部 司法部 民政部 商务部 水利部 国防部 外交部 交通运输部 生态环境部 科技部",
    "教育局 财政局 公安局 司法局 民政局 商务局 水务局 卫生健康局 统计局 审计局",
    "美国 日本 德国 法国 俄罗斯 英国 印度 巴西 越南 泰国",
    "人民法院 人民检察院",
    "周明远 李志刚 王海燕 陈国强 赵立新",
    "河湾县 青石县 云汀区 白沙区 东岭市 南河大学 北江大学",
    "国务院 最高人民法院 全国人民代表大会",
)


def _name(statement: str, evidence: str, chance: random.Random) -> str | None:
    groups = [names.split() for names in _NAMES]
    chance.shuffle(groups)
    for names in groups:
        others = [name for name in names if name not in evidence]
        if others:
            pattern = "|".join(re.escape(name) for name in names)
            made = _one(
                f"(?<![东西南北高])(?:{pattern})(?![人语]民)",
                statement,
                chance,
                _always(chance.choice(others)),
            )
            if made:
                return made
    return None


def _sign(statement: str, evidence: str, chance: random.Random) -> str | None:
    """A minus put before a figure, or taken away; 赤字-5亿 may mean the same, so is left alone."""
    if re.search("赤字|亏损|逆差", statement):
        return None
    # 氧-18 and 图2-1 have hyphens, no signs.
    signed = (
        r"(?<=[为是达约到至])[-−](?=\d)|零下(?=\d)|负(?=\d)"
        r"|(?<=[一-龥])[-−](?=\d[\d.,]*(?:%|个百分点|[万亿]+|元|℃|度|吨|米|公里|人))"
    )
    taken = _one(signed, statement, chance, lambda _: "")
    if taken:
        return taken
    plain = (
        r"(?<=[为是达约])(?=\d[\d.,]*(?:%|个百分点|[万亿]+元|元|℃|吨|万?平方米|公里|[万亿]*人))"
        r"(?!\d[\d.,]*(?:%|个百分点)?[-—～至])"
    )
    return _one(plain, statement, chance, lambda _: chance.choice(["-", "−", "负"]))


_MUTATIONS: dict[str, Callable[[str, str, random.Random], str | None]] = {
    "number": _number, "date": _date, "unit": _unit, "comparator": _bound, "negation": _turned,
    "trend": _trend, "name": _name, "sign": _sign,
}  # fmt: skip
