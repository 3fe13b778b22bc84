"""CSL-JSON of documents; every work here is made up."""

import json
from datetime import UTC, datetime

import pytest

from knowledge.csl import csl_json
from knowledge.model import Access, Document, DocumentType, Metadata, Stamp, Version

STAMP = Stamp(1, Access.PUBLIC, 1, datetime(2025, 6, 2, 3, 4, tzinfo=UTC))
VERSION = Version(
    id=4, document_id=2, number=3, sha256="0" * 64, size=1, file_name="a.pdf",
    media_type="application/pdf", paged=True, page_count=3, passage_count=9, encoding=None,
    remarks=(), stamp=STAMP,
)  # fmt: skip
_VARIABLES = {
    "id", "type", "title", "author", "authority", "publisher", "publisher-place",
    "container-title", "issued", "accessed", "number", "volume", "issue", "page", "edition",
    "ISBN", "DOI", "URL", "language", "medium",
}  # fmt: skip
_TYPES = {
    "legislation", "regulation", "report", "article-journal", "article-newspaper", "book",
    "webpage", "dataset", "manuscript", "document", "chapter", "paper-conference", "thesis",
    "standard", "patent", "map", "article",
}  # fmt: skip
"""Types of the CSL 1.0.2 schema."""


def item(metadata: Metadata) -> dict[str, object]:
    return dict(csl_json(Document(2, metadata, "upload:a.pdf", STAMP, 4), VERSION))


def test_everything_known_is_there() -> None:
    found = item(
        Metadata(
            title="食堂的经营",
            type=DocumentType.ARTICLE,
            authors=("陶野", "Marlow, Tom"),
            issued_on="2023-05",
            language="zh",
            url="https://j.example/7",
            carrier="OL",
            container_title="虚构社会政策",
            volume="52",
            issue="11",
            pages="12-18",
            publisher="澄江书局",
            publisher_place="澄江",
            edition="2",
            isbn="978-0-306-40615-7",
            doi="10.9999/x.7",
            number="e7",
            accessed_on="2025-01-31",
        )
    )
    assert found == {
        "id": "zhiku-2-3",
        "type": "article-journal",
        "title": "食堂的经营",
        "author": [{"literal": "陶野"}, {"family": "Marlow", "given": "Tom"}],
        "publisher": "澄江书局",
        "publisher-place": "澄江",
        "container-title": "虚构社会政策",
        "issued": {"date-parts": [[2023, 5]]},
        "accessed": {"date-parts": [[2025, 1, 31]]},
        "number": "e7",
        "volume": "52",
        "issue": "11",
        "page": "12-18",
        "edition": "2",
        "ISBN": "978-0-306-40615-7",
        "DOI": "10.9999/x.7",
        "URL": "https://j.example/7",
        "language": "zh",
        "medium": "OL",
    }


def test_a_government_document_names_its_authority() -> None:
    found = item(
        Metadata(
            title="关于食堂的通知",
            type=DocumentType.OFFICIAL,
            issuer="澄江市民政局",
            number="澄民发〔2023〕1号",
        )
    )
    assert found["type"] == "regulation"
    assert found["authority"] == "澄江市民政局"
    assert found["author"] == [{"literal": "澄江市民政局"}]
    assert found["number"] == "澄民发〔2023〕1号"


def test_what_is_unknown_is_left_out() -> None:
    assert item(Metadata(title="宣传折页")) == {
        "id": "zhiku-2-3",
        "type": "document",
        "title": "宣传折页",
    }


@pytest.mark.parametrize("kind", DocumentType)
def test_every_type_gives_names_of_the_schema_and_plain_json(kind: DocumentType) -> None:
    found = item(Metadata(title="题名", type=kind, issuer="机关", issued_on="2023", number="1号"))
    assert found["type"] in _TYPES
    assert found.keys() <= _VARIABLES
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("journal", "kind"),
    [
        ("澄江日报", "article-newspaper"),
        ("图书馆学报", "article-journal"),
        ("图书情报", "article-journal"),
        ("The Lowtown Times", "article-newspaper"),
    ],
)
def test_a_newspaper_is_known_by_its_name(journal: str, kind: str) -> None:
    about = Metadata(title="题名", type=DocumentType.ARTICLE, container_title=journal)
    assert item(about)["type"] == kind
