"""A process killed while a second person agrees: done whole, or still waiting."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.audit import Search
from knowledge.accounts.second_person import Decision
from tests.homes import open_home, second_person

ROOT = Path(__file__).resolve().parents[2]
AGREEING = r"""
import os, signal, sys
from pathlib import Path
from knowledge.store.documents import Documents
from tests.homes import open_home, second_person

folder, proposal, moment = sys.argv[1:]
home = open_home(Path(folder))
other = second_person(home)
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
carried_out = Documents.remove

def remove(self, connection, document_id, *, at):
    if moment == "before":
        kill()
    done = carried_out(self, connection, document_id, at=at)
    if moment == "within":
        kill()
    return done

Documents.remove = remove
seconding = home.of(other).seconding
if moment == "after":
    seconding._removed = kill
seconding.agree(int(proposal), actor=other)
"""


@pytest.mark.parametrize("moment", ["before", "within", "after"])
def test_killed_while_agreeing(filled: Workbench, tmp_path: Path, moment: str) -> None:
    asker = second_person(filled, "申请人")
    second_person(filled)
    asked = filled.seconding.ask_removal(2, reason="重复", actor=asker)
    command = [sys.executable, "-c", AGREEING, str(tmp_path), str(asked.proposal.id), moment]
    killed = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    home = open_home(tmp_path)
    is_done = moment == "after"
    decided = home.proposals.get(asked.proposal.id).decision
    assert decided is (Decision.AGREED if is_done else None)
    assert (2 in home.documents.many([2])) != is_done
    assert any(r.document.id == 2 for r in home.retriever.search("加装电梯")) != is_done
    found = home.audit.every(Search(action="remove-document-agreed"))
    assert len(list(found)) == int(is_done)
    if not is_done:
        other = second_person(home)
        home.of(other).seconding.agree(asked.proposal.id, actor=other)
        assert home.documents.many([2]) == {}
    assert home.audit.verify().broken_at is None
    assert all(finding.is_sound for finding in home.doctor.examine())
    home.close()
