"""Every service of a workbench: which permission it asks for, or why it asks for none.

``SERVICES`` holds what a person may do only with a permission. Each entry can be called for an
actor, on a home filled as `tests.homes.fill` fills it; the log of deeds is tested with the same
table. ``EXPLAINED`` holds other public methods of what a `Workbench` gives out, by the name of their
service, with the reason why they need not ask who is acting; ``INNER`` what only services call;
``reading.READING`` what is read for a viewer. A method in none of them fails ``test_services``:
whoever adds one lists it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import update

from briefs.citing.importing import Fate, Taken
from briefs.drafting.comparing import Comparison
from briefs.drafting.supporting import Support
from briefs.model import Brief, Statement, StatementKind
from briefs.trail.noted import ActKind, Asked, Ground
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.audit import Search
from knowledge.accounts.register import Particulars
from knowledge.accounts.roles import Permission, Role
from knowledge.askers import Asker
from knowledge.failure import Failure
from knowledge.model import Access, Actor
from knowledge.sharing import Audience
from knowledge.store.schema import askers
from tests.homes import second_person

Call = Callable[[Workbench, Actor, Path], object]
"""Does it for an actor; the folder is for files. What must be there first, the owner makes."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A method that asks for a permission before anything else."""

    permission: Permission
    call: Call
    is_write: bool = True
    """Changes something, so that it leaves a deed in the log."""


class Explained(NamedTuple):
    """Why methods of one service ask for no permission."""

    why: str
    methods: tuple[str, ...]


def _file(folder: Path) -> Path:
    path = folder / "新.txt"
    path.write_text("全县新建图书室七个。\n", encoding="utf-8")
    return path


def _reference_to(bench: Workbench, document_id: int) -> list[Taken]:
    document = bench.documents.get(document_id)
    item = bench.collecting.of_document(document_id)
    metadata = replace(document.metadata, publisher="示例出版社")
    return [Taken(item, Fate.CHANGED, document, metadata, ("publisher",))]


def _failure(bench: Workbench) -> Failure:
    bench.ingest.add(b"", "空.txt", source="upload:空.txt", actor=bench.actor)
    return bench.failures.all()[0]


def _quarantined(bench: Workbench) -> int:
    data = "机密★1年\n\n储备地点的说明。".encode()
    bench.ingest.add(data, "密.txt", source="upload:密.txt", actor=bench.actor)
    return bench.quarantine.waiting()[0].id


def _proposal(bench: Workbench) -> int:
    """A removal that somebody else has asked for."""
    other = second_person(bench)
    asked = bench.of(other).seconding.ask_removal(1, reason="重复", actor=other)
    return asked.proposal.id


def _edition(bench: Workbench) -> int:
    return bench.publishing.publish(_brief(bench), actor=bench.actor).id


def _inquiry(bench: Workbench, *, is_over: bool = False) -> int:
    """One with an asker, whose time is over or is not."""
    told = Asker(name="刘小河", contact="13800138000", consent=True)
    inquiry = bench.desk.ask("问", actor=bench.actor, read_level=1, asker=told)
    if is_over:
        with bench.engine.begin() as connection:
            connection.execute(update(askers).values(kept_until=inquiry.stamp.made_at))
    return inquiry.id


def _own_template(bench: Workbench) -> str:
    """A template that the library has of its own."""
    text = bench.templates.text("digest")
    if not bench.templates.is_own("digest"):
        bench.templates.write("digest", text, before=text, actor=bench.actor)
    return "digest"


def _brief(bench: Workbench) -> int:
    (passage,) = bench.passages.of_version(1)[:1]
    line = bench.editing.quote(passage.id)
    return bench.editing.create("简报", [line], actor=bench.actor).id


def _decide(bench: Workbench, actor: Actor) -> object:
    line = Statement(StatementKind.JUDGEMENT, "三年内可以再装200台。")
    brief = bench.editing.create("待定", [line], actor=bench.actor)
    return bench.gating.decide(brief, brief.statements[0].id or 0, reason="测算", actor=actor)


def _search(bench: Workbench, actor: Actor | None = None) -> int:
    """A search that is noted for a brief."""
    return bench.trail.note_search(
        _brief(bench), Asked("电梯", 5), found=(), answered=False, actor=actor or bench.actor
    )


def _kept(bench: Workbench) -> int:
    return bench.folder.keep(_brief(bench), 1, actor=bench.actor)


def _changed(bench: Workbench) -> Brief:
    """A brief at its second revision."""
    brief = bench.briefs.get(_brief(bench))
    return bench.editing.save(brief, title="改", lines=brief.statements, actor=bench.actor)


