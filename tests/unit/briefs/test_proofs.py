"""The proof of a short form holds of what was made and of nothing that was forged."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.exporters import export
from briefs.lengths.abridgement import FlawKind
from briefs.lengths.forms import at_length, proof
from briefs.lengths.printed import proof_of_print
from briefs.model import Citation, Length, Line, Passed, Publication, Reference
from tests.unit.briefs.sample import LINES, PUBLICATION, K, cite, heading, line

TABLE = line(K.TABLE, "各街道食堂\n街道\t家数\n北苑\t5", cite(1, 6, "北苑5家"))
EXTRA = (heading("附录"), TABLE, replace(TABLE, text="满意率\n街道\t比例\n北苑\t90%"))
ONE_PAGE = {4, 9, 17, 18, 21}
WHOLE = replace(
    PUBLICATION,
    lines=tuple(
        replace(each, length=Length.ONE_PAGE if number in ONE_PAGE else Length.STANDARD)
        for number, each in enumerate((*LINES, *EXTRA), start=1)
    ),
    gate=Passed("1", (17,)),
)
SHORT = at_length(WHOLE, Length.ONE_PAGE)


def _line(at: int, **changes: object) -> Publication:
    changed: Line = replace(SHORT.lines[at], **changes)  # type: ignore[arg-type]
    return replace(SHORT, lines=(*SHORT.lines[:at], changed, *SHORT.lines[at + 1 :]))


def _citation(**changes: object) -> Publication:
    other: Citation = replace(SHORT.lines[1].citations[0], **changes)  # type: ignore[arg-type]
    return _line(1, citations=(other, *SHORT.lines[1].citations[1:]))


def _reference(**changes: object) -> Publication:
    other: Reference = replace(SHORT.references[0], **changes)  # type: ignore[arg-type]
    return replace(SHORT, references=(other, *SHORT.references[1:]))


def _swapped() -> Publication:
    """Numbers one and two exchanged, in the text and in the list: each mark leads where it did."""
    numbers = {1: 2, 2: 1}

    def number(old: int) -> int:
        return numbers.get(old, old)

    lines = (
        replace(
            each,
            citations=tuple(replace(c, reference=number(c.reference)) for c in each.citations),
        )
        for each in SHORT.lines
    )
    listed = (replace(each, number=number(each.number)) for each in SHORT.references)
    ordered = sorted(listed, key=lambda each: each.number)
    return replace(SHORT, lines=tuple(lines), references=tuple(ordered))


def test_what_was_made_is_proved() -> None:
    assert [each.number for each in SHORT.lines] == [1, 4, 6, 7, 9, 16, 17, 18, 19, 21]
    assert SHORT.lines[-1].exhibit == 2
    assert proof(SHORT, WHOLE).holds
    assert proof(WHOLE, WHOLE).holds


@pytest.mark.parametrize(
    ("forged", "kind"),
    [
        (_citation(page=99), FlawKind.EVIDENCE),
        (_citation(page_label="99"), FlawKind.EVIDENCE),
        (_citation(confidence=0.5), FlawKind.EVIDENCE),
        (_reference(title="另一文献"), FlawKind.EVIDENCE),
        (_reference(document_id=99), FlawKind.EVIDENCE),
        (_reference(version_id=99), FlawKind.EVIDENCE),
        (_reference(access_is_open=not SHORT.references[0].access_is_open), FlawKind.EVIDENCE),
        (_line(1, number=77), FlawKind.PLACE),
        (_line(1, number=None), FlawKind.PLACE),
        (_line(9, exhibit=9), FlawKind.PLACE),
        (_line(9, exhibit=None), FlawKind.PLACE),
        (_line(1, length=Length.DEEP), FlawKind.FORM),
        (replace(SHORT, gate=None), FlawKind.EDITION),
        (replace(SHORT, gate=Passed("1", (1, 17))), FlawKind.EDITION),
        (replace(SHORT, references=SHORT.references[::-1]), FlawKind.REFERENCE),
        (_swapped(), FlawKind.REFERENCE),
        (replace(SHORT, length=None), FlawKind.FORM),
        (replace(SHORT, length=Length.DEEP), FlawKind.FORM),
        (replace(SHORT, lines=SHORT.lines[:-1]), FlawKind.FORM),
    ],
)
def test_a_forged_form_is_not_proved(forged: Publication, kind: FlawKind) -> None:
    found = proof(forged, WHOLE)
    assert not found.holds
    assert kind in {flaw.kind for flaw in found.flaws}


def test_every_field_of_an_edition_is_compared() -> None:
    for each in fields(Publication):
        if each.name not in {"lines", "references", "length"}:
            forged = replace(SHORT, **{each.name: "别的"})  # type: ignore[arg-type]
            assert [flaw.kind for flaw in proof(forged, WHOLE).flaws] == [FlawKind.EDITION]


def _printed(publication: Publication, base_url: str = "") -> str:
    return export(publication, "md", base_url=base_url).decode()


CLAIM = "全区食堂就餐人次增长99%，全部属实。"
PRINT = _printed(SHORT)
BLOCKS = PRINT.strip().split("\n\n")
LAST = BLOCKS[-1]


@pytest.mark.parametrize(
    ("forged", "kind"),
    [
        (f"{PRINT}\n{CLAIM}\n", FlawKind.REFERENCE),
        (f"{CLAIM}\n\n{PRINT}", FlawKind.EDITION),
        (PRINT.replace(BLOCKS[1], CLAIM), FlawKind.EDITION),
        (PRINT.replace(BLOCKS[1], f"{BLOCKS[1]} · {CLAIM}"), FlawKind.EDITION),
        (PRINT.replace(BLOCKS[1], f"{BLOCKS[1]}\n\n{CLAIM}"), FlawKind.FOREIGN),
        (PRINT.replace(" · 一页要报（节自全文）", ""), FlawKind.FORM),
        (PRINT.replace(f"{BLOCKS[2]}\n\n", ""), FlawKind.EDITION),
        (PRINT.replace("〔判断〕为本馆的判断", f"{CLAIM}；〔判断〕为本馆的判断"), FlawKind.FOREIGN),
        (
            PRINT.replace("〔判断〕为本馆的判断", "〔常识〕为通行的常识，不另注出处"),
            FlawKind.EDITION,
        ),
        (f"{PRINT}\n[9] 假文献[M]. 北京：某社，2020.\n", FlawKind.REFERENCE),
        (f"{PRINT}\n{LAST}\n", FlawKind.REFERENCE),
        (PRINT.replace(LAST, f"{LAST}（识别文本，{CLAIM}）"), FlawKind.REFERENCE),
        (PRINT.replace(LAST, ""), FlawKind.REFERENCE),
        (PRINT.replace("## 参考文献", f"## 参考文献\n\n{CLAIM}"), FlawKind.REFERENCE),
    ],
)
def test_every_block_of_a_printed_form_is_accounted_for(forged: str, kind: FlawKind) -> None:
    assert forged != PRINT
    assert proof_of_print(PRINT, _printed(WHOLE)).holds
    assert kind in {flaw.kind for flaw in proof_of_print(forged, _printed(WHOLE)).flaws}


def test_where_an_entry_leads_and_how_sure_it_says_to_be_is_read() -> None:
    at = "https://zhiku.example.org"
    lines = (
        replace(each, citations=tuple(replace(c, confidence=0.8) for c in each.citations))
        for each in WHOLE.lines
    )
    whole = replace(WHOLE, lines=tuple(lines))
    short, long = _printed(at_length(whole, Length.ONE_PAGE), at), _printed(whole, at)
    assert "识别文本" in short
    assert proof_of_print(short, long).holds
    for old, new in (
        ("可信度 80%", "可信度 很高"),
        ("可信度 80%", "可信度 99%"),
        ("（识别文本，可信度 80%）", ""),
        ("/pages/12/1", "/pages/12/7"),
    ):
        head, entries = short.split("## 参考文献")
        forged = f"{head}## 参考文献{entries.replace(old, new, 1)}"
        assert forged != short
        kinds = [flaw.kind for flaw in proof_of_print(forged, long).flaws]
        assert kinds == [FlawKind.REFERENCE]


def _by_name(publication: Publication) -> Publication:
    """The same, its references called by name and year."""
    labels = {each.number: f"某，2023{'abcdef'[each.number - 1]}" for each in WHOLE.references}
    return replace(
        publication,
        lines=tuple(
            replace(
                one,
                citations=tuple(
                    replace(c, words=f"（{labels[c.reference]}：{c.page}）") for c in one.citations
                ),
            )
            for one in publication.lines
        ),
        references=tuple(replace(r, label=labels[r.number]) for r in publication.references),
    )


@pytest.mark.parametrize("base_url", ["", "https://zhiku.example.org"])
def test_a_list_by_name_and_year_has_what_is_cited_in_its_order(base_url: str) -> None:
    named = _by_name(WHOLE)
    form = at_length(named, Length.ONE_PAGE)
    assert proof(form, named).holds
    short, long = _printed(form, base_url), _printed(named, base_url)
    assert proof_of_print(short, long).holds
    blocks = short.strip().split("\n\n")
    uncited = next(
        each for each in long.strip().split("\n\n")[-len(named.references) :] if each not in short
    )
    for forged in (
        blocks[:-1],
        [*blocks, blocks[-1]],
        [*blocks, uncited],
        [*blocks[:-2], blocks[-1], blocks[-2]],
        [*blocks, CLAIM],
    ):
        kinds = {flaw.kind for flaw in proof_of_print("\n\n".join(forged), long).flaws}
        assert kinds == {FlawKind.REFERENCE}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(Length), min_size=21, max_size=21),
    st.sampled_from([Length.ONE_PAGE, Length.STANDARD]),
    st.booleans(),
    st.sampled_from(["", "https://zhiku.example.org"]),
)
def test_what_was_printed_of_any_form_is_proved(
    lengths: list[Length], length: Length, is_named: bool, base_url: str
) -> None:
    lines = tuple(
        replace(each, length=given, text=each.text.replace("据此计算，", ""))
        for each, given in zip(WHOLE.lines, lengths, strict=True)
    )
    marked = replace(WHOLE, lines=lines)
    whole = _by_name(marked) if is_named else marked
    short = at_length(whole, length)
    assert proof(short, whole).holds
    assert proof_of_print(_printed(short, base_url), _printed(whole, base_url)).holds
