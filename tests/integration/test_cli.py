"""The command line, as a person runs it."""

import json
from pathlib import Path

import pytest

from briefs.workbench import bootstrap
from tests import commands
from tests.commands import Zhiku
from tests.homes import write_texts


@pytest.fixture
def zhiku(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Zhiku:
    """Run ``zhiku`` on a home of its own; gives exit code, output and faults."""
    monkeypatch.setattr(bootstrap, "Workbench", commands.WithoutModel)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.zhiku(tmp_path / "home", capsys)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with the three texts."""
    write_texts(tmp_path / "files")
    return tmp_path / "files"


def test_from_a_folder_to_a_published_brief(zhiku: Zhiku, files: Path, tmp_path: Path) -> None:
    code, out, _ = zhiku("add", files)
    assert code == 0
    assert "新增 3" in out
    assert "未变 3" in zhiku("add", files)[1]
    rows = json.loads(zhiku("search", "公共图书馆条例第三条", "-k", "2", "--json")[1])["results"]
    assert rows[0]["heading"][-1] == "第三条"
    assert {"rank", "score", "passage_id", "document_id", "title", "page", "page_label", "text",
            "lexical_rank", "dense_rank"} <= rows[0].keys()  # fmt: skip
    outline = tmp_path / "outline.txt"
    outline.write_text("电梯补助\n图书馆咨询服务\n", encoding="utf-8")
    code, out, _ = zhiku("brief", "draft", "--title", "县情简报", "--outline", outline)
    assert code == 0
    assert "简报 1" in out
    assert "第 1 版" in zhiku("brief", "publish", "1")[1]
    for suffix, magic in {"docx": b"PK", "pdf": b"%PDF", "html": b"<!", "md": b"#"}.items():
        target = tmp_path / f"brief.{suffix}"
        assert zhiku("brief", "export", "1", "--to", suffix, target)[0] == 0
        assert target.read_bytes().lower().startswith(magic.lower())
    code, out, err = zhiku("doctor")
    assert code == 0, out + err


def test_statements_are_changed_from_the_command_line(zhiku: Zhiku, files: Path) -> None:
    zhiku("add", files)
    zhiku("brief", "new", "--title", "电梯")
    passage = json.loads(zhiku("search", "加装电梯补助", "--json")[1])["results"][0]["passage_id"]
    zhiku("brief", "quote", "1", str(passage), "--words", "加装电梯每台财政补助不超过20万元。")
    zhiku("brief", "quote", "1", str(passage))
    out = zhiku(
        "brief", "set", "1", "2", "--text", "建议提高。", "--kind", "judgement", "--to", "1"
    )[1]
    assert out.index("建议提高。") < out.index("不超过20万元")
    assert "建议提高。" not in zhiku("brief", "drop", "1", "1")[1]
    assert zhiku("brief", "discard", "1")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "/nowhere/at/all.pdf"), "不存在"),
        (("brief", "show", "9"), "没有编号为 9 的简报"),
        (("brief", "publish", "9"), "没有编号为 9 的简报"),
        (("brief", "draft", "--title", "T", "--outline", "/nowhere.txt"), "不存在"),
        (("evaluate", "/nowhere"), "不是带评判的检索集"),
        (("search", "电梯", "-k", "0"), "用法"),
        (("describe", "7"), "没有编号为 7"),
        (("remove", "7"), "用法"),
        (("retry", "7"), "没有编号为 7"),
        (("no-such-command",), "用法"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(
    zhiku: Zhiku, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = zhiku(*arguments)
    assert code == 1
    assert words in err
    assert "Traceback" not in out + err
    assert len(err.strip().splitlines()) == 1


def test_a_file_that_fails_is_named_and_the_others_stay(zhiku: Zhiku, files: Path) -> None:
    (files / "坏文件.pdf").write_bytes(b"%PDF-1.4 nothing")
    code, out, _ = zhiku("add", files)
    assert code == 1
    assert "新增 3" in out
    assert "失败 1" in out
    assert "坏文件.pdf" in out
    assert "坏文件.pdf" in zhiku("failures")[1]
    (files / "坏文件.pdf").write_text("不是 PDF")
    assert zhiku("retry")[0] == 1


def test_a_new_version_is_one_file(zhiku: Zhiku, files: Path) -> None:
    zhiku("add", files)
    code, _, err = zhiku("add", "--document", "1", files)
    assert code == 1
    assert "一次只能添加一个文件" in err
    newer = files / "新稿.txt"
    newer.write_text("这是同一文献的新稿，内容有改动。", encoding="utf-8")
    assert "新版本 1" in zhiku("add", "--document", "1", newer)[1]


def test_describing(zhiku: Zhiku, files: Path) -> None:
    zhiku("add", files)
    documents = json.loads(zhiku("search", "加装电梯", "--json")[1])["results"]
    number = str(documents[0]["document_id"])
    assert "电梯专题" in zhiku("describe", number, "--title", "电梯专题")[1]
    assert "电梯专题" in zhiku("list")[1]
    assert "没有找到" in zhiku("search", "zzzzqqqq", "--mode", "lexical")[1]


def test_a_judged_set_is_measured(zhiku: Zhiku, tmp_path: Path) -> None:
    folder = _judged(tmp_path)
    row = json.loads(zhiku("evaluate", folder, "--mode", "lexical", "--json")[1])
    assert row.keys() == {"dataset", "queries", "passages", "ndcg@10", "recall@10", "recall@100",
                          "mrr@10", "latency_ms", "index_seconds", "halves"}  # fmt: skip
    assert (row["queries"], row["passages"], row["ndcg@10"]) == (1, 2, 1.0)
    (half,) = row["halves"].values()
    assert (half["queries"], half["ndcg@10"]) == (1, 1.0)
    shown = zhiku("evaluate", folder, "--mode", "lexical")[1]
    assert all(f"{name} " in shown for name in row["halves"]), "the halves are shown as text too"


def test_a_set_is_measured_with_a_reranker_that_can_be_used(zhiku: Zhiku, tmp_path: Path) -> None:
    arguments = ("--mode", "lexical", "--json", "--reranker")
    code, out, err = zhiku("evaluate", _judged(tmp_path), *arguments, "/nowhere")
    assert (code, out) == (1, "")
    assert "重排模型“/nowhere”无法使用" in err


def _judged(tmp_path: Path) -> Path:
    folder = tmp_path / "judged"
    folder.mkdir()
    corpus = {"a": "加装电梯每台补助二十万元。", "b": "图书馆每周开放五十六小时。"}
    _write_lines(
        folder / "corpus.jsonl", [{"_id": i, "title": "", "text": t} for i, t in corpus.items()]
    )
    _write_lines(folder / "queries.jsonl", [{"_id": "q", "text": "图书馆开放多少小时"}])
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tb\t1\n")
    return folder


def _write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
