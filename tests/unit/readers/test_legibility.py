"""Which text layers are kept."""

import random

import pytest

from knowledge.readers.legibility import legibility_of

SENTENCE = (
    "公共图书馆应当改善服务条件、提高服务水平，定期公告服务开展情况，听取读者意见，接受社会监督。"
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        SENTENCE,
        "目  录\n第一章 总则 ……………… 1\n第二章 服务 ……………… 12",
        "2021 103.5 12.4% 1,204 −3.0\n2022 99.1 11.8% 1,311 +2.2",
        "Public libraries shall improve their services and hear what their readers think.",
        "圖書館應當聽取讀者意見，並接受社會監督。",
        "図書館は利用者の意見を聴く。",
        "✓ □ ■ ● → ≤ α β ∑",
        "龘",
    ],
)
def test_text_is_legible(text: str) -> None:
    assert legibility_of(text).is_legible


@pytest.mark.parametrize(
    "text",
    [
        "\ue001\ue002\ue003\ue004 \ue005\ue006",
        "\x13\x11\x13\x16\x05\x06",
        "\ufffd\ufffd\ufffd报告",
        "㐂㐄㐆㐈㐊㐌㐎㐐㐒㐔㐖㐘",
        "ᛲគௌഏཻଟ仠ᶽᜊᙣߚᬣ",
    ],
)
def test_wrong_characters_are_not(text: str) -> None:
    assert not legibility_of(text).is_legible


def test_a_shifted_character_map_is_noticed() -> None:
    shifted = "".join(chr(ord(letter) + 1117) for letter in SENTENCE * 2 if letter >= "\u4e00")
    assert not legibility_of(shifted).is_legible
    rare = "".join(random.Random(1).choices("懋冄嚥刑潨哈埣婔嗸馹梖懳愼劳旼垡", k=60))
    assert not legibility_of(rare).is_legible


def test_the_score_falls_with_the_share_of_lost_characters() -> None:
    scores = [legibility_of(SENTENCE + "\ue000" * lost).score for lost in (0, 5, 20, 80)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_a_typeface_that_does_not_name_its_characters_is_not_believed() -> None:
    assert not legibility_of(SENTENCE, unmapped=0.8).is_legible
    assert legibility_of(SENTENCE, unmapped=0.1).is_legible