def _particulars(bench: Workbench, name: str = "馆员丁") -> Particulars:
    roles = frozenset({Role.LIBRARIAN})
    return Particulars(name=name, login=name, roles=roles, branch=bench.settings.library)


def _person(bench: Workbench) -> int:
    """The account of somebody else."""
    told = _particulars(bench, "馆员丙")
    known = {account.name: account.person_id for account in bench.signing_in.register.all()}
    if told.name in known:
        return known[told.name]
    return bench.signing_in.register.open(told, actor=bench.actor, at=bench.clock()).person_id


ACCOUNTS: Final[dict[str, Guarded]] = {
    "signing_in.register.open": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.register.open(
            _particulars(bench), actor=actor, at=bench.clock()
        ),
    ),
    "signing_in.register.change": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.register.change(
            _person(bench), _particulars(bench, "馆员丙"), actor=actor, at=bench.clock()
        ),
    ),
    "signing_in.register.close": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.register.close(
            _person(bench), actor=actor, at=bench.clock()
        ),
    ),
    "signing_in.register.reopen": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.register.reopen(
            _person(bench), actor=actor, at=bench.clock()
        ),
    ),
    "signing_in.register.managed": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.register.managed(actor=actor),
        is_write=False,
    ),
    "signing_in.link_for": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.link_for(_person(bench), actor=actor),
    ),
    "signing_in.sign_out_everywhere": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.sign_out_everywhere(_person(bench), actor=actor),
    ),
    "signing_in.binding.bind": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.binding.bind(
            _person(bench), "issuer subject", actor=actor, at=bench.clock()
        ),
    ),
    "signing_in.binding.expect": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.binding.expect(
            _person(bench), "somebody", actor=actor, at=bench.clock()
        ),
    ),
    "signing_in.binding.release": Guarded(
        Permission.MANAGE_PEOPLE,
        lambda bench, actor, _: bench.signing_in.binding.release(
            _person(bench), actor=actor, at=bench.clock()
        ),
    ),
}
"""Of accounts: what is asked of somebody else's."""

COLLECTION: Final[dict[str, Guarded]] = {
    "ingest.add_file": Guarded(
        Permission.ADD,
        lambda bench, actor, folder: bench.ingest.add_file(_file(folder), actor=actor),
    ),
    "ingest.add": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.add(b"x", "x.txt", source="x", actor=actor),
    ),
    "ingest.upload": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.upload(b"x", "x.txt", actor=actor),
    ),
    "ingest.uploaded": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.uploaded("x.txt", actor=actor),
        is_write=False,
    ),
    "synonyms_file.write": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.synonyms_file.write(
            "人社局 = 人力资源局\n", before=bench.synonyms_file.text(), actor=actor
        ),
    ),
    "templates.write": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.templates.write(
            "survey",
            bench.templates.text("survey"),
            before=bench.templates.text("survey"),
            actor=actor,
        ),
    ),
    "templates.reset": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.templates.reset(_own_template(bench), actor=actor),
    ),
    "ingest.retry": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.ingest.retry(_failure(bench), actor=actor),
    ),
    "library.retry": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.library.retry(_failure(bench), actor=actor),
    ),
    "library.describe": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.library.describe(
            1, bench.documents.get(1).metadata, actor=actor
        ),
    ),
    "library.confirm": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.library.confirm(1, actor=actor),
    ),
    "importing.apply": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.importing.apply(_reference_to(bench, 1), actor=actor),
    ),
    "library.forget": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.library.forget(_failure(bench).id, actor=actor),
    ),
    "rereading.reread": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.rereading.reread(1, actor=actor),
    ),
    "sharing.set": Guarded(
        Permission.RESTRICT,
        lambda bench, actor, _: bench.sharing.set(1, Audience(access=Access.STAFF), actor=actor),
    ),
    "sharing.becoming_public": Guarded(
        Permission.RESTRICT,
        lambda bench, actor, _: bench.sharing.becoming_public(1, actor=actor),
        is_write=False,
    ),
    "quarantine.release": Guarded(
        Permission.QUARANTINE,
        lambda bench, actor, _: bench.quarantine.release(
            _quarantined(bench), reason="已解密", actor=actor
        ),
    ),
    "quarantine.discard": Guarded(
        Permission.QUARANTINE,
        lambda bench, actor, _: bench.quarantine.discard(
            _quarantined(bench), reason="误传", actor=actor
        ),
    ),
}
"""Of documents and files."""

