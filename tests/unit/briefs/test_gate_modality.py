"""What may, must and must not be done; groups that shares are of; words of time before names."""

import pytest

from briefs.gate import Claim, FaultType, Outcome, Reason, Verdict, Witness, check
from briefs.model import StatementKind

RULES = (
    "公共图书馆应当免费向社会公众开放阅览区域，并公示开放时间；因故闭馆的，应当提前三日公告。"
    "公共图书馆应当妥善保护读者的个人信息、借阅信息以及其他可能涉及读者隐私的信息，不得出售或者以其他"
    "方式非法向他人提供。读者可以凭身份证件办理读者证，办理读者证不收取费用。读者不得在文献上批注、涂画，"
    "损坏文献的应当照价赔偿。馆方可以根据接待能力限制单日入馆人数，但不得拒绝老年人和残疾人入馆。"
    "馆方可以出售文创用品。外借期满的，读者应当归还文献；确需续借的，可以在自助设备上办理。"
    "未经馆方同意，任何单位不得在馆内拍摄影片。对首次逾期并及时归还的，免于收取逾期费。"
)
ENGLISH = (
    "The library shall protect the personal data of readers and shall not sell readers' personal "
    "data to any third party. Readers may photograph printed books in the open stacks. Readers "
    "must not photograph manuscripts in the rare book room. Children must be accompanied by an "
    "adult in the media room."
)


def said(statement: str, evidence: str = RULES) -> Verdict:
    return check(Claim(StatementKind.PARAPHRASE, statement), [Witness(evidence)])


@pytest.mark.parametrize(
    ("statement", "own", "theirs"),
    [
        ("公共图书馆可以出售读者的个人信息。", "可以出售", "不得出售"),
        ("公共图书馆出售读者的个人信息。", "出售", "不得出售"),
        ("馆方可以拒绝老年人和残疾人入馆。", "拒绝", "不得"),
        ("馆方不得出售文创用品。", "不得", "出售"),
    ],
)
def test_what_is_forbidden_far_away_is_not_permitted(statement: str, own: str, theirs: str) -> None:
    verdict = said(statement)
    assert verdict.outcome is Outcome.FAULT
    assert [
        (fault.statement.words, fault.evidence[0].words)
        for fault in verdict.faults
        if fault.type is FaultType.NEGATION
    ] == [(own, theirs)]
    place = verdict.faults[0].evidence[0]
    assert RULES[place.start : place.end] == theirs


@pytest.mark.parametrize(
    "statement",
    [
        "读者的个人信息，公共图书馆不得出售。",
        "馆方可以出售文创用品。",
        "馆方不得拒绝残疾人和老年人入馆。",
        "办理读者证不收取费用。",
        "损坏文献的，读者应当照价赔偿。",
        "馆方根据接待能力，可以限制单日入馆人数。",
    ],
)
def test_the_same_in_another_order_is_supported(statement: str) -> None:
    assert said(statement).outcome is Outcome.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "own", "theirs"),
    [
        ("外借期满的，读者可以归还文献。", "可以归还", "应当归还"),
        ("公共图书馆可以妥善保护读者的个人信息。", "可以妥善", "应当妥善"),
        ("馆方应当限制单日入馆人数。", "应当限制", "可以根据接待能力限制"),
    ],
)
def test_may_for_must_is_for_a_person(statement: str, own: str, theirs: str) -> None:
    verdict = said(statement)
    assert verdict.outcome is Outcome.NEEDS_PERSON
    assert [
        (doubt.reason, doubt.statement.words, doubt.evidence[0].words) for doubt in verdict.doubts
    ] == [(Reason.STRICTNESS, own, theirs)]


def test_an_exception_that_the_evidence_leaves_open_is_for_a_person() -> None:
    assert said("经馆方同意的单位可以在馆内拍摄影片。").outcome is not Outcome.SUPPORTED
    assert said("任何单位可以在馆内拍摄影片。").outcome is Outcome.FAULT


def test_what_is_forbidden_for_some_is_not_permitted_for_others() -> None:
    evidence = "商店不得向未成年人出售烟酒，并应当在显著位置设置标志。"
    assert said("商店不得向未成年人出售烟酒。", evidence).outcome is Outcome.SUPPORTED
    assert said("商店可以向成年人出售烟酒。", evidence).outcome is not Outcome.SUPPORTED


def test_modal_words_of_english_are_compared() -> None:
    assert said("The library shall not sell readers' personal data.", ENGLISH).outcome is (
        Outcome.SUPPORTED
    )
    for wrong in (
        "The library may sell readers' personal data to any third party.",
        "Readers may photograph manuscripts in the rare book room.",
    ):
        assert {fault.type for fault in said(wrong, ENGLISH).faults} == {FaultType.NEGATION}
    softer = said("Children may be accompanied by an adult in the media room.", ENGLISH)
    assert [doubt.reason for doubt in softer.doubts] == [Reason.STRICTNESS]


def test_a_share_belongs_to_the_group_before_it() -> None:
    evidence = (
        "60岁及以上老年人口568.05万人，占户籍总人口的36.5%，其中，80岁及以上84.2万人，"
        "占60岁及以上老年人口的14.8%。"
    )
    for right in (
        "60岁及以上老年人口占36.5%，80岁及以上仅为14.8%。",
        "老年人口占36.5%，80岁及以上为14.8%。",
    ):
        assert said(right, evidence).outcome is Outcome.SUPPORTED
    swapped = said("60岁及以上老年人口占14.8%，80岁及以上占36.5%。", evidence)
    assert ("36.5%", "14.8%") in {
        (fault.statement.words, fault.evidence[0].words) for fault in swapped.faults
    }


@pytest.mark.parametrize("time", ["年末", "期末", "目前", "近年来", "早期", "工作日", "双休日"])
@pytest.mark.parametrize("name", ["街道", "全区", "县医院", "云汀区图书馆", "本区图书馆"])
def test_a_name_begins_behind_a_word_of_time(time: str, name: str) -> None:
    evidence = f"{name}设有阅览座位120个，由志愿者值守。"
    assert said(f"{time}{name}设有阅览座位120个。", evidence).outcome is Outcome.SUPPORTED
    wrong = said(f"{time}青石县公安局设有阅览座位120个。", evidence)
    assert FaultType.NAME in {fault.type for fault in wrong.faults}
