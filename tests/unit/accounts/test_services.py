"""What is shown to a person is what that person may see."""

from dataclasses import replace

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.roles import GRANTS, Role


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