SECONDING: Final[dict[str, Guarded]] = {
    "seconding.ask_removal": Guarded(
        Permission.REMOVE,
        lambda bench, actor, _: bench.seconding.ask_removal(1, reason="重复", actor=actor),
    ),
    "seconding.ask_withdrawal": Guarded(
        Permission.WITHDRAW,
        lambda bench, actor, _: bench.seconding.ask_withdrawal(
            _edition(bench), reason="有误", actor=actor
        ),
    ),
    "seconding.agree": Guarded(
        Permission.REMOVE,
        lambda bench, actor, _: bench.seconding.agree(_proposal(bench), actor=actor),
    ),
    "seconding.refuse": Guarded(
        Permission.REMOVE,
        lambda bench, actor, _: bench.seconding.refuse(_proposal(bench), actor=actor),
    ),
    "seconding.get": Guarded(
        Permission.REMOVE,
        lambda bench, actor, _: bench.seconding.get(_proposal(bench), actor=actor),
        is_write=False,
    ),
    "seconding.about_document": Guarded(
        Permission.REMOVE,
        lambda bench, actor, _: bench.seconding.about_document(1, actor=actor),
        is_write=False,
    ),
}
"""Of what takes two persons: somebody else has asked for what is agreed to and refused."""

LOG: Final[dict[str, Guarded]] = {
    "logbook.entries": Guarded(
        Permission.READ_AUDIT,
        lambda bench, actor, _: bench.of(actor).logbook.entries(Search(), limit=1),
        is_write=False,
    ),
    "logbook.people": Guarded(
        Permission.READ_AUDIT,
        lambda bench, actor, _: bench.of(actor).logbook.people(),
        is_write=False,
    ),
    "logbook.verify": Guarded(
        Permission.READ_AUDIT,
        lambda bench, actor, _: bench.of(actor).logbook.verify(),
        is_write=False,
    ),
    "logbook.export": Guarded(
        Permission.READ_AUDIT,
        lambda bench, actor, _: list(bench.of(actor).logbook.export(Search())),
    ),
}
"""Of the log of deeds."""

DESK: Final[dict[str, Guarded]] = {
    "desk.ask": Guarded(
        Permission.ANSWER, lambda bench, actor, _: bench.desk.ask("问", actor=actor)
    ),
    "desk.answer": Guarded(
        Permission.ANSWER,
        lambda bench, actor, _: bench.desk.answer(
            bench.desk.ask("问", actor=bench.actor).id, "答", evidence=(), actor=actor
        ),
    ),
    "desk.accept": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.desk.accept(
            bench.desk.answer(
                bench.desk.ask("问", actor=bench.actor).id, "答", evidence=(), actor=bench.actor
            ),
            actor=actor,
        ),
    ),
}
"""Of inquiries and answers."""

PRIVACY: Final[dict[str, Guarded]] = {
    "desk.judge": Guarded(
        Permission.ANSWER,
        lambda bench, actor, _: bench.desk.judge(_inquiry(bench), 2, actor=actor),
    ),
    "desk.claim": Guarded(
        Permission.ANSWER, lambda bench, actor, _: bench.desk.claim(_inquiry(bench), actor=actor)
    ),
    "desk.close": Guarded(
        Permission.ANSWER, lambda bench, actor, _: bench.desk.close(_inquiry(bench), actor=actor)
    ),
    "desk.becoming_public": Guarded(
        Permission.CATALOGUE,
        lambda bench, actor, _: bench.desk.becoming_public(
            bench.desk.answer(_inquiry(bench), "答", evidence=(), actor=bench.actor).id,
            actor=actor,
        ),
        is_write=False,
    ),
    "askers.of": Guarded(
        Permission.ANSWER,
        lambda bench, actor, _: bench.askers.of(
            bench.desk.claim(_inquiry(bench), actor=actor).id, actor=actor
        ),
    ),
    "clearings.look": Guarded(
        Permission.ADD,
        lambda bench, actor, _: bench.clearings.look("甲".encode(), "甲.txt", actor=actor),
        is_write=False,
    ),
    "clearings.of": Guarded(
        Permission.READ_STAFF,
        lambda bench, actor, _: bench.clearings.of("document", 1, actor=actor),
        is_write=False,
    ),
    "erasing.askers": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: (_inquiry(bench), bench.erasing.askers(actor=actor)),
    ),
    "erasing.due": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: bench.erasing.due(actor=actor),
        is_write=False,
    ),
    "erasing.expire": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: (_inquiry(bench, is_over=True), bench.erasing.expire(actor=actor)),
    ),
    "erasing.erase_asker": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: (
            _inquiry(bench),
            bench.erasing.erase_asker(1, confirm="asker:1", actor=actor),
        ),
    ),
    "erasing.erase_person": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: bench.erasing.erase_person(
            (other := _person(bench)),
            confirm=bench.signing_in.register.get(other).login,
            called="某人",
            actor=actor,
        ),
    ),
    "erasing.wipe": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: bench.erasing.wipe(actor=actor),
        is_write=False,
    ),
    "personal_data.of_person": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: bench.personal_data.of_person(bench.actor.person_id, actor=actor),
    ),
    "personal_data.of_asker": Guarded(
        Permission.ERASE,
        lambda bench, actor, _: (
            _inquiry(bench),
            bench.personal_data.of_asker(1, actor=actor),
        ),
    ),
}
"""Of persons' data."""

