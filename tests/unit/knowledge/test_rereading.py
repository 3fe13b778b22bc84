"""Documents of an older Zhiku, as it left them, read anew."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from briefs.workbench.bootstrap import Workbench
from knowledge import chunking
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.errors import DamagedError, UnknownRecordError
from knowledge.model import (
    Access,
    Block,
    BlockKind,
    Layer,
    Metadata,
    PageText,
    Reading,
    Stamp,
    Version,
)
from knowledge.places import Box, Places
from knowledge.rereading import Rereading, RereadOutcome
from knowledge.store.rereadings import Rereadings
from knowledge.store.schema import pages, versions

TITLE, RULE = "社区书房管理办法", "社区书房免费开放，每周开放不少于五天。"
FOOT = "河湾县人民政府公报"
TEXT = f"{TITLE}\n{RULE}\n{FOOT}"
MARKED = f"机密★1年\n{TEXT}"


def placed(text: str) -> PageText:
    """A page with places, and its last line out of passages."""
    boxes = [Box(n, 0, n + 1, 1) for n in range(len(text))]
    foot = len(text) - len(FOOT)
    words, rest = (BlockKind.PARAGRAPH, 0, foot - 1), (BlockKind.FURNITURE, foot, len(text))
    places = Places.of(600, 800, boxes=boxes)
    return PageText(text, None, (Block(*words), Block(*rest)), places=places)


def held(bench: Workbench, *texts: str, source: str = "/a.pdf") -> Version:
    """A version without places, of a file that is there."""
    data = source.encode()
    sha256 = bench.originals.stage(data)
    reading = Reading("application/pdf", True, tuple(map(PageText, texts)), Metadata(title=TITLE))
    version = bench.documents.add_version(
        reading,
        chunking.passages(reading.pages),
        document_id=None,
        source=source,
        file=("a.pdf", sha256, len(data)),
        stamp=Stamp(bench.actor.branch_id, Access.PUBLIC, bench.actor.person_id, bench.clock()),
    )
    bench.originals.settle(sha256)
    return version


def service(bench: Workbench, *found: PageText) -> Rereading:
    """One that reads these pages in any file; DamagedError where there are none."""

    def read(_data: bytes, name: str) -> Reading:
        if not found:
            raise DamagedError(name=name, reason="x")
        return Reading("application/pdf", True, found)

    return Rereading(
        bench.documents,
        Rereadings(bench.engine),
        originals=bench.originals,
        read=read,
        withhold=bench._withhold,
        lock=bench.home / "locks" / "ingest.lock",
        clock=bench.clock,
    )


def test_the_same_words_get_their_places_and_what_cites_them_stays(workbench: Workbench) -> None:
    version = held(workbench, TEXT)
    (old,) = workbench.passages.of_version(version.id)
    quote = workbench.editing.quote(old.id, "免费开放")
    brief = workbench.editing.create("书房", [quote], actor=workbench.actor)
    made = service(workbench, placed(TEXT))
    reread = made.reread(version.document_id, actor=workbench.actor)
    assert (reread.outcome, reread.title) == (RereadOutcome.REFITTED, TITLE)
    assert len(workbench.documents.places(version.id, [1])[1]) == len(TEXT)
    (new,) = workbench.passages.of_version(version.id)
    assert FOOT in old.text
    assert FOOT not in new.text
    assert workbench.documents.version(version.id).passage_count == 1
    (evidence,) = workbench.briefs.get(brief.id).statements[0].evidence
    assert (evidence.version_id, evidence.passage_id) == (version.id, new.id)
    assert made.reread(version.document_id, actor=workbench.actor).outcome == "unchanged"
    assert workbench.passages.of_version(version.id) == [new]


def test_other_words_are_a_new_version_of_the_same_file(workbench: Workbench) -> None:
    version = held(workbench, "社区书房管理办\n法", "")
    made = service(workbench, placed(TEXT), PageText("", layer=Layer.WAITING))
    assert made.reread(version.document_id, actor=workbench.actor).outcome == "new-version"
    new, old = workbench.documents.versions(version.document_id)
    assert (new.number, new.sha256, old) == (2, version.sha256, version)
    assert workbench.documents.get(version.document_id).current_version == new.id
    assert workbench.recognising.tally().waiting == 1
    assert workbench.passages.of_version(old.id)
    assert made.reread(version.document_id, actor=workbench.actor).outcome == "unchanged"


def test_a_first_page_to_be_recognised_keeps_the_new_version_hidden(workbench: Workbench) -> None:
    version = held(workbench, "", TEXT)
    made = service(workbench, PageText("", layer=Layer.WAITING), placed(TEXT))
    made.reread(version.document_id, actor=workbench.actor)
    new, _old = workbench.documents.versions(version.document_id)
    assert (new.stamp.access, new.passage_count) == (Access.NAMED, 0)
    assert made.reread(version.document_id, actor=workbench.actor).outcome == "unchanged"


def test_pages_recognised_already_are_not_read_again(workbench: Workbench) -> None:
    version = held(workbench, TEXT, "扫描得来的话。")
    with workbench.engine.begin() as connection:
        connection.execute(
            update(pages).where(pages.c.position == 2).values(layer=Layer.RECOGNISED.value)
        )
    made = service(workbench, placed(TEXT), PageText("", layer=Layer.WAITING))
    assert made.reread(version.document_id, actor=workbench.actor).outcome == "refitted"
    second = workbench.documents.pages(version.id)[1]
    assert (second.text, second.layer) == ("扫描得来的话。", Layer.RECOGNISED)
    assert any("扫描" in passage.text for passage in workbench.passages.of_version(version.id))


def test_a_mark_of_secrecy_is_seen(workbench: Workbench) -> None:
    version = held(workbench, MARKED)
    workbench.index()
    reread = service(workbench, PageText(MARKED)).reread(version.document_id, actor=workbench.actor)
    assert reread.outcome is RereadOutcome.WITHHELD
    (file,) = workbench.quarantine.waiting()
    assert (file.sha256, file.mark) == (version.sha256, "机密★1年")
    workbench.index()
    assert workbench.retriever.search("免费开放", 1) == []


def test_answers_of_the_desk_are_left_alone(workbench: Workbench) -> None:
    version = held(workbench, MARKED, source="answer:1")
    made = service(workbench, PageText(MARKED))
    assert made.reread(version.document_id, actor=workbench.actor).outcome == "unchanged"
    assert workbench.quarantine.waiting() == []


def test_a_file_that_cannot_be_read_leaves_the_document_as_it_is(workbench: Workbench) -> None:
    version = held(workbench, TEXT)
    reread = service(workbench).reread(version.document_id, actor=workbench.actor)
    assert (reread.outcome, type(reread.error)) == (RereadOutcome.FAILED, DamagedError)
    workbench.originals.remove(version.sha256)
    reread = service(workbench, placed(TEXT)).reread(version.document_id, actor=workbench.actor)
    assert (reread.outcome, type(reread.error)) == (RereadOutcome.FAILED, UnknownRecordError)
    kept = workbench.documents.versions(version.document_id)
    assert [replace(each, stamp=version.stamp) for each in kept] == [version]


def test_an_unknown_document_is_said(workbench: Workbench) -> None:
    with pytest.raises(UnknownRecordError):
        service(workbench).reread(99, actor=workbench.actor)


def test_a_version_that_this_person_may_not_see_is_left_alone(workbench: Workbench) -> None:
    version = held(workbench, TEXT)
    other = workbench.people.ensure("乙", branch="二馆", at=workbench.clock())
    with workbench.engine.begin() as connection:
        connection.execute(
            update(versions)
            .where(versions.c.id == version.id)
            .values(access=Access.NAMED.value, made_by=other.person_id)
        )
    reread = service(workbench, placed(TEXT)).reread(version.document_id, actor=workbench.actor)
    assert reread.outcome is RereadOutcome.FAILED
    assert len(workbench.documents.versions(version.document_id)) == 1


def test_what_changed_stands_in_the_log_and_what_did_not_does_not(workbench: Workbench) -> None:
    version = held(workbench, TEXT)
    for found in (placed(TEXT), placed(TEXT), PageText(f"{TEXT}。")):
        service(workbench, found).reread(version.document_id, actor=workbench.actor)
    entries = list(workbench.audit.every(Search(action=Action.REREAD_DOCUMENT)))
    assert [entry.deed.record for entry in entries] == [version.document_id] * 2
    newest, first = (entry.deed.details["version"] for entry in entries)
    assert (first, newest) == (version.id, workbench.documents.get(1).current_version)
