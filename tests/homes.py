"""Homes to test on: a real workbench over a folder of its own, with an encoder that needs no model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.entrance import session_cookie
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.register import Account, Particulars
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from knowledge.clearing import Choice, places
from knowledge.ingest import Added
from knowledge.model import Actor
from knowledge.readers.sandbox import InProcess
from knowledge.store.engine import writing

LIBRARY_LAW = """# 河湾县公共图书馆条例

## 第一章 总则

第一条 为了促进公共图书馆事业发展，保障公民基本文化权益，制定本条例。

第二条 本条例所称公共图书馆，是指向社会公众免费开放的公共文化设施。

## 第二章 服务

第三条 公共图书馆应当根据自身条件，为县级国家机关制定政策提供文献信息和咨询服务。

第四条 公共图书馆应当妥善保护读者的个人信息，不得出售或者非法向他人提供。
"""
LIFTS = """河湾县人民政府办公室关于老旧小区加装电梯的通知
河政办发〔2023〕12号

各乡镇人民政府：
加装电梯每台财政补助不超过20万元。2023年全县计划加装电梯62台，比上年增长8%。
本通知自2023年6月1日起施行。
"""
ELDERS = """养老服务情况

全县建成社区养老服务站35个。助餐点为高龄老人送餐上门，全年服务12万人次。
"""
TEXTS: Mapping[str, str] = {
    "河湾县公共图书馆条例.md": LIBRARY_LAW,
    "加装电梯通知.txt": LIFTS,
    "养老服务.txt": ELDERS,
}
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Clock:
    """Gives a later minute at every call."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        """The next minute."""
        self._now += timedelta(minutes=1)
        return self._now


def open_home(folder: Path) -> Workbench:
    """A workbench over `folder`; files are read in this process, which is quicker."""
    return Workbench(
        Settings(folder / "home"), clock=Clock(), encoder=HashingEncoder(), files=InProcess()
    )


PASSWORD = "四月的河水流得很慢"


def open_account(
    workbench: Workbench, name: str, *roles: Role, branch: str | None = None
) -> Account:
    """An account that signs in by its name and `PASSWORD`."""
    told = Particulars(
        name=name,
        login=name,
        roles=frozenset(roles),
        branch=branch or workbench.settings.library,
        level=3 if Role.VOLUNTEER in roles else None,
    )
    signing_in = workbench.signing_in
    account = signing_in.register.open(told, actor=workbench.actor, at=workbench.clock())
    link = signing_in.link_for(account.person_id, actor=workbench.actor)
    return signing_in.set_by_link(link, PASSWORD, place=Place("127.0.0.1"))


def cookies_of(workbench: Workbench, *roles: Role, name: str = "馆员甲") -> dict[str, str]:
    """The cookies of a browser in which a new person of these roles is signed in."""
    open_account(workbench, name, *roles)
    token = workbench.signing_in.sign_in(name, PASSWORD, place=Place("127.0.0.1"))
    return {session_cookie(workbench.settings): token}


def second_person(workbench: Workbench, name: str = "复核员") -> Actor:
    """Somebody with an account who may do everything; the owner of the home has not opened it."""
    register = workbench.signing_in.register
    known = register.by_login(name)
    if known is not None:
        return known[0].actor
    branch = workbench.settings.library
    keeper = workbench.people.ensure("机房", branch=branch, at=workbench.clock())
    told = Particulars(name=name, login=name, roles=frozenset(Role), branch=branch, level=6)
    actor = replace(workbench.actor, person_id=keeper.person_id, name=keeper.name)
    return register.open(told, actor=actor, at=workbench.clock()).actor


def remove(workbench: Workbench, document_id: int) -> None:
    """Take a document out of the collection as two persons do."""
    asker, other = second_person(workbench, "申请人"), second_person(workbench)
    matter = workbench.seconding.ask_removal(document_id, reason="重复", actor=asker)
    workbench.of(other).seconding.agree(matter.proposal.id, actor=other)


def take_out(workbench: Workbench, document_id: int) -> None:
    """Take a document out of the collection in SQL alone: nobody tells the indexes."""
    with writing(workbench.engine).begin() as connection:
        assert workbench.documents.remove(connection, document_id, at=workbench.clock())


def write_texts(folder: Path, texts: Mapping[str, str] = TEXTS) -> list[Path]:
    """Write the texts as files below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def fill(workbench: Workbench, folder: Path, texts: Mapping[str, str] = TEXTS) -> list[Added]:
    """Add the texts and index them."""
    added = [
        workbench.ingest.add_file(path, actor=workbench.actor)
        for path in write_texts(folder / "files", texts)
    ]
    workbench.index()
    return added


def blanking_all(texts: Sequence[str]) -> Choice:
    """The choice to blank whatever is found."""
    return Choice(blank=frozenset(places(texts)))
