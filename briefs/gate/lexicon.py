"""The closed classes of words that the gate reads, folded: lower case, simplified, half width."""

import re
from enum import StrEnum
from fractions import Fraction
from typing import Final


class Bound(StrEnum):
    """What a figure is to the quantity: itself, a limit, or nearly it."""

    EXACT = "="
    AT_MOST = "<="
    BELOW = "<"
    AT_LEAST = ">="
    ABOVE = ">"
    ABOUT = "~"
    NEARLY = "-"
    """近: almost reached."""


class Way(StrEnum):
    """Which way a word of trend, comparison or negation points."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    WIDER = "wider"
    NARROWER = "narrower"
    FASTER = "faster"
    SLOWER = "slower"
    HIGHER = "higher"
    LOWER = "lower"
    YEAR = "year"
    MONTH = "month"
    START = "start"
    MEAN = "mean"
    """年均: a mean over years."""
    NOT = "not"


def either(words: str) -> str:
    """A pattern for any of the words, separated by blanks, the longest first."""
    return "|".join(sorted((word.replace("_", " ") for word in words.split()), key=len)[::-1])


BEFORE: Final = {
    Bound.AT_MOST: "不超过 不得超过 不得逾 不能超过 不应超过 不得高于 不得多于 不得大于 不得迟于 "
    "不应高于 不超 未超过 不高于 不多于 不大于 不超出 至多 最多 最高 不晚于 不迟于 "
    "上限为 最长 最长不超过 "
    "最高不超过 no_more_than not_more_than at_most up_to not_exceeding not_exceed "
    "a_maximum_of no_later_than not_over ≤ ⩽",
    Bound.AT_LEAST: "不少于 不得少于 不得低于 不得小于 不得短于 不应少于 不应低于 不能少于 "
    "不能低于 应不少于 不低于 不小于 不短于 至少 最少 最低 不早于 下限为 已满 年满 "
    "满 最低不少于 not_less_than "
    "no_less_than no_fewer_than not_fewer_than at_least a_minimum_of not_below ≥ ⩾",
    Bound.BELOW: "低于 不足 少于 小于 不到 未达到 未达 未到 不满 未满 不及 less_than fewer_than "
    "below under "
    "short_of <",
    Bound.ABOVE: "超过 超出 超 高于 多于 大于 逾 突破 高出 more_than over above exceeding exceeded "
    "exceeds exceed in_excess_of greater_than upwards_of >",
    Bound.ABOUT: "约 大约 约为 大概 大致 大致为 估计 about around approximately "
    "roughly some circa ≈",
    Bound.NEARLY: "近 接近 将近 几近 几乎 逼近 nearly almost close_to",
}
"""Words before a figure."""
AFTER: Final = {
    Bound.AT_MOST: "以下 及以下 (含)以下 以内 之内 内 or_less or_fewer or_below at_most",
    Bound.AT_LEAST: "以上 及以上 (含)以上 起 or_more or_above and_above and_over or_over at_least",
    Bound.BELOW: "前 以前 之前 不到",
    Bound.ABOVE: "多 余 后 以后 之后 有余",
    Bound.ABOUT: "左右 上下 前后 or_so",
}
"""Words behind a figure and its unit."""
TRENDS: Final = {
    Way.UP: "有升 延长 上浮 增长 增加 增至 增到 增幅 增速 增多 增收 增产 增强 上升 升至 升到 上涨 "
    "涨幅 涨至 提高 提升 攀升 回升 上调 走高 "
    "跃升 升高 上扬 扩充 改善 好转 increased increase increases increasing rose rises rise rising "
    "risen grew grow grows growing growth gained climbed higher up_by up_from improved improve",
    Way.DOWN: "有降 缩短 压缩 下浮 下降 减少 减至 减到 降至 降到 降低 降幅 下跌 跌幅 跌至 下滑 "
    "回落 负增长 "
    "缩减 萎缩 走低 下调 下探 下行 减产 减收 "
    "减弱 减退 恶化 decreased decrease decreases decreasing fell falls fall falling fallen "
    "declined decline declines declining dropped drop drops shrank lower down_by "
    "down_from reduced reduce "
    "worsened",
    Way.FLAT: "持平 不变 保持稳定 保持不变 基本稳定 unchanged flat stable",
    Way.WIDER: "扩大 拓宽 扩张 放宽 widened widen expanded expand widening",
    Way.NARROWER: "缩小 收窄 缩窄 收缩 收紧 narrowed narrow contracted narrowing",
    Way.FASTER: "提前 加快 加速 提速 accelerated accelerate faster quickened",
    Way.SLOWER: "推迟 延迟 放缓 减缓 趋缓 减速 放慢 slowed slow slower slowing",
}
COMPARED: Final = {
    Way.HIGHER: "高于 超过 多于 大于 优于 领先 领先于 快于 早于 不低于 不少于 不小于 不短于 "
    "不早于 不得少于 不得低于 不得小于 以上 至少 above exceeds "
    "exceeded ahead_of at_least",
    Way.LOWER: "低于 少于 小于 不及 落后 落后于 慢于 晚于 不高于 不超过 不得超过 不能超过 "
    "不应超过 不得高于 不得多于 不得逾 不多于 不大于 不晚于 不迟于 以下 以内 至多 "
    "below behind at_most "
    "not_exceed",
}
"""Comparisons with something that is no figure: 高于全国平均水平."""
BASES: Final = {
    Way.START: "比上年末 较上年末 比年初 较年初 比上年底 较上年底 比去年底 较去年底 比去年末 "
    "较去年末",
    Way.YEAR: "同比 与上年 同上年 与去年 同去年 与上年同期 比上年同期 较上年同期 比去年同期 "
    "较去年同期 比上年 较上年 比去年 较去年 比前一年 较前一年 与上年同期相比 "
    "与上年相比 "
    "与去年相比 与去年同期相比 上年同期 year_on_year year-on-year "
    "year_over_year year-over-year "
    "from_a_year_earlier than_a_year_earlier compared_with_the_previous_year "
    "from_the_previous_year "
    "than_the_previous_year",
    Way.MONTH: "环比 与上月 同上月 与上季度 比上月 较上月 比上季度 较上季度 比上季 较上季 "
    "比上个月 较上个月 比上一季度 较上一季度 与上月相比 month_on_month "
    "month-on-month quarter_on_quarter quarter-on-quarter from_the_previous_month "
    "from_the_previous_quarter than_the_previous_month",
    Way.MEAN: "年均 月均 annually a_year_on_average",
}
_NEGATIONS: Final = (
    "不得 不能 不可以 不可 不应当 不应 不宜 不准 不许 不予 不再 不必 不需要 不需 不用 不须 不曾 "
    "并非 并未 并不 尚未 从未 未能 未曾 未予 没有 没 无需 无须 无权 无法 毫无 严禁 "
    "禁止 切勿 不 未 无 非 勿 莫 "
    "cannot can't don't doesn't didn't isn't aren't wasn't weren't won't not never no without "
    "neither nor prohibited forbidden"
)
_NO_NEGATION: Final = (
    "不仅 不但 不断 不少 不足 不同 不久 不管 不论 不良 不动产 不平凡 不易 不确定 "
    "不可逆 不可抗力 不得已 不得不 不乏 不错 "
    "不懈 不一 不等 不时 不妨 不禁 不惜 不可避免 不可或缺 不可分割 不平衡 不充分 "
    "不协调 不可持续 不利 不法 不当 不满(?!意) 不到 不及 不变 "
    "非常 非法 非遗 非典 非公 非物质 非营利 非凡 非洲 非税 非金融 非农 非国有 非煤 "
    "非机动 非上市 非居民 除非 是非 "
    "未来 未必 未成年 未遂 未婚 未知 无论 无人 无障碍 无偿 无线 无锡 无疑 无形 "
    "无限 无私 无害 无机 无穷 无畏 无量 无不 无罪推定 莫斯科 莫过于 "
    "不超过 不得超过 不得逾 不能超过 不应超过 不得高于 不得多于 不得大于 不得迟于 "
    "不应高于 不超 未超过 不高于 不多于 不大于 不超出 不晚于 不迟于 不少于 不低于 "
    "不小于 不短于 不早于 未满 不得超过 不得逾 不能超过 不应超过 不得高于 不得多于 "
    "不得少于 不得低于 不得小于 不得短于 不应少于 不应低于 不能少于 不能低于 "
    "no_more_than no_less_than no_fewer_than not_more_than not_less_than "
    "not_fewer_than not_exceeding "
    "not_exceed not_only no_later_than not_over not_below no_1"
)
NEGATION: Final = re.compile(
    rf"(?P<none>{either(_NO_NEGATION)})|"
    rf"(?P<han>{either(' '.join(w for w in _NEGATIONS.split() if w[0] > 'z'))})"
    rf"|\b(?P<latin>{either(' '.join(w for w in _NEGATIONS.split() if w[0] <= 'z'))})\b"
)
"""Words that turn what follows; the group ``none`` holds those that only look so."""
PERMITTING: Final = re.compile(r"可以|允许|应当|应该|必须|准许|能够|已经|予以|需要")
"""Words that stand where a negation might; they are no content."""

SCALES: Final = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
    "十万亿": 10**13, "百万亿": 10**14, "千万亿": 10**15,
    "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_F = Fraction
_MEASURES: Final = (
    "家 户 台 辆 件 项 座 所 册 次 场 篇 部 种 支 条 张 套 间 栋 幢 棵 "
    "株 只 头 艘 架 起 处 层 页 字 人次 批次 车次 架次 班次 场次 例 宗 份 "
    "批 款 届 期 档 级 类 门 本 孔 床 张床位 标段 笔 对 枚 趟 列 节 课时 "
    "学时 学分 席 轮 口 根 块 瓶 盒 箱 桶 袋 粒 片 艘次 户次 件次 册次 亩次 "
    "标准箱 桌 支队伍 环 股 票 支队"
)
UNITS: Final[dict[str, tuple[str, Fraction]]] = {
    **dict.fromkeys(("元", "元人民币", "人民币元", "yuan", "rmb"), ("cny", _F(1))),
    **dict.fromkeys(("美元", "us dollars", "dollars", "usd"), ("usd", _F(1))),
    **dict.fromkeys(("港元", "港币"), ("hkd", _F(1))),
    **dict.fromkeys(("欧元", "euros", "euro"), ("eur", _F(1))),
    **dict.fromkeys(("日元", "yen"), ("jpy", _F(1))),
    **dict.fromkeys(("英镑", "pounds"), ("gbp", _F(1))),
    "韩元": ("krw", _F(1)), "卢布": ("rub", _F(1)), "新台币": ("twd", _F(1)),
    "角": ("cny", _F(1, 10)),
    "毫米": ("m", _F(1, 1000)), "厘米": ("m", _F(1, 100)), "分米": ("m", _F(1, 10)),
    **dict.fromkeys(("米", "metres", "meters"), ("m", _F(1))),
    **dict.fromkeys(("公里", "千米", "km", "kilometres", "kilometers"), ("m", _F(1000))),
    "英里": ("mile", _F(1)), "miles": ("mile", _F(1)), "海里": ("nmile", _F(1)),
    "平方厘米": ("m2", _F(1, 10000)),
    **dict.fromkeys(("平方米", "平米", "m2", "square metres", "square meters"), ("m2", _F(1))),
    **dict.fromkeys(("平方公里", "平方千米", "km2", "square kilometres"), ("m2", _F(10**6))),
    **dict.fromkeys(("公顷", "hectares"), ("m2", _F(10**4))), "亩": ("m2", _F(10**4, 15)),
    "毫克": ("kg", _F(1, 10**6)), "克": ("kg", _F(1, 1000)), "斤": ("kg", _F(1, 2)),
    **dict.fromkeys(("公斤", "千克", "kg", "kilograms"), ("kg", _F(1))),
    **dict.fromkeys(("吨", "tonnes", "tons"), ("kg", _F(1000))), "微克": ("kg", _F(1, 10**9)),
    "立方米": ("m3", _F(1)), "升": ("m3", _F(1, 1000)), "毫升": ("m3", _F(1, 10**6)),
    "瓦": ("kw", _F(1, 1000)), "千瓦": ("kw", _F(1)), "兆瓦": ("kw", _F(1000)),
    "千瓦时": ("kwh", _F(1)), "度电": ("kwh", _F(1)), "度": ("degree", _F(1)),
    "°c": ("degree", _F(1)),
    "摄氏度": ("degree", _F(1)), "吨标准煤": ("tce", _F(1)),
    **dict.fromkeys(("秒", "秒钟", "seconds"), ("h", _F(1, 3600))),
    **dict.fromkeys(("分钟", "minutes"), ("h", _F(1, 60))),
    **dict.fromkeys(("小时", "个小时", "hours", "hour"), ("h", _F(1))),
    **dict.fromkeys(("天", "日", "days", "day"), ("h", _F(24))),
    **dict.fromkeys(("周", "星期", "个星期", "weeks", "week"), ("h", _F(168))),
    **dict.fromkeys(("工作日", "个工作日", "working days"), ("workday", _F(1))),
    **dict.fromkeys(("个月", "months", "month"), ("month", _F(1))),
    **dict.fromkeys(("年", "周年", "years", "year"), ("month", _F(12))),
    **dict.fromkeys(("岁", "周岁", "years old", "years of age"), ("age", _F(1))),
    **dict.fromkeys(("%", "percent", "per cent"), ("%", _F(1))), "‰": ("%", _F(1, 10)),
    **dict.fromkeys(
        ("百分点", "个百分点", "percentage points", "percentage point", "pp"), ("pp", _F(1))
    ),
    **dict.fromkeys(("个基点", "基点", "basis points"), ("pp", _F(1, 100))),
    **dict.fromkeys(("倍", "times"), ("times", _F(1))),
    **dict.fromkeys(("人", "名", "位", "people", "persons", "person"), ("人", _F(1))),
    **dict.fromkeys(_MEASURES.split(), ("", _F(1))),
    "个": ("个", _F(1)),
}  # fmt: skip
"""Unit → dimension and factor; a measure word is a dimension of its own (empty here)."""
UNIT: Final = re.compile(
    "|".join(
        rf"{re.escape(unit)}(?![a-z])"
        if unit[-1].isascii() and unit[-1].isalpha()
        else re.escape(unit)
        for unit in sorted(UNITS, key=len, reverse=True)
    )
)
NOT_UNITS: Final = re.compile(
    r"部[门分署队位长件委级]|位一体|条[件例龙约款理文]|家[庭长乡园具电禽政属务]|"
    r"台[山湾风州北账阶]|次[性生元要序贷]|级[别以]"
    r"|项[目式]|字[路符]|片[区面]|类[似]|门[口槛诊]|期[间限待货刊]|口[岸号径]|"
    r"处[理罚置于在分]|起[来草步诉到点初]|所[有以得在谓属需]"
    r"|对[于口外策]|节[约能省日点目]|间[接隔的]|层[面次级]|"
    r"本[地市省县区次级报级来法条质身]|列[入为车]|名[单称义额录录]|"
    r"人[民才员口工均大]"
    r"|张[家]|件[套]|支[持付出撑援]|份[额]|档[案次]|批[复准评发示]|款[项]|"
    r"场[所景地]|场馆|块[状]|度[假]|周[边围]|股[份东市权]"
    r"|年[级轻龄]|日[常益报]|天[津然]|升[级至到高]|米[兰面]|克[服]|角[度]|"
    r"环[境保节比球]|座[谈]|例[如外]|票[据]|根[据]|只[有要能]"
    r"|头[部]|片段|箱|袋[装]|席|轮[换流]|套[餐]|级[联]|元[旦素]|成[立为果本员功]"
)
"""What begins like a unit and is none."""