BRIEFS: Final[dict[str, Guarded]] = {
    "editing.create": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.create("简报", actor=actor),
    ),
    "editing.save": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.save(
            bench.briefs.get(_brief(bench)), title="改", lines=(), actor=actor
        ),
    ),
    "editing.append": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.append(
            bench.briefs.get(_brief(bench)), (), actor=actor
        ),
    ),
    "editing.discard": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.editing.discard(_brief(bench), actor=actor),
    ),
    "editing.share": Guarded(
        Permission.RESTRICT,
        lambda bench, actor, _: bench.editing.share(_brief(bench), shared=True, actor=actor),
    ),
    "gating.decide": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: _decide(bench, actor),
    ),
    "history.undo": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.history.undo(_changed(bench), 2, actor=actor),
    ),
    "publishing.publish": Guarded(
        Permission.PUBLISH,
        lambda bench, actor, _: bench.publishing.publish(_brief(bench), actor=actor),
    ),
}
"""Of briefs and editions."""

TRAIL: Final[dict[str, Guarded]] = {
    "trail.note_search": Guarded(Permission.DRAFT, lambda bench, actor, _: _search(bench, actor)),
    "trail.note_support": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.note_support(
            _brief(bench), Support("电梯", (), (), (), None, 0), actor=actor
        ),
    ),
    "trail.note_draft": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.note_draft(
            _brief(bench), [Statement(StatementKind.HEADING, "电梯", level=1)], actor=actor
        ),
    ),
    "trail.note_conflicts": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.note_conflicts(
            _brief(bench), Comparison((), 1, ("常住人口",), 1, ()), actor=actor
        ),
    ),
    "trail.note_act": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.note_act(
            _search(bench), ActKind.OPENED, 1, actor=actor
        ),
    ),
    "trail.reject": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.reject(
            _search(bench), 1, ground=Ground.OUTDATED, actor=actor
        ),
    ),
    "trail.strike": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.strike(_search(bench), reason="误输", actor=actor),
    ),
    "trail.restore": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.trail.restore(_search(bench), actor=actor),
    ),
    "folder.keep": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.folder.keep(_brief(bench), 1, actor=actor),
    ),
    "folder.annotate": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.folder.annotate(_kept(bench), "记下", actor=actor),
    ),
    "folder.drop": Guarded(
        Permission.DRAFT,
        lambda bench, actor, _: bench.folder.drop(_kept(bench), actor=actor),
    ),
}
"""Of what was searched and kept for briefs."""

SERVICES: Final[dict[str, Guarded]] = {
    **ACCOUNTS,
    **COLLECTION,
    **SECONDING,
    **LOG,
    **DESK,
    **PRIVACY,
    **BRIEFS,
    **TRAIL,
}
"""All of them, by the path from a `Workbench`."""

