"""Newest and most authoritative first, in drafts and in support; what no longer counts last."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from briefs.drafting.outline import SENTENCES_A_HEADING
from briefs.model import StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.model import DocumentType, Metadata
from tests.homes import fill


@dataclass(frozen=True)
class Told:
    """A source: its title, what it says, and its entry in the catalogue."""

    title: str
    words: str
    issuer: str
    issued_on: str
    type: DocumentType = DocumentType.OFFICIAL


def catalogue(bench: Workbench, folder: Path, *sources: Told) -> None:
    """Add the sources in this order, each with its entry."""
    texts = {f"{n}.txt": f"{each.title}\n\n{each.words}\n" for n, each in enumerate(sources)}
    for each, added in zip(sources, fill(bench, folder, texts), strict=True):
        entry = Metadata(
            title=each.title, issuer=each.issuer, issued_on=each.issued_on, type=each.type
        )
        assert added.document_id is not None
        bench.library.describe(added.document_id, entry, actor=bench.actor)


def drafted(bench: Workbench) -> list[str]:
    """What a draft quotes under the heading 社区食堂补助资金."""
    lines = bench.drafting.draft("社区食堂", ["社区食堂补助资金"]).lines
    return [line.text for line in lines if line.kind is StatementKind.QUOTE]


PRESS = Told(
    "食堂见闻",
    "社区食堂补助资金究竟有多少，社区食堂补助资金从哪里来。",
    "云岭日报",
    "2024-05",
    DocumentType.ARTICLE,
)
MINISTRY = Told(
    "关于老年助餐的通知", "社区食堂补助资金由中央和地方分担，专款专用。", "民政部", "2021-03"
)
NEWER = Told(
    "关于助餐资金的意见", "社区食堂的补助资金自今年起按月结算，逐级下达。", "财政部", "2023-07"
)
ENDED = Told(
    "（已废止）关于食堂的通知",
    "社区食堂补助资金，社区食堂补助资金一律从严核定。",
    "民政部",
    "2024-09",
)


def test_a_draft_puts_authority_before_newness_and_nearness(
    workbench: Workbench, tmp_path: Path
) -> None:
    catalogue(workbench, tmp_path, PRESS, MINISTRY, NEWER)
    assert drafted(workbench) == [NEWER.words, MINISTRY.words, PRESS.words]


def test_what_ended_stands_last_in_a_draft_and_takes_nobodys_place(
    workbench: Workbench, tmp_path: Path
) -> None:
    catalogue(workbench, tmp_path, ENDED, PRESS, MINISTRY)
    assert drafted(workbench) == [MINISTRY.words, PRESS.words, ENDED.words]
    more = Told("食堂手记", "社区食堂补助资金按月公示，居民均可查询。", "云岭图书馆", "2022")
    catalogue(workbench, tmp_path / "more", more)
    texts = drafted(workbench)
    assert len(texts) == SENTENCES_A_HEADING
    assert ENDED.words not in texts


@pytest.mark.parametrize(
    ("issuer", "kind", "issued_on", "is_taken"),
    [
        ("云岭日报", DocumentType.ARTICLE, "2019", False),
        ("云岭日报", DocumentType.ARTICLE, "2024", True),
        ("财政部", DocumentType.OFFICIAL, "2019", True),
    ],
)
def test_authority_and_newness_decide_among_what_is_about_as_near(
    workbench: Workbench,
    tmp_path: Path,
    issuer: str,
    kind: DocumentType,
    issued_on: str,
    is_taken: bool,
) -> None:
    said = ("月底到账居民纷纷点赞", "仍有缺口街道正在想办法", "去向公开每季度张榜一次",
            "够不够用记者走访了三家", "怎么花听听老人们怎么说")  # fmt: skip
    press = [
        Told(f"见闻之{n}", f"社区食堂补助资金{words}。", "云岭日报", "2019", DocumentType.ARTICLE)
        for n, words in enumerate(said)
    ]
    fourth = Told("关于食堂的意见", "社区食堂补助资金按季度拨付单独核算。", issuer, issued_on, kind)
    catalogue(workbench, tmp_path, *press, fourth)
    assert (fourth.words in drafted(workbench)) is is_taken


SAME = "社区食堂每餐财政补助三元，由区财政承担。"


@pytest.mark.parametrize("sentence", [SAME, "社区食堂每餐财政补助五元，由区财政承担。"])
def test_support_orders_the_same_words_by_authority_then_newness(
    workbench: Workbench, tmp_path: Path, sentence: str
) -> None:
    catalogue(
        workbench,
        tmp_path,
        Told(
            "食堂见闻", f"{SAME}记者昨日探访街角的食堂。", "云岭日报", "2025", DocumentType.ARTICLE
        ),
        Told("（已废止）助餐通知", f"{SAME}本件曾经印发各地执行。", "国务院", "2024"),
        Told("助餐办法", f"{SAME}各地应当结合实际贯彻。", "民政部", "2020"),
        Told("助餐资金意见", f"{SAME}有关部门要抓好落实。", "财政部", "2023"),
    )
    found = workbench.supporting.find(sentence)
    pieces = found.agreeing if sentence == SAME else found.disagreeing
    titles = [piece.document.title for piece in pieces]
    assert titles == ["助餐资金意见", "助餐办法", "食堂见闻", "（已废止）助餐通知"]
