"""The demo's words into a home, through the same services that a person uses."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from briefs.model import BriefState, Statement
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.demo.content import (
    MARK,
    DemoBrief,
    DemoInquiry,
    DemoStatement,
    briefs,
    documents,
    inquiries,
)
from briefs.workbench.demo.render import write_collection
from briefs.workbench.wording import wording
from knowledge.accounts.register import Account, Particulars
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from knowledge.desk import AnswerEvidence

DEMO_SETTINGS: Final[dict[str, Any]] = {
    "library": "云汀区图书馆（虚构）",
    "person": "演示馆员",
    "notice": MARK,
}
"""Settings of the demo's home; everything else is as set."""


@dataclass(frozen=True, slots=True)
class DemoHome:
    """What the home holds now."""

    documents: int
    briefs: int


def load(workbench: Workbench, *, progress: Callable[[int, int], None] | None = None) -> DemoHome:
    """Make the demo in the workbench's home; what is there already is left as it is.

    Args:
        workbench: over the home to fill.
        progress: called with passages encoded and passages in all.
    """
    by_file = _add_documents(workbench)
    known = {inquiry.question for inquiry in workbench.desk.all(actor=workbench.actor)}
    for inquiry in inquiries():
        if inquiry.question not in known:
            _answer(workbench, inquiry, by_file)
    workbench.index(progress)
    titles = {found.title for found in workbench.briefs.all()}
    for brief in briefs():
        if brief.title in titles:
            continue
        _write(workbench, brief, by_file)
    return DemoHome(len(workbench.documents.find()), len(workbench.briefs.all()))


def open_accounts(workbench: Workbench) -> list[tuple[Account, str]]:
    """Open an account for each role, and give each a fresh random password; returned in clear.

    The persons are as made up as the rest: each is called by their role.
    """
    signing_in, words = workbench.signing_in, wording(workbench.settings.language)
    known = {account.login: account for account in signing_in.register.all()}
    made = []
    for role in Role:
        told = Particulars(
            name=words("demo.person", role=words(f"role.{role}")),
            login=role.value,
            roles=frozenset({role}),
            branch=workbench.settings.library,
            level=3 if role is Role.VOLUNTEER else None,
        )
        account = known.get(role.value) or signing_in.register.open(
            told, actor=workbench.actor, at=workbench.clock()
        )
        password = token_urlsafe(9)
        link = signing_in.link_for(account.person_id, actor=workbench.actor)
        signing_in.set_by_link(link, password, place=Place(""))
        made.append((account, password))
    return made


def _add_documents(workbench: Workbench) -> dict[str, int]:
    by_file: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="zhiku-demo-") as scratch:
        files = {path.name: path for path in write_collection(Path(scratch))}
        for document in documents():
            added = workbench.ingest.add(
                files[document.file].read_bytes(),
                document.file,
                source=f"demo:{document.file}",
                actor=workbench.actor,
                metadata=document.metadata,
            )
            if added.document_id is None:
                raise added.error or RuntimeError(document.file)
            by_file[document.file] = added.document_id
    return by_file


def _write(workbench: Workbench, demo: DemoBrief, by_file: dict[str, int]) -> None:
    lines = [_statement(workbench, line, by_file) for line in demo.statements]
    made = workbench.editing.create(demo.title, lines, actor=workbench.actor)
    for line, stored in zip(demo.statements, made.statements, strict=True):
        if line.decided is not None and stored.id is not None:
            workbench.gating.decide(made, stored.id, reason=line.decided, actor=workbench.actor)
    if demo.state is BriefState.PUBLISHED:
        workbench.publishing.publish(made.id, actor=workbench.actor)


def _statement(workbench: Workbench, line: DemoStatement, by_file: dict[str, int]) -> Statement:
    evidence = tuple(
        workbench.editing.evidence_on(by_file[quote.file], quote.words) for quote in line.evidence
    )
    return Statement(
        line.kind,
        line.text,
        evidence,
        line.level,
        formula=line.formula,
        length=line.length,
    )


def _answer(workbench: Workbench, demo: DemoInquiry, by_file: dict[str, int]) -> None:
    lines: Sequence[Statement] = [_statement(workbench, line, by_file) for line in demo.answer]
    inquiry = workbench.desk.ask(demo.question, actor=workbench.actor, read_level=demo.level)
    answer = workbench.desk.answer(
        inquiry.id,
        "".join(line.text for line in lines),
        evidence=[
            AnswerEvidence(item.version_id, item.spans, item.quote)
            for line in lines
            for item in line.evidence
        ],
        actor=workbench.actor,
    )
    workbench.desk.accept(answer, actor=workbench.actor)