EXPLAINED: Final[dict[str, Explained]] = {
    "": Explained(
        "The workbench itself: what it reads it reads for its viewer, the rest is the machine's.",
        ("briefs_citing", "close", "index", "note", "of", "refresh"),
    ),
    "documents": Explained(
        "Made for the viewer; counts and lists are tested in test_services too.",
        ("count", "counts", "hashes", "issuers", "page_labels", "places", "seen_by"),
    ),
    "importing": Explained("It plans for documents that the viewer sees.", ("plan",)),
    "desk": Explained(
        "They give what the actor may see, which test_askers asks for every role.",
        ("all", "answers_to", "inquiry"),
    ),
    "briefs": Explained(
        "Made for the viewer, as documents are.",
        (
            *("check_open", "check_readers", "citing", "edition", "edition_by_id", "editions"),
            *("numbers", "record", "records"),
        ),
    ),
    "publishing": Explained(
        "Made of the viewer's briefs; a note of reading goes into the log and shows nothing.",
        ("citing", "editions_citing", "newest", "note_export", "note_opening", "shown"),
    ),
    "gating": Explained(
        "Made of a brief that its viewer was given; other sources are asked of the viewer's store.",
        ("marks", "passed"),
    ),
    "drafting": Explained(
        "It quotes and compares what the viewer's own search finds.",
        ("draft",),
    ),
    "comparing": Explained(
        "It compares what the viewer's own store gives and their own search finds.",
        ("compare",),
    ),
    "cutting": Explained(
        "Cuts pages that the viewer's own store gives; test_figures asks for a page of staff's.",
        ("cut",),
    ),
    "proposals": Explained(
        "`seconding` stands before it; it asks for the permission of each kind itself.",
        ("about", "agree", "ask", "entangled", "get", "refuse", "settled", "waiting"),
    ),
    "editing": Explained(
        "They compare words with pages that the viewer's own store gives.",
        ("check", "evidence_in", "merged", "whole"),
    ),
    "likeness": Explained("Made for the viewer.", ("groups", "of")),
    "failures": Explained("Made for the viewer; test_hidden asks.", ("all", "get")),
    "quarantine": Explained(
        "What the branch and the permission open; test_hidden asks.",
        ("all", "may_decide", "seen_by", "versions", "waiting"),
    ),
    "recognising": Explained("Counts what its viewer may see.", ("tally_for",)),
    "sharing": Explained("Tells of a document that the actor sees.", ("of",)),
    "people": Explained(
        "Names of persons and branches stand beside whatever they made.",
        ("branch_id", "branch_name", "branch_names", "id_of", "name", "names"),
    ),
    "signing_in": Explained(
        "Whoever asks proves who they are by password, link or token; sessions are one's own.",
        (
            *("change_password", "sessions", "set_by_link", "sign_in", "sign_in_by", "sign_out"),
            *("count_refused", "end_session", "forget", "who", "whose_link"),
        ),
    ),
    "signing_in.register": Explained(
        "Needed before it is known who asks; the page of accounts shows what is `managed`.",
        ("all", "by_login", "get", "has_administrator"),
    ),
    "signing_in.binding": Explained(
        "The identity provider has vouched for whoever asks.", ("account_of",)
    ),
    "audit": Explained(
        "The log itself: services enter deeds, `logbook` reads it for a person.",
        ("enter", "entries", "every", "verify"),
    ),
    "seconding": Explained(
        "Lists of what either permission opens, and whether anybody else could agree.",
        ("has_second", "settled", "waiting"),
    ),
    "templates": Explained(
        "What briefs of a sort have in them, no records; a brief is compared that the caller has.",
        (
            *("all", "begin", "get", "is_own", "is_shipped", "length_at", "own_files", "path"),
            *("progress", "text"),
        ),
    ),
    "synonyms_file": Explained(
        "Words of the language, no records.",
        ("current", "own", "text"),
    ),
}
"""By service: methods that ask for no permission."""

INNER: Final[dict[str, tuple[str, ...]]] = {
    "askers": ("keep", "prolong"),
    "dense": (
        *("catch_up", "differing", "encode", "encoded", "finish", "forget_others", "ids"),
        *("others", "pending", "save", "scores", "search", "waiting"),
    ),
    "doctor": ("examine", "repair"),
    "documents": ("add_version", "confirm", "describe", "remove"),
    "briefs": (
        *("create", "delete", "newest_numbers", "note_export", "note_opening", "publish"),
        *("save", "share", "withdraw"),
    ),
    "failures": ("forget", "record"),
    "files": ("close", "draw", "read"),
    "ingest": ("drop_unreferenced", "tidy"),
    "lexical": ("count", "frequencies", "ids", "refresh", "search", "update"),
    "lexical_indexing": ("behind", "catch_up"),
    "likeness": ("catch_up",),
    "originals": ("all", "is_intact", "read", "remove", "settle", "stage", "tidy"),
    "passages": (
        *("allowed", "encoder_id", "entries", "present", "store_vectors", "vectors"),
        *("versions_of", "with_vector", "without_vector"),
    ),
    "people": ("ensure",),
    "pictures": ("forget",),
    "quarantine": ("is_released", "restrict", "tidy", "withdraw"),
    "recognising": ("again", "tally", "work"),
    "succession": ("note", "serving"),
}
"""By service: what the machine does at its own work, and what services call after they have asked.

Neither a page nor a route calls it; the commands of whoever holds the home's files may.
"""
