"""Support, conflicts and the assistant on the command line."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from briefs.assistant.model import Message
from briefs.trail.noted import Means
from briefs.workbench.assisting import ChatClient
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import main
from briefs.workbench.cli.context import Session
from tests.homes import fill
from tests.unit.briefs.test_conflicts import TEXTS

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``zhiku`` on the home; gives exit code and what was printed."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    monkeypatch.setattr(Session, "workbench", property(lambda _session: filled))

    def run(*words: str | Path) -> tuple[int, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["--home", str(filled.home), *map(str, words)])
        printed = capsys.readouterr()
        assert isinstance(leaving.value.code, int)
        return leaving.value.code, printed.out + printed.err

    return run


def test_support_is_printed_and_given_as_json(run: Run) -> None:
    code, said = run("support", "2023年全县计划加装电梯64台。")
    assert code == 0
    assert "与它相抵触（1）" in said
    assert "句中“64台”，原文“62台”" in said
    code, said = run("support", "2023年全县计划加装电梯62台。", "--json")
    found = json.loads(said)
    assert (code, found["found"], found["disagreeing"]) == (0, True, [])
    first = found["agreeing"][0]
    assert first["verdict"] == "supported"
    assert first["href"].startswith("/pages/")
    code, said = run("support", "鸡蛋羹要蒸多久")
    assert (code, "没有找到" in said) == (0, True)


def test_conflicts_of_a_brief_are_listed_and_added(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    fill(filled, tmp_path, TEXTS)
    outline = tmp_path / "提纲.txt"
    outline.write_text("常住人口\n", encoding="utf-8")
    code, said = run("brief", "draft", "--title", "云岭县人口", "--outline", outline)
    assert code == 0
    assert "各来源数字不一致：常住人口" in said
    (brief,) = filled.briefs.all()
    code, said = run("brief", "conflicts", str(brief.id), "--add")
    assert code == 0, said
    assert "个指标" in said
    assert "数值 42.1 · 单位 万人" in said
    assert Means.CONFLICTS in {each.asked.means for each in filled.trail.of(brief.id)}
    assert "已加入 1 句" in said


def test_proposals_are_added_only_by_a_yes(
    filled: Workbench, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = filled.editing.create("加装电梯", actor=filled.actor)
    code, said = run("brief", "propose", str(brief.id))
    assert (code, "没有配置助手" in said) == (1, True)
    words = "2023年全县计划加装电梯62台，比上年增长8%。"

    def reply(_self: ChatClient, messages: tuple[Message, ...]) -> str:
        before = messages[-1].text.partition(words)[0]
        number = int(before[before.rindex("<<<段落 ") + 6 :].split(">>>")[0])
        item = {"passage": number, "quote": words, "statement": words, "kind": "quote"}
        wrong = {**item, "statement": "2023年全县计划加装电梯26台。", "kind": "paraphrase"}
        return json.dumps({"statements": [item, wrong]})

    monkeypatch.setattr(ChatClient, "reply", reply)
    filled.house.settings = replace(
        filled.settings, assistant_address="http://127.0.0.1:9/v1", assistant_model="m"
    )
    code, said = run("brief", "propose", str(brief.id))
    assert code == 0
    assert words in said
    assert "未采用：2023年全县计划加装电梯26台。（与出处不符）" in said
    assert filled.briefs.get(brief.id).statements == ()
    (noted,) = filled.trail.of(brief.id)
    assert noted.asked.means is Means.ASSISTANT
    for answer, count in ((False, 0), (True, 1)):
        monkeypatch.setattr("click.confirm", lambda *_, answer=answer: answer)
        run("brief", "propose", str(brief.id), "--add")
        assert len(filled.briefs.get(brief.id).statements) == count
