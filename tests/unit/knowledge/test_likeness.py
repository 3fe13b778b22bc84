"""The same and nearly the same: fingerprints, likenesses, groups that follow every change."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from briefs.workbench.bootstrap import Workbench
from knowledge.likeness import Alike
from knowledge.model import Access, Block, BlockKind, Layer, Metadata, PageText, Reading, Stamp
from knowledge.shingles import ALIKE, SHORT, band_keys, jaccard, letters, shingles, text_key
from knowledge.store.engine import writing
from knowledge.store.likenesses import Kind, Likenesses
from knowledge.store.schema import likenesses, pages, shingle_bands
from tests.homes import fill, remove

_RANDOM = random.Random(3)


_WORDS = st.text("甲乙丙A１，。 \n", min_size=SHORT, max_size=90)


def _text(length: int, seed: int) -> str:
    made = random.Random(seed)
    return "".join(chr(0x4E00 + made.randrange(3000)) for _ in range(length))


def _changed(text: str, count: int) -> str:
    """The text with `count` of its characters replaced, far from one another."""
    step = len(text) // (count + 1)
    places = {step * (n + 1) for n in range(count)}
    return "".join("变" if at in places else letter for at, letter in enumerate(text))


DRAFT = _text(600, 1)
FINAL = _changed(DRAFT, 6)
OTHER = _text(600, 2)


def _add(bench: Workbench, name: str, *texts: str | PageText) -> int:
    """A document of pages with these texts; a name stands for the same bytes."""
    pages_of_it = tuple(PageText(each) if isinstance(each, str) else each for each in texts)
    reading = Reading("text/plain", paged=True, pages=pages_of_it, metadata=Metadata(title=name))
    version = bench.documents.add_version(
        reading, (), document_id=None, source=name, file=(name, name, 1), stamp=_stamp(bench)
    )
    return version.document_id


def _stamp(bench: Workbench) -> Stamp:
    return Stamp(bench.actor.branch_id, Access.PUBLIC, bench.actor.person_id, bench.clock())


def _groups(bench: Workbench) -> list[list[int]]:
    return [[document.id for document in group] for group in bench.likeness.groups()]


def _similarity(one: str, other: str) -> float:
    def runs(text: str) -> set[str]:
        bare = letters(text)
        return {bare[at : at + 5] for at in range(len(bare) - 4)}

    return len(runs(one) & runs(other)) / len(runs(one) | runs(other))


@settings(deadline=None)
@given(_WORDS, _WORDS)
def test_likeness_is_that_of_the_sets_of_runs(one: str, other: str) -> None:
    if min(len(letters(one)), len(letters(other))) < SHORT:
        return
    assert jaccard(shingles(letters(one)), shingles(letters(other))) == _similarity(one, other)


def test_blanks_punctuation_width_and_script_do_not_count() -> None:
    one = "第三条　公共圖書館應當向社會公眾免費開放，２０２３年起施行。"
    other = "第三条 公共图书馆应当\n向社会公众免费开放;2023年起施行"
    assert letters(one) == letters(other)
    assert text_key(letters(one)) == text_key(letters(other)) > 0


def test_a_short_text_is_like_itself_only() -> None:
    one, other = "附件：2023年度名单", "附件：2024年度名单"
    assert jaccard(shingles(letters(one)), shingles(letters(one))) == 1
    assert jaccard(shingles(letters(one)), shingles(letters(other))) == 0
    assert band_keys(shingles("")) == ()
    assert jaccard(shingles(""), shingles("")) == 0


def test_pairs_at_the_threshold_share_a_band_and_others_hardly_ever_do() -> None:
    missed = met = 0
    for seed in range(300):
        text = _text(400, seed)
        near, far = _changed(text, 8), _changed(text, 55)
        assert _similarity(text, near) > ALIKE - 0.01
        assert _similarity(text, far) < 0.25
        keys = band_keys(shingles(text))
        missed += not any(a == b for a, b in zip(keys, band_keys(shingles(near)), strict=True))
        met += any(a == b for a, b in zip(keys, band_keys(shingles(far)), strict=True))
    assert missed <= 2
    assert met <= 6


def test_fingerprints_do_not_change_with_the_release() -> None:
    words = letters("公共图书馆应当根据自身条件，为国家机关制定政策提供文献信息和咨询服务。")
    assert band_keys(shingles(words))[:2] == (705498174, 87058091)
    assert text_key(words) == 6127090469447344102


def test_the_same_and_nearly_the_same_are_grouped_and_nothing_is_lost(
    workbench: Workbench,
) -> None:
    draft, other = _add(workbench, "a", DRAFT), _add(workbench, "b", OTHER)
    assert workbench.likeness.catch_up() == 2
    same, final = _add(workbench, "c", f"{DRAFT[:300]}\n", DRAFT[300:]), _add(workbench, "d", FINAL)
    assert workbench.likeness.catch_up() == 2
    assert _groups(workbench) == [[draft, same, final]]
    assert workbench.documents.get(other).group is None
    found = workbench.likeness.of(draft)
    assert [(each.document.id, each.kind) for each in found] == [
        (same, Kind.TEXT),
        (final, Kind.NEAR),
    ]
    assert found[1].similarity == pytest.approx(_similarity(DRAFT, FINAL))
    assert workbench.documents.counts()[0] == 4


def test_the_same_bytes_are_said_to_be_the_same_file(workbench: Workbench) -> None:
    first = _add(workbench, "same.txt", DRAFT)
    second = _add(workbench, "same.txt", DRAFT)
    workbench.likeness.catch_up()
    third = _add(workbench, "same.txt", DRAFT)
    workbench.likeness.catch_up()
    assert [(each.document.id, each.kind) for each in workbench.likeness.of(third)] == [
        (first, Kind.BYTES),
        (second, Kind.BYTES),
    ]


def test_a_chain_is_one_group(workbench: Workbench) -> None:
    steps = [_changed(DRAFT, count) for count in (0, 11, 22)]
    ends = _similarity(steps[0], steps[2])
    ids = [_add(workbench, str(number), text) for number, text in enumerate(steps)]
    workbench.likeness.catch_up()
    if ends < ALIKE <= min(_similarity(*steps[:2]), _similarity(*steps[1:])):
        assert _groups(workbench) == [ids]
        (_, chained) = workbench.likeness.of(ids[0])
        assert chained == Alike(workbench.documents.get(ids[2]), None, None)


def test_a_removed_document_leaves_its_group(workbench: Workbench) -> None:
    ids = [_add(workbench, name, DRAFT) for name in "abc"]
    workbench.likeness.catch_up()
    remove(workbench, ids[0])
    workbench.likeness.catch_up()
    assert _groups(workbench) == [ids[1:]]
    assert workbench.documents.get(ids[1]).group == ids[1]
    remove(workbench, ids[1])
    workbench.likeness.catch_up()
    assert workbench.documents.get(ids[2]).group is None
    with workbench.engine.connect() as connection:
        assert not connection.execute(select(likenesses)).all()


def test_a_new_version_counts_instead_of_the_one_before(
    workbench: Workbench, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.txt" for name in "ab"]
    for path in paths:
        path.write_text(f"{DRAFT}\n{path.stem}", encoding="utf-8")
        workbench.ingest.add_file(path, actor=workbench.actor)
    workbench.index()
    assert len(_groups(workbench)) == 1
    paths[1].write_text(OTHER, encoding="utf-8")
    workbench.ingest.add_file(paths[1], actor=workbench.actor)
    workbench.index()
    assert _groups(workbench) == []


def test_pages_that_wait_for_recognition_are_left_alone(workbench: Workbench) -> None:
    waiting = (PageText("扫描全能王"), PageText("", layer=Layer.WAITING))
    first = _add(workbench, "a", *waiting)
    second = _add(workbench, "b", *waiting)
    empty = [_add(workbench, name, "") for name in "cd"]
    assert workbench.likeness.catch_up() == 2
    assert workbench.likeness.catch_up() == 0, "a version without text is looked at once"
    assert _groups(workbench) == []
    with writing(workbench.engine).begin() as connection:
        for document_id, text in ((first, DRAFT), (second, FINAL), (empty[0], DRAFT)):
            version = workbench.documents.get(document_id).current_version
            connection.execute(
                update(pages)
                .where(pages.c.version_id == version)
                .values(text=text, layer=Layer.RECOGNISED.value)
            )
            Likenesses.forget(version, connection)
    assert workbench.likeness.catch_up() == 3
    assert _groups(workbench) == [[first, second, empty[0]]]


def test_words_that_change_leave_the_group_at_once(workbench: Workbench) -> None:
    ids = [_add(workbench, name, DRAFT) for name in "ab"]
    workbench.likeness.catch_up()
    version = workbench.documents.get(ids[0]).current_version
    with writing(workbench.engine).begin() as connection:
        connection.execute(update(pages).where(pages.c.version_id == version).values(text=OTHER))
        Likenesses.forget(version, connection)
    assert workbench.documents.get(ids[1]).group is None
    workbench.likeness.catch_up()
    assert _groups(workbench) == []


def test_running_headers_do_not_count(workbench: Workbench) -> None:
    header = "河湾县人民政府公报二〇二三年第三期"
    block = Block(BlockKind.FURNITURE, 0, len(header))
    part = [DRAFT[at : at + 60] for at in range(0, 600, 60)]
    printed = tuple(PageText(f"{header}\n{text}", blocks=(block,)) for text in part)
    plain = _add(workbench, "plain", DRAFT)
    paged = _add(workbench, "paged", *printed)
    workbench.likeness.catch_up()
    (found,) = workbench.likeness.of(plain)
    assert (found.document.id, found.kind) == (paged, Kind.TEXT)


def test_an_interruption_loses_nothing_and_a_limit_is_kept(workbench: Workbench) -> None:
    ids = [_add(workbench, str(number), DRAFT) for number in range(70)]

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workbench.likeness.catch_up(stop)
    assert workbench.likeness.catch_up(limit=8) == 8
    assert workbench.likeness.catch_up() == 70 - 32 - 8
    assert _groups(workbench) == [ids]


def test_what_changes_meanwhile_is_not_stored(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [_add(workbench, name, DRAFT) for name in "ab"]
    store = Likenesses.store

    def after_a_change(self: Likenesses, entries: Sequence[object]) -> None:
        version = workbench.documents.get(ids[0]).current_version
        with writing(workbench.engine).begin() as connection:
            connection.execute(
                update(pages).where(pages.c.version_id == version).values(text=OTHER)
            )
        store(self, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(Likenesses, "store", after_a_change)
    workbench.likeness.catch_up()
    with workbench.engine.connect() as connection:
        assert not connection.execute(select(shingle_bands)).all()
    monkeypatch.undo()
    assert workbench.likeness.catch_up() == 2
    assert _groups(workbench) == []


def test_one_process_at_a_time_looks(workbench: Workbench, tmp_path: Path) -> None:
    _add(workbench, "a", DRAFT)
    with FileLock(tmp_path / "home" / "locks" / "likeness.lock"):
        assert workbench.likeness.catch_up() is None
    assert workbench.likeness.catch_up() == 1


def test_groups_are_those_of_all_true_pairs_in_any_order(workbench: Workbench) -> None:
    texts = {
        name: _changed(base, count)
        for name, base, count in (
            ("a", DRAFT, 0), ("b", DRAFT, 5), ("c", OTHER, 0), ("d", OTHER, 9),
            ("e", DRAFT, 13), ("f", _text(600, 9), 0), ("g", OTHER, 60),
        )
    }  # fmt: skip
    order = sorted(texts)
    _RANDOM.shuffle(order)
    ids = {}
    for name in order:
        ids[name] = _add(workbench, name, texts[name])
        workbench.likeness.catch_up(limit=_RANDOM.randrange(1, 3))
    workbench.likeness.catch_up()
    for one, text in texts.items():
        mine = {
            other
            for other, theirs in texts.items()
            if other != one and _similarity(text, theirs) >= ALIKE
        }
        direct = {each.document.id for each in workbench.likeness.of(ids[one]) if each.kind}
        assert direct == {ids[other] for other in mine}


def test_adding_and_searching_keep_groups_up_to_date(workbench: Workbench, tmp_path: Path) -> None:
    fill(workbench, tmp_path, {"稿.txt": DRAFT, "定稿.txt": FINAL})
    assert len(_groups(workbench)) == 1
    _add(workbench, "c", FINAL)
    workbench.retriever.search("河湾")
    assert len(_groups(workbench)[0]) == 3
