"""Every service asks what the person may do, whatever page or command called it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import GRANTS, Permission, Role
from knowledge.model import Actor, Failure

Service = Callable[[Workbench, Actor, Path], object]


def _file(folder: Path) -> Path:
    path = folder / "新.txt"
    path.write_text("全县新建图书室七个。\n", encoding="utf-8")
    return path


def _failure(bench: Workbench, folder: Path) -> Failure:
    bench.ingest.add(b"", "空.txt", source="upload:空.txt", actor=bench.actor)
    return bench.failures.all()[0]


def _quarantined(bench: Workbench) -> int:
    data = "机密★1年\n\n储备地点的说明。".encode()
    bench.ingest.add(data, "密.txt", source="upload:密.txt", actor=bench.actor)
    return bench.quarantine.waiting()[0].id


def _brief(bench: Workbench) -> int:
    (passage,) = bench.passages.of_version(1)[:1]
    line = bench.editing.quote(passage.id)
    return bench.editing.create("简报", [line], actor=bench.actor).id


SERVICES: dict[str, tuple[Permission, Service]] = {
    "ingest.add_file": (
        Permission.ADD,
        lambda bench, actor, folder: bench.ingest.add_file(_file(folder), actor=actor),
    ),
    "ingest.add": (
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.add(b"x", "x.txt", source="x", actor=actor),
    ),
    "ingest.upload": (
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.upload(b"x", "x.txt", actor=actor),
    ),
    "ingest.add_version": (
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.add_version(1, b"x", name="x.txt", actor=actor),
    ),
    "library.retry": (
        Permission.ADD,
        lambda bench, actor, folder: bench.library.retry(_failure(bench, folder), actor=actor),
    ),
    "library.describe": (
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.library.describe(
            1, bench.documents.get(1).metadata, actor=actor
        ),
    ),
    "library.confirm": (
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.library.confirm(1, actor=actor),
    ),
    "library.remove": (
        Permission.REMOVE,
        lambda bench, actor, _: bench.library.remove(1, actor=actor),
    ),
    "rereading.reread": (
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.rereading.reread(1, actor=actor),
    ),
    "quarantine.release": (
        Permission.QUARANTINE,
        lambda bench, actor, _: bench.quarantine.release(
            _quarantined(bench), reason="已解密", actor=actor
        ),
    ),
    "quarantine.discard": (
        Permission.QUARANTINE,
        lambda bench, actor, _: bench.quarantine.discard(
            _quarantined(bench), reason="误传", actor=actor
        ),
    ),
    "desk.ask": (Permission.ANSWER, lambda bench, actor, _: bench.desk.ask("问", actor=actor)),
    "desk.answer": (
        Permission.ANSWER,
        lambda bench, actor, _: bench.desk.answer(
            bench.desk.ask("问", actor=bench.actor).id, "答", evidence=(), actor=actor
        ),
    ),
    "desk.accept": (
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.desk.accept(
            bench.desk.answer(
                bench.desk.ask("问", actor=bench.actor).id, "答", evidence=(), actor=bench.actor
            ),
            actor=actor,
        ),
    ),
    "editing.create": (
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.create("简报", actor=actor),
    ),
    "editing.save": (
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.save(
            bench.briefs.get(_brief(bench)), title="改", lines=(), actor=actor
        ),
    ),
    "editing.append": (
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.append(
            bench.briefs.get(_brief(bench)), (), actor=actor
        ),
    ),
    "editing.discard": (
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.discard(_brief(bench), actor=actor),
    ),
    "publishing.publish": (
        Permission.PUBLISH,
        lambda bench, actor, _: bench.publishing.publish(_brief(bench), actor=actor),
    ),
}


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_done_for_who_may_and_for_nobody_else(
    filled: Workbench, tmp_path: Path, name: str
) -> None:
    permission, service = SERVICES[name]
    refused = [
        frozenset[Permission](),
        frozenset(Permission) - {permission},
        *(granted for granted in GRANTS.values() if permission not in granted),
    ]
    for permissions in refused:
        actor = replace(filled.actor, permissions=permissions)
        with pytest.raises(NotPermittedError):
            service(filled, actor, tmp_path)
    service(filled, replace(filled.actor, permissions=frozenset({permission})), tmp_path)


def test_a_persons_workbench_shows_what_that_person_may_see(filled: Workbench) -> None:
    data = "秘密★1年\n\n关于应急物资储备地点的说明，由专人看管。".encode()
    filled.ingest.add(data, "储备.txt", source="upload:储备.txt", actor=filled.actor)
    (file,) = filled.quarantine.waiting()
    filled.quarantine.release(file.id, reason="已解密", actor=filled.actor)
    filled.index()
    other = replace(filled.actor, person_id=99, permissions=GRANTS[Role.DIRECTOR])
    assert filled.retriever.search("应急物资储备地点")[0].document.title == "储备"
    seen = filled.of(other)
    assert seen.house is filled.house
    assert all(
        "储备" not in result.passage.text for result in seen.retriever.search("应急物资储备地点")
    )
    assert len(seen.documents.find()) == len(filled.documents.find()) - 1
