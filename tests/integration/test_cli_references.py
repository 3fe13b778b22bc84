"""What ``zhiku references`` writes, and what it makes of other programs' files."""

import json
from pathlib import Path

import pytest

from tests.commands import Zhiku
from tests.integration.test_cli import files, zhiku

__all__ = ["files", "zhiku"]


@pytest.fixture
def held(zhiku: Zhiku, files: Path) -> Zhiku:
    """The command over a home that holds the three texts, one of them catalogued."""
    zhiku("add", files)
    zhiku(
        "describe", "1", "--title", "加装电梯通知", "--type", "official", "--issuer", "河湾县政府",
        "--issued", "2023-05-30", "--number", "河政办发〔2023〕12号",
    )  # fmt: skip
    return zhiku


def test_the_four_forms_on_the_screen(held: Zhiku) -> None:
    def printed(*options: str) -> str:
        code, out, err = held("references", "export", "1", *options)
        assert (code, err) == (0, "")
        return out

    assert printed() == "[1] 河湾县政府. 加装电梯通知：河政办发〔2023〕12号[A]. 2023-05-30.\n"
    assert printed("--style", "2015") == (
        "[1] 河湾县政府. 加装电梯通知: 河政办发〔2023〕12号[A]. 2023.\n"
    )
    assert printed("--system", "author-date") == (
        "河湾县政府，2023. 加装电梯通知：河政办发〔2023〕12号[A]. 2023-05-30.\n"
    )
    assert printed("--style", "2015", "--system", "author-date") == (
        "河湾县政府, 2023. 加装电梯通知: 河政办发〔2023〕12号[A].\n"
    )


def test_the_setting_decides_where_no_option_does(
    held: Zhiku, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIKU_REFERENCE_EDITION", "2015")
    assert "加装电梯通知: 河政" in held("references", "export", "1")[1]


def test_what_was_exported_says_all_of_it_already(held: Zhiku, tmp_path: Path) -> None:
    for form in ("csl-json", "ris", "bibtex"):
        file = tmp_path / f"refs.{form}"
        out = held("references", "export", "1", "2", "1", "--format", form, "--out", file)[1]
        assert "2" in out
        code, said, _ = held("references", "import", file)
        assert code == 0
        assert "已更新 0 条，无须更新 2 条" in said


def test_a_dry_run_changes_nothing_and_an_import_does(held: Zhiku, tmp_path: Path) -> None:
    file = tmp_path / "refs.json"
    items = [
        {"id": "a", "type": "regulation", "title": "加装电梯通知", "number": "河政办发〔2023〕12号",
         "URL": "https://x.example/12", "translator": [{"literal": "马原"}]},
        {"id": "b", "type": "book", "title": "没有的书", "issued": {"date-parts": [[2001]]}},
    ]  # fmt: skip
    file.write_text(json.dumps(items), encoding="utf-8")
    before = held("show", "1", "--json")[1]
    dry = held("references", "import", file, "--dry-run")[1]
    assert "将更新 1 条" in dry
    assert "未收藏（第 1 行） 没有的书" in dry
    assert "更新：网址、译者" in dry
    assert held("show", "1", "--json")[1] == before
    assert "已更新 1 条" in held("references", "import", file)[1]
    assert json.loads(held("show", "1", "--json")[1])["metadata"]["url"] == "https://x.example/12"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", "nowhere.bib"), "nowhere.bib"),
        (("export", "99"), "99"),
        (("export", "brief:99"), "99"),
        (("export", "x"), "brief:3"),
        (("export", "brief:0"), "brief:3"),
        (("export", "9" * 30), "brief:3"),
        (("export", "1", "--format", "docx"), "只能是下列之一：csl-json"),
    ],
)
def test_bad_input_is_one_sentence(zhiku: Zhiku, arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = zhiku("references", *arguments)
    assert (code, out) == (1, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_broken_file_changes_nothing(held: Zhiku, tmp_path: Path) -> None:
    file = tmp_path / "refs.bib"
    file.write_text(
        "@misc{a, title={加装电梯通知}, year={2023}, url={http://x.example}}\n@misc{b, title={x}",
        encoding="utf-8",
    )
    before = held("show", "1", "--json")[1]
    code, out, err = held("references", "import", file)
    assert (code, out) == (1, "")
    assert "第 2 行" in err
    assert held("show", "1", "--json")[1] == before
