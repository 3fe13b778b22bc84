"""CSL-JSON, RIS and BibTeX there and back, the dialects of other programs, and hostile files."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.citing import Name, PartialDate, Work, WorkType
from briefs.citing.errors import (
    MalformedReferencesError,
    NoReferencesError,
    ReferencesFileError,
    RepeatedKeyError,
    UnclosedReferenceError,
    UnknownReferencesError,
    UnknownWorkTypeError,
    UntitledReferenceError,
)
from briefs.citing.exchange import ExchangeFormat, Item, read, write
from briefs.citing.exchange.dates import date_of
from briefs.citing.exchange.item import language_of
from briefs.citing.exchange.latex import escaped, plain

FULL = Work(
    type=WorkType.CHAPTER,
    title="社区食堂 {甲 & 乙} \\ 50% ~ -- ''“引”",
    author=(Name(literal="陶野"), Name(family="Marlow", given="Tom and Ann", suffix="Jr")),
    editor=(Name(literal="某{机构 and 另一机构"),),
    translator=(Name(family="O'Brien", given="Seán"), Name(family="de la Cruz", given="A.")),
    publisher="澄江书局",
    publisher_place="澄江",
    container_title="食堂的书",
    event="食堂研讨会",
    issued=PartialDate(2020, 5),
    accessed=PartialDate(2021, 2, 3),
    number="号1",
    volume="2",
    issue="3",
    page="12-18",
    edition="2",
    isbn="978-0-306-40615-7",
    issn="1234-567X",
    version="V2",
    scale="1:25000",
    dimensions="128cm×84cm",
    archive="澄江档案馆",
    archive_place="澄江",
    url="https://x.example/a_b?c=%20&d=1#f",
    doi="10.9999/x_y",
    language="zh-CN",
    medium="OL",
)


def one(text: str | bytes) -> Work:
    data = text.encode() if isinstance(text, str) else text
    (item,) = read(data, name="refs")
    return item.work


@pytest.mark.parametrize("kind", WorkType)
@pytest.mark.parametrize("to", ExchangeFormat)
def test_everything_known_comes_back(to: ExchangeFormat, kind: WorkType) -> None:
    work = replace(FULL, type=kind)
    assert all(getattr(work, field.name) for field in fields(Work))
    (back,) = read(write([Item("k1", work)], to).encode(), name="refs")
    assert back.work == work
    if to is not ExchangeFormat.RIS:
        assert back.key == "k1"


_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" {}\\%&$#_~^\"'-`,@="),
    max_size=20,
).map(lambda text: " ".join(text.split()))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_WORDS.filter(bool), _WORDS, st.sampled_from(WorkType), st.sampled_from(ExchangeFormat))
def test_any_words_come_back(title: str, other: str, kind: WorkType, to: ExchangeFormat) -> None:
    # The same cleaning that every text that comes in goes through.
    title, other = (read_back(each) for each in (title, other))
    if not title:
        return
    work = Work(kind, title, publisher=other, container_title=other)
    (back,) = read(write([Item("k", work)], to).encode(), name="refs")
    assert back.work == work


def read_back(text: str) -> str:
    from knowledge.text import clean

    return " ".join(clean(text).split())


@settings(max_examples=200, deadline=None)
@given(_WORDS)
def test_escaped_words_read_back_and_never_unbalance_braces(text: str) -> None:
    safe = escaped(text)
    assert plain(safe) == plain(escaped(plain(safe)))
    assert safe.count("{") == safe.count("}")


def test_what_is_unknown_is_not_written() -> None:
    item = Item("k", Work(WorkType.BOOK, "书"))
    assert write([item], ExchangeFormat.BIBTEX) == "@book{k,\n  title = {书},\n}\n"
    ris = write([item], ExchangeFormat.RIS)
    assert ris == "TY  - BOOK\r\nID  - k\r\nTI  - 书\r\nER  - \r\n\r\n"
    csl = json.loads(write([item], ExchangeFormat.CSL_JSON))
    assert csl == [{"id": "k", "type": "book", "title": "书"}]


def test_bibtex_keys_are_made_fit_and_unique() -> None:
    items = [Item("a b", Work(WorkType.BOOK, "一")), Item("a,b", Work(WorkType.BOOK, "二"))]
    back = read(write(items, ExchangeFormat.BIBTEX).encode(), name="refs")
    assert [item.key for item in back] == ["a-b", "a-b-2"]


# Dialects ---------------------------------------------------------------------------------------


def test_zotero_csl_json_with_extra() -> None:
    item = {
        "id": "http://zotero.org/users/1/items/ABC",
        "type": "document",
        "title": "澄江资源描述",
        "author": [
            {"family": "陶", "given": "野"},
            {"family": "Beek", "non-dropping-particle": "van"},
        ],
        "issued": {"date-parts": [["2021", 5]]},
        "language": "Chinese",
        "note": "type: standard\nnumber: CJ/T 1—2021\n随手记的一句话\neditor: Marlow || Tom",
        "event": "会议",
        "custom": {"x": 1},
    }
    work = one(json.dumps({"items": [item]}))
    assert work.type is WorkType.STANDARD
    assert work.number == "CJ/T 1—2021"
    assert work.language == "zh"
    assert work.author == (Name(family="陶", given="野"), Name(literal="", family="van Beek"))
    assert work.editor == (Name(family="Marlow", given="Tom"),)
    assert work.issued == PartialDate(2021, 5)
    assert work.event == "会议"


def test_a_title_without_its_markup_and_a_doi_without_its_address() -> None:
    item = {
        "type": "book", "title": "The genome of <i>Eucalyptus</i>, a < b", "source": "DOI.org",
        "DOI": "https://doi.org/10.9/x",
    }  # fmt: skip
    work = one(json.dumps([item]))
    assert (work.title, work.doi, work.archive) == ("The genome of Eucalyptus, a < b", "10.9/x", "")


def test_extra_does_not_overwrite_what_a_field_says() -> None:
    item = {
        "type": "book",
        "title": "书",
        "publisher": "甲社",
        "note": "publisher: 乙社\nDOI: 10.9/z",
    }
    work = one(json.dumps([item]))
    assert (work.publisher, work.doi) == ("甲社", "10.9/z")


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2021, 2, 30]]}, PartialDate(2021, 2)),
        ({"raw": "2021-05-07"}, PartialDate(2021, 5, 7)),
        ({"literal": "May 2021"}, PartialDate(2021, 5)),
        ({"date-parts": [[2021, 5], [2022, 1]]}, PartialDate(2021, 5)),
        ({"literal": "民国十年"}, None),
        ("2021", PartialDate(2021)),
        ({"date-parts": [[]]}, None),
        (17, None),
    ],
)
def test_dates_of_csl_json(issued: Any, date: PartialDate | None) -> None:
    assert one(json.dumps([{"type": "book", "title": "书", "issued": issued}])).issued == date


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2023/05/07/", PartialDate(2023, 5, 7)),
        ("2023年5月7日", PartialDate(2023, 5, 7)),
        ("7 May 2023", PartialDate(2023, 5, 7)),
        ("May 7, 2023", PartialDate(2023, 5, 7)),
        ("2023-05-07T10:00:00Z", PartialDate(2023, 5, 7)),
        ("2023///", PartialDate(2023)),
        ("in press", None),
        ("0000", None),
    ],
)
def test_dates_as_programs_write_them(written: str, date: PartialDate | None) -> None:
    assert date_of(written) == date


@pytest.mark.parametrize(
    ("written", "tag"),
    [("中文", "zh"), ("zh_CN", "zh-CN"), ("ngerman", "de"), ("eng", "en"), ("en-GB", "en-GB"),
     ("不详", ""), ("see note", ""), ("", "")],
)  # fmt: skip
def test_languages_as_programs_write_them(written: str, tag: str) -> None:
    assert language_of(written) == tag


def test_zotero_ris() -> None:
    text = (
        "\ufeffTY  - JOUR\r\nTI  - 社区食堂的\r\n可持续经营\r\nAU  - 陶, 野\r\nAU  - Marlow, Tom, Jr\r\n"
        "T2  - 虚构社会政策\r\nPY  - 2023\r\nDA  - 2023/05//\r\nVL  - 52\r\nIS  - 11\r\nSP  - 12\r\n"
        "EP  - 18\r\nSN  - 1234-5678\r\nLA  - zh-CN\r\nN1  - type: article-newspaper\r\n"
        "KW  - 食堂\r\nER  - \r\n"
    )
    work = one(text)
    assert work.type is WorkType.NEWS
    assert work.title == "社区食堂的 可持续经营"
    assert work.author == (Name(family="陶", given="野"), Name("", "Marlow", "Tom", "Jr"))
    assert (work.page, work.issn, work.isbn) == ("12-18", "1234-5678", "")
    assert work.issued == PartialDate(2023, 5)


def test_endnote_ris_of_a_report() -> None:
    work = one(
        "TY  - RPRT\nT1  - Handling spoil\nA1  - Department of Roads\nSN  - PB 91\nY1  - 1990\nER  -\n"
    )
    assert (work.number, work.isbn) == ("PB 91", "")
    assert work.author == (Name(literal="Department of Roads"),)


BIBTEX = r"""
This line is a comment. So is an address: a.b@example.org
@comment{jabref-meta: {x}}
@preamble{ "\newcommand{\x}{y}" }
@string{ips = "Imaginary " # {Policy}}
@ARTICLE{marlow:2020,
  author  = "Tom Marlow and {Institute of {F}ood and Drink} and Godard, Jean-Luc and others",
  title   = {{Canteens}: na{\"\i}ve \& caf\'e{}s, {\O}rsted's \emph{view} 50\%},
  journal = ips, year = 2020, month = may, number = 4, volume = 18,
  pages   = {455--471}, doi = {10.9999/a\_b}, url = {http://x.example/a\_b},
  language = {english},
  year = 1999,
}
@misc{p1, title = {Light}, eprint = {1112.6136}, archiveprefix = {arXiv}, year = {2012}}
@phdthesis(t1, title = {县域土壤}, author = {王小琦}, school = {澄江大学}, year = {2022})
"""


def test_bibtex_of_many_hands() -> None:
    article, preprint, thesis = (item.work for item in read(BIBTEX.encode(), name="refs"))
    assert article.title == "Canteens: naïve & cafés, Ørsted's view 50%"
    assert article.author == (
        Name(family="Marlow", given="Tom"),
        Name(literal="Institute of Food and Drink"),
        Name(family="Godard", given="Jean-Luc"),
    )
    assert article.container_title == "Imaginary Policy"
    assert (article.volume, article.issue, article.page) == ("18", "4", "455-471")
    assert article.issued == PartialDate(2020, 5)
    assert (article.doi, article.url) == ("10.9999/a_b", "http://x.example/a_b")
    assert article.language == "en"
    assert (preprint.type, preprint.publisher) == (WorkType.PREPRINT, "arXiv")
    assert preprint.number == "arXiv:1112.6136"
    assert (thesis.type, thesis.publisher) == (WorkType.THESIS, "澄江大学")
    assert thesis.author == (Name(literal="王小琦"),)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ludwig van Beethoven", (Name(family="van Beethoven", given="Ludwig"),)),
        ("de la Cruz, Ana", (Name(family="de la Cruz", given="Ana"),)),
        ("King, Jr, Martin", (Name(family="King", given="Martin", suffix="Jr"),)),
        ("陶野 and 马原", (Name(literal="陶野"), Name(literal="马原"))),
        ("{A and B}", (Name(literal="A and B"),)),
        ("Plato", (Name(literal="Plato"),)),
        ("", ()),
    ],
)
def test_names_of_bibtex(written: str, names: tuple[Name, ...]) -> None:
    assert one(f"@book{{k, title = {{x}}, author = {{{written}}}}}").author == names


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_old_and_new_programs(codec: str) -> None:
    assert one("@book{k, title = {澄江旧闻}}".encode(codec)).title == "澄江旧闻"


# Hostile files ----------------------------------------------------------------------------------

BROKEN: list[tuple[str, type[ReferencesFileError], int | None]] = [
    ("@book{a, title = {x}}\n\n@book{b,\n  title = {x", UnclosedReferenceError, 4),
    ("@book{a, title = {x}\n@book{b, title = {y}}", MalformedReferencesError, 2),
    ("@book{a, title = {x},\n@book{b, title = {y}}", UnclosedReferenceError, 1),
    ('@book{a, title = "x}', UnclosedReferenceError, 1),
    ("@book{a, title x}", MalformedReferencesError, 1),
    ("@book{a, title = }", MalformedReferencesError, 1),
    ("@book{a b, title = {x}}", MalformedReferencesError, 1),
    ("@book{", UnclosedReferenceError, 1),
    ("\n@comment{x", UnclosedReferenceError, 2),
    ("@bok{a, title = {x}}", UnknownWorkTypeError, 1),
    ("@book{a, title = {}}", UntitledReferenceError, 1),
    ("@book{a, title={x}}\n@book{a, title={y}}", RepeatedKeyError, 2),
    ("TY  - BOOK\nTI  - x\n", UnclosedReferenceError, 1),
    ("TY  - BOOK\nTI  - x\nTY  - BOOK\nTI  - y\nER  -\n", UnclosedReferenceError, 1),
    ("TY  - BOOK\nTI  - x\nER  -\nnonsense\n", MalformedReferencesError, 4),
    ("TY  - BOOOK\nTI  - x\nER  -\n", UnknownWorkTypeError, 1),
    ("TY  - BOOK\nAU  - x\nER  -\n", UntitledReferenceError, 1),
    ('[{"type": "book", "title": "x"},\n {"type": "bok", "title": "y"}]', UnknownWorkTypeError, 2),
    ('[\n{"type": "book", "title": "x"}\n{"type": "book"}]', MalformedReferencesError, 3),
    ('[{"type": "book", "title": "x"}', UnclosedReferenceError, 1),
    ('[{"type": "book"}]', UntitledReferenceError, 1),
    ('["x"]', MalformedReferencesError, 1),
    ('[{"type": "book", "title": "x"}] y', MalformedReferencesError, 1),
    ('[{"id": 1, "type": "book", "title": "x"},{"id": 1, "type": "book", "title": "x"}]', RepeatedKeyError, 1),
    ("[" * 100_000, MalformedReferencesError, 1),
    ("[" + "9" * 10_000 + "]", MalformedReferencesError, 1),
    ("只是一段文字。", UnknownReferencesError, None),
    ("", NoReferencesError, None),
    ("[]", NoReferencesError, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error", "line"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_broken_gives_one_sentence_with_its_line(
    text: str, error: type[ReferencesFileError], line: int | None
) -> None:
    with pytest.raises(error) as caught:
        read(text.encode(), name="refs.bib")
    assert type(caught.value) is error
    assert "refs.bib" in str(caught.value)
    assert caught.value.details.get("line") == line


@pytest.mark.parametrize(
    "text",
    [
        "@book{k, title = {" + "{" * 300_000,
        "@book{k, title = {x}, note = {" + "a and " * 200_000 + "}}",
        "@book{k, author = {" + "a and " * 100_000 + "b}, title = {x}}",
        "@comment{x}\n" * 100_000 + "@book{k, title = {x}}",
        "TY  - BOOK\nTI  - x\n" + "further line\n" * 200_000 + "ER  - \n",
        "[" + ",\n".join(f'{{"type":"book","title":"x","id":{n}}}' for n in range(20_000)) + "]",
        "@" * 500_000 + "{",
        "@book{k, title = {x}, year = " + "x # " * 100_000 + "x}",
    ],
    ids=range(8),
)
@pytest.mark.timeout(20)
def test_megabytes_are_read_in_proportion_to_their_size(text: str) -> None:
    found, refusal = _tried(text)
    assert bool(found) is not bool(refusal)


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from('@{}(),="#%\\ \nabookTYER-  titlex陶'), max_size=80)
    | st.binary(max_size=60).map(lambda data: data.decode("latin-1"))
)
def test_no_text_does_more_than_be_refused(text: str) -> None:
    found, refusal = _tried(text)
    assert all(item.work.title for item in found)
    assert found or "refs" in refusal


def _tried(text: str) -> tuple[list[Item], str]:
    """What was read, or the sentence why not."""
    try:
        return read(text.encode(), name="refs"), ""
    except ReferencesFileError as error:
        return [], str(error)
