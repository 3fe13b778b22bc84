"""``zhiku show``, ``describe`` and ``confirm``, as a person runs them."""

import json
from pathlib import Path

from tests.commands import Zhiku
from tests.integration.test_cli import files, zhiku

__all__ = ["files", "zhiku"]


def _number(zhiku: Zhiku, files: Path) -> str:
    zhiku("add", files)
    return str(json.loads(zhiku("search", "加装电梯", "--json")[1])["results"][0]["document_id"])


def test_an_entry_is_shown_with_its_evidence_then_confirmed(zhiku: Zhiku, files: Path) -> None:
    number = _number(zhiku, files)
    code, out, _ = zhiku("show", number)
    assert code == 0
    assert "依据：正文“河政办发〔2023〕12号”" in out
    assert "尚未经人确认" in out
    assert "编码 utf-8" in out
    assert zhiku("confirm", number)[0] == 0
    assert "确认。" in zhiku("show", number)[1]
    entry = json.loads(zhiku("show", number, "--json")[1])
    assert entry["confirmed"]["person_id"]
    assert entry["metadata"]["number"] == "河政办发〔2023〕12号"


def test_every_field_is_corrected_or_cleared(zhiku: Zhiku, files: Path) -> None:
    number = _number(zhiku, files)
    given = {
        "--title": "电梯论", "--type": "article", "--authors": "陶野；马原", "--issuer": "",
        "--number": "", "--issued": "2023-05", "--effective": "", "--language": "zh",
        "--url": "https://j.example/7", "--carrier": "OL", "--container": "虚构社会政策",
        "--volume": "52", "--issue": "11", "--pages": "12-18", "--publisher": "澄江书局",
        "--place": "澄江", "--edition": "2", "--isbn": "978-0-306-40615-7", "--doi": "10.9999/x.7",
        "--accessed": "2025-01-31",
    }  # fmt: skip
    code, out, _ = zhiku("describe", number, *(word for pair in given.items() for word in pair))
    assert code == 0
    assert "电梯论" in out
    (item,) = json.loads(zhiku("show", number, "--csl")[1])
    assert [each["literal"] for each in item["author"]] == ["陶野", "马原"]
    assert item["issued"] == {"date-parts": [[2023, 5]]}
    assert item["page"] == "12-18"
    assert "number" not in item


def test_what_cannot_be_done_is_one_sentence(zhiku: Zhiku, files: Path) -> None:
    number = _number(zhiku, files)
    assert "没有给出要改的内容" in zhiku("describe", number)[2]
    assert "不是日期" in zhiku("describe", number, "--issued", "去年")[2]
    assert "必须有标题" in zhiku("describe", number, "--title", " ")[2]
    assert "没有编号为 99" in zhiku("confirm", "99")[2]
    assert "只能选一个" in zhiku("show", number, "--json", "--csl")[2]
