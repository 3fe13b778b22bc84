"""Every branch decides on a marked file for itself, and learns nothing of another's."""

from dataclasses import replace

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.access import PUBLIC
from knowledge.accounts.roles import Role, permissions_of
from knowledge.errors import InQuarantineError, UnknownRecordError
from knowledge.ingest import Added, AddOutcome
from knowledge.model import Access, Actor, Layer, Metadata, PageText, Reading
from knowledge.store.documents import Documents
from knowledge.store.quarantine import Decision
from tests.homes import START

MARKED = "机密★5年\n\n河湾县防汛备用水源分布说明\n\n备用水源共有七处，位置见附图。\n".encode()


def person(home: Workbench, name: str, branch: str, *roles: Role) -> Actor:
    made = home.people.ensure(name, branch=branch, at=START)
    return replace(made, permissions=permissions_of(roles))


class Cast:
    """Two branches, each with a librarian and a director."""

    def __init__(self, home: Workbench) -> None:
        both = Role.LIBRARIAN, Role.DIRECTOR
        self.east = person(home, "东馆员", "城东分馆", Role.LIBRARIAN)
        self.east_director = person(home, "东馆长", "城东分馆", *both)
        self.west = person(home, "西馆员", "城西分馆", Role.LIBRARIAN)
        self.west_director = person(home, "西馆长", "城西分馆", *both)


def upload(home: Workbench, actor: Actor, name: str = "水源.txt") -> Added:
    return home.ingest.upload(MARKED, name, actor=actor)


def scan(home: Workbench, actor: Actor, name: str) -> int:
    """A scan whose first page nobody has read; everybody's has the same bytes."""
    pages = (PageText("", layer=Layer.WAITING), PageText("备用水源共有七处。"))
    reading = Reading("application/pdf", True, pages, Metadata(title=name))
    read, home.ingest._read = home.ingest._read, lambda _data, _name: reading
    try:
        return home.ingest.upload(b"scan", name, actor=actor).document_id or 0
    finally:
        home.ingest._read = read


def test_a_branch_learns_nothing_of_anothers_file(workbench: Workbench) -> None:
    cast = Cast(workbench)
    theirs, ours = upload(workbench, cast.east), upload(workbench, cast.west, "西.txt")
    assert theirs.outcome is ours.outcome is AddOutcome.QUARANTINED
    east = workbench.quarantine.seen_by(cast.east_director).waiting()
    west = workbench.quarantine.seen_by(cast.west_director).waiting()
    assert [each.file_name for each in east] == ["水源.txt"]
    assert [each.file_name for each in west] == ["西.txt"]
    assert isinstance(ours.error, InQuarantineError)
    assert ours.error.details["id"] == west[0].id
    with pytest.raises(UnknownRecordError):
        workbench.quarantine.release(east[0].id, reason="查过", actor=cast.west_director)
    # Again, each is told of its own.
    assert upload(workbench, cast.east).error is not None
    assert len(workbench.quarantine.all()) == 2


def test_a_decision_holds_in_its_branch_alone(workbench: Workbench) -> None:
    cast = Cast(workbench)
    upload(workbench, cast.east)
    (file,) = workbench.quarantine.waiting()
    kept = workbench.quarantine.release(file.id, reason="核过", actor=cast.east_director)
    before = workbench.house.kept.get(kept.document_id or 0)
    assert upload(workbench, cast.west).outcome is AddOutcome.QUARANTINED
    assert workbench.of(cast.west).documents.find() == []
    # What the other branch has released stays as it is.
    assert workbench.house.kept.get(before.id) == before
    (theirs,) = workbench.quarantine.waiting()
    workbench.quarantine.discard(theirs.id, reason="误传", actor=cast.west_director)
    bench = workbench.of(cast.east_director)
    assert "七处" in bench.documents.pages(before.current_version)[0].text
    assert workbench.originals.read(file.sha256) == MARKED
    assert all(finding.is_sound for finding in workbench.doctor.examine())
    workbench.quarantine.tidy()
    assert workbench.originals.read(file.sha256) == MARKED


def test_both_may_release_it(workbench: Workbench) -> None:
    cast = Cast(workbench)
    upload(workbench, cast.east)
    upload(workbench, cast.west)
    made = [
        workbench.quarantine.release(file.id, reason="核过", actor=workbench.actor)
        for file in workbench.quarantine.waiting()
    ]
    assert [each.outcome for each in made] == [AddOutcome.ADDED] * 2
    kept = [workbench.house.kept.get(each.document_id or 0).stamp for each in made]
    assert {each.branch_id for each in kept} == {cast.east.branch_id, cast.west.branch_id}
    assert {each.access for each in kept} == {Access.NAMED}


def test_a_mark_found_late_withholds_it_everywhere(workbench: Workbench) -> None:
    cast = Cast(workbench)
    mine, theirs = scan(workbench, cast.east, "东.pdf"), scan(workbench, cast.west, "西.pdf")
    version = workbench.house.kept.get(mine).current_version
    assert workbench._withhold(workbench.house.kept.version(version), "机密★1年")
    rows = {file.stamp.branch_id: file for file in workbench.quarantine.waiting()}
    assert rows.keys() == {cast.east.branch_id, cast.west.branch_id}
    assert rows[cast.west.branch_id].file_name == "西.pdf"
    assert workbench.house.kept.find() == []
    decided = rows[cast.east.branch_id]
    workbench.quarantine.release(decided.id, reason="核过", actor=cast.east_director)
    states = {each.stamp.branch_id: each.decision for each in workbench.quarantine.all()}
    assert states == {cast.east.branch_id: Decision.RELEASED, cast.west.branch_id: None}
    other = workbench.house.kept.ever(theirs).current_version
    keeper = workbench.house.kept.version(other)
    assert not workbench.quarantine.is_released(keeper.sha256, branch_id=cast.west.branch_id)


def test_of_a_version_nobody_has_read_others_see_no_name(workbench: Workbench) -> None:
    cast = Cast(workbench)
    id_ = workbench.ingest.upload(
        "开放信息一。\n".encode(), "公开.txt", actor=cast.east
    ).document_id
    pages = (PageText("", layer=Layer.WAITING),)
    workbench.ingest._read = lambda _data, _name: Reading("application/pdf", True, pages)
    name = "处理意见.pdf"
    workbench.ingest.upload(b"scan", name, actor=cast.east, document_id=id_)
    public = Documents(workbench.engine, PUBLIC).versions(id_ or 0)
    assert [each.file_name for each in public] == ["—", "公开.txt"]
    hidden = public[0]
    assert (hidden.sha256, hidden.size, hidden.page_count, hidden.remarks) == ("", 0, 0, ())
    assert workbench.of(cast.east).documents.versions(id_ or 0)[0].file_name == name
