"""Sentences with personal data and without, each place marked, to measure what finds them.

A place is written ``⟦kind:words⟧``. Words in braces are drawn anew for every sentence: names of
common parts, numbers with right check digits. Nobody is meant.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.privacy_templates import NEGATIVE, POSITIVE, UNSEEN_NEGATIVE, UNSEEN_POSITIVE

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
_GIVENS: Final = [
    "伟",
    "秀英",
    "小河",
    "建国",
    "玉兰",
    "晓",
    "志强",
    "雨桐",
    "桂花",
    "明远",
    "子涵",
    "丽娟",
    "国庆",
    "海燕",
    "文博",
    "淑芬",
    "春生",
    "佳怡",
    "永福",
    "思远",
    "红",
    "军",
    "静雯",
    "阿宝",
]
_ROADS: Final = [
    "解放路",
    "人民东路",
    "中山北路",
    "城南大道",
    "柳巷",
    "文昌街",
    "滨河西路",
    "新华里",
]
_ESTATES: Final = ["翠湖花园", "阳光小区", "东门新村", "锦绣苑", "江南春城", "金桂府"]
_TOWNS: Final = ["河湾县", "临水镇", "河湾县城关镇", "云溪县"]
_VILLAGES: Final = ["石桥村", "大塘村", "白马村", "东湾村"]
_REGIONS: Final = ["330106", "110105", "440305", "510104", "320500"]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence, and the places in it that tell who somebody is."""

    text: str
    places: tuple[tuple[str, int, int], ...]
    """Kind, start and end of each, ascending."""


def positives(times: int = 4, seed: int = 43) -> list[Marked]:
    """Sentences with personal data, each template drawn so many times."""
    return list(_drawn(POSITIVE, times, random.Random(seed)))


def negatives(times: int = 3, seed: int = 34) -> list[Marked]:
    """Sentences that only look so."""
    return list(_drawn(NEGATIVE, times, random.Random(seed)))


def unseen(times: int = 4, seed: int = 12) -> list[Marked]:
    """Sentences of both sorts, written after the rules; only the last rule of names came of them."""
    chance = random.Random(seed)
    return [*_drawn(UNSEEN_POSITIVE, times, chance), *_drawn(UNSEEN_NEGATIVE, times, chance)]


def _drawn(templates: str, times: int, chance: random.Random) -> Iterator[Marked]:
    for template in templates.strip().splitlines():
        for _time in range(times if "{" in template else 1):
            filled = re.sub(r"\{(\w+)\}", lambda match: _value(match.group(1), chance), template)
            yield _marked(filled)


def _marked(text: str) -> Marked:
    found: list[tuple[str, int, int]] = []
    plain = ""
    for part in re.split(r"(⟦[^⟧]+⟧)", text):
        kind, _, words = part.strip("⟦⟧").partition(":") if part.startswith("⟦") else ("", "", part)
        if kind:
            found.append((kind, len(plain), len(plain) + len(words)))
        plain += words
    return Marked(plain, tuple(found))


def _value(name: str, chance: random.Random) -> str:
    def digits(count: int) -> str:
        return str(chance.randint(1, 9)) + "".join(chance.choices("0123456789", k=count - 1))

    lists = {"road": _ROADS, "estate": _ESTATES, "town": _TOWNS, "village": _VILLAGES}
    if name in lists:
        return chance.choice(lists[name])
    if re.fullmatch(r"n\d", name):
        return digits(int(name[1]))
    mobile = f"1{chance.choice('35789')}{chance.choice('012356789')}{digits(8)}"
    if mobile[:3] in {"170", "171", "179", "150"} or mobile[:3] in {"179"}:
        mobile = f"138{mobile[3:]}"
    card = _card(f"62{digits(13)}")
    identity = _identity(chance)
    values = {
        "name": chance.choice(_SURNAMES) + chance.choice(_GIVENS),
        "mobile": mobile,
        "spaced": f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        "full": mobile.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
        "landline": f"0571-{chance.randint(2, 8)}{digits(7)}",
        "seven": f"{chance.randint(2, 8)}{digits(6)}",
        "identity": identity,
        "lower": identity.lower(),
        "bad_identity": identity[:17] + ("1" if identity[17] != "1" else "2"),
        "passport": f"E{digits(8)}",
        "pass": f"H{digits(8)}",
        "card": card,
        "cardspaced": " ".join(re.findall(r"\d{1,4}", card)),
        "card19": _card(f"62{digits(16)}"),
        "bad_card": card[:-1] + str((int(card[-1]) + 1) % 10),
        "email": f"reader{digits(3)}@example.{chance.choice(['com', 'org', 'cn'])}",
        "account": f"{chance.choice(['hewan', 'books', 'wx'])}_{digits(4)}",
        "qq": digits(9),
        "plate": f"{chance.choice('浙沪京苏')}{chance.choice('ABCDE')}·{digits(5)}",
        "year": str(chance.randint(2005, 2025)),
        "year2": str(chance.randint(2026, 2035)),
        "m": str(chance.randint(1, 12)),
        "m2": f"{chance.randint(1, 12):02d}",
        "money": digits(7),
        "eleven": f"13{digits(9)}",
        "eleven2": f"15{digits(9)}",
        "eight": digits(8),
        "long": digits(16),
        "credit": f"9133010{digits(2)}MA{digits(6)}X",
        "place": chance.choice(["河", "临", "云"]),
    }
    return values[name]


def _identity(chance: random.Random) -> str:
    born = f"{chance.randint(1935, 2015)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = f"{chance.choice(_REGIONS)}{born}{chance.randint(1, 999):03d}"
    # GB 11643, worked out the other way round than the finder does: powers of two modulo 11.
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def _card(body: str) -> str:
    for check in "0123456789":
        doubled = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(body + check))]
        if sum(d // 10 + d % 10 for d in doubled) % 10 == 0:
            return body + check
    raise ValueError(body)
