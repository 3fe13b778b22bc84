"""The built-in demo: every screen has something true to show."""

from pathlib import Path

import pytest

from briefs.model import BriefState, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.demo import MARK, loading
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.errors import WrongCredentialsError
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from knowledge.model import DocumentType
from tests.homes import Clock


def test_the_demo_fills_a_home_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path, **loading.DEMO_SETTINGS)
    workbench = Workbench(settings, clock=Clock(), encoder=HashingEncoder())
    made = loading.load(workbench)
    assert loading.load(workbench) == made
    documents = workbench.documents.find()
    answers = [d for d in documents if d.metadata.type is DocumentType.REFERENCE_ANSWER]
    assert (len(documents) - len(answers), len(answers), made.briefs) == (12, 2, 2)
    assert {b.state for b in workbench.briefs.all()} == {BriefState.DRAFT, BriefState.PUBLISHED}
    assert workbench.failures.all() == []
    edition = workbench.briefs.editions()[0]
    assert edition.publication.notice == MARK
    assert len(edition.publication.references) >= 4
    assert edition.publication.gate is not None
    (decided,) = edition.publication.gate.decided
    assert edition.publication.lines[decided - 1].kind is StatementKind.JUDGEMENT
    reports = [workbench.gating.report(workbench.briefs.get(b.id)) for b in workbench.briefs.all()]
    assert all(report.is_clean for report in reports)
    assert all(finding.is_sound for finding in workbench.doctor.examine())
    workbench.close()


def test_each_role_of_the_demo_signs_in_with_its_newest_password(tmp_path: Path) -> None:
    settings = Settings(tmp_path, **loading.DEMO_SETTINGS)
    workbench = Workbench(settings, clock=Clock(), encoder=HashingEncoder())
    first, second = (loading.open_accounts(workbench) for _ in range(2))
    assert [account.roles for account, _ in second] == [{role} for role in Role]
    for (account, old), (_, new) in zip(first, second, strict=True):
        with pytest.raises(WrongCredentialsError):
            workbench.signing_in.sign_in(account.login, old, place=Place("127.0.0.1"))
        assert workbench.signing_in.sign_in(account.login, new, place=Place("127.0.0.1"))
    workbench.close()
