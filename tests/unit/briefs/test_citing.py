"""References as GB/T 7714—2025 wants them; every work here is made up."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from briefs.citing import Name, PartialDate, Work, WorkType, numbered, reference, work_of
from briefs.model import Evidence
from knowledge.model import Access, Document, DocumentType, Metadata, Span, Stamp, Version

T = WorkType
URL = "https://www.chengjiang.example/t1.html"


def names(*literals: str) -> tuple[Name, ...]:
    return tuple(Name(literal=literal) for literal in literals)


def on(text: str) -> PartialDate:
    found = PartialDate.parse(text)
    assert found is not None
    return found


READ = on("2025-06-02")

GOLDEN: list[tuple[Work, str]] = [
    # Laws and government documents
    (
        Work(
            T.LEGISLATION,
            "澄江省公共阅读条例",
            names("澄江省人民代表大会常务委员会"),
            issued=on("2021-09-28"),
            accessed=READ,
            url=URL,
        ),
        f"澄江省人民代表大会常务委员会. 澄江省公共阅读条例[A/OL]. （2021-09-28）[2025-06-02]. {URL}.",
    ),
    (
        Work(T.LEGISLATION, "澄江省公共阅读条例", issued=on("2021")),
        "澄江省公共阅读条例[A]. 2021.",
    ),
    (
        Work(
            T.REGULATION,
            "关于推进社区食堂建设的意见",
            names("澄江区人民政府"),
            number="澄政发〔2025〕8号",
            issued=on("2025-03-18"),
            accessed=READ,
            url=URL,
        ),
        f"澄江区人民政府. 关于推进社区食堂建设的意见：澄政发〔2025〕8号[A/OL]. （2025-03-18）[2025-06-02]. {URL}.",
    ),
    (
        Work(
            T.REGULATION,
            "关于推进社区食堂建设的意见",
            names("澄江区人民政府"),
            number="澄政发〔2025〕8号",
            issued=on("2025-03-18"),
        ),
        "澄江区人民政府. 关于推进社区食堂建设的意见：澄政发〔2025〕8号[A]. 2025-03-18.",
    ),
    (
        Work(
            T.REGULATION,
            "关于推进社区食堂建设的意见（澄政发〔2025〕8号）",
            names("澄江区人民政府"),
            number="澄政发〔2025〕8号",
        ),
        "澄江区人民政府. 关于推进社区食堂建设的意见（澄政发〔2025〕8号）[A].",
    ),
    (
        Work(
            T.REGULATION,
            "关于做好防汛工作的通知",
            names("澄江区民政局", "澄江区水务局"),
            issued=on("2024-05"),
            accessed=READ,
            url=URL,
        ),
        f"澄江区民政局，澄江区水务局. 关于做好防汛工作的通知[A/OL]. （2024-05）[2025-06-02]. {URL}.",
    ),
    (
        Work(T.REGULATION, "关于做好防汛工作的通知", names("甲局", "乙局", "丙局", "丁局", "戊局")),
        "甲局，乙局，丙局，等. 关于做好防汛工作的通知[A].",
    ),
    (
        Work(
            T.REGULATION,
            "Guidance on community meals",
            names("Ministry of Imaginary Affairs"),
            number="Circular 12/2023",
            issued=on("2023-02-01"),
            accessed=READ,
            url="https://moia.example/12",
        ),
        "Ministry of Imaginary Affairs. Guidance on community meals：Circular 12/2023[A/OL]. （2023-02-01）[2025-06-02]. https://moia.example/12.",
    ),
    # Plans, reports, bulletins, surveys, reference answers
    (
        Work(T.REPORT, "澄江区养老服务规划", names("澄江区民政局"), issued=on("2022-12-30")),
        "澄江区民政局. 澄江区养老服务规划[R]. 2022-12-30.",
    ),
    (
        Work(T.REPORT, "澄江区养老服务规划", names("澄江区民政局"), issued=on("2022"), url=URL),
        f"澄江区民政局. 澄江区养老服务规划[R/OL]. 2022. {URL}.",
    ),
    (
        Work(T.REPORT, "澄江区养老服务规划", names("澄江区民政局"), accessed=READ, url=URL),
        f"澄江区民政局. 澄江区养老服务规划[R/OL]. [2025-06-02]. {URL}.",
    ),
    (
        Work(T.REPORT, "澄江区养老服务规划"),
        "澄江区养老服务规划[R].",
    ),
    (
        Work(
            T.REPORT,
            "2023年国民经济和社会发展统计公报",
            names("澄江区统计局"),
            issued=on("2024-04-09"),
            accessed=READ,
            url=URL,
        ),
        f"澄江区统计局. 2023年国民经济和社会发展统计公报[R/OL]. 2024-04-09. {URL}.",
    ),
    (
        Work(
            T.REPORT,
            "社区阅读研究",
            names("陶野", "马原"),
            publisher="澄江出版社",
            publisher_place="澄江",
            issued=on("2021-07-01"),
        ),
        "陶野，马原. 社区阅读研究[R]. 澄江：澄江出版社，2021.",
    ),
    (
        Work(T.REPORT, "水质监测报告", names("陶野"), publisher="澄江水务研究所"),
        "陶野. 水质监测报告[R]. 澄江水务研究所.",
    ),
    (
        Work(T.REPORT, "水质监测报告", names("陶野"), number="CJ-W-2021-07", issued=on("2021-07")),
        "陶野. 水质监测报告：CJ-W-2021-07[R]. 2021-07.",
    ),
    (
        Work(
            T.REPORT,
            "关于社区食堂经费来源的答复",
            names("澄江区图书馆"),
            issued=on("2025-05-06"),
            accessed=READ,
            url="https://zhiku.example/answers/3",
        ),
        "澄江区图书馆. 关于社区食堂经费来源的答复[R/OL]. 2025-05-06. https://zhiku.example/answers/3.",
    ),
    (
        Work(
            T.REPORT,
            "Canteens and their costs",
            names("Institute A", "Institute B", "Institute C", "Institute D"),
            issued=on("2020"),
        ),
        "Institute A，Institute B，Institute C，et al. Canteens and their costs[R]. 2020.",
    ),
    # Articles
    (
        Work(
            T.ARTICLE,
            "社区食堂的可持续经营",
            names("陶野"),
            container_title="虚构社会政策",
            issued=on("2023-01"),
            issue="1",
            page="56-75",
        ),
        "陶野. 社区食堂的可持续经营[J]. 虚构社会政策，2023（1）：56-75.",
    ),
    (
        Work(
            T.ARTICLE,
            "社区食堂的可持续经营",
            names("陶野", "马原", "秦川"),
            container_title="虚构社会政策",
            issued=on("2023"),
            volume="52",
            issue="11",
            page="1518-1523",
        ),
        "陶野，马原，秦川. 社区食堂的可持续经营[J]. 虚构社会政策，2023，52（11）：1518-1523.",
    ),
    (
        Work(
            T.ARTICLE,
            "社区食堂的可持续经营",
            names("陶野", "马原", "秦川", "易水"),
            container_title="虚构社会政策",
            issued=on("2023-03-15"),
        ),
        "陶野，马原，秦川，等. 社区食堂的可持续经营[J]. 虚构社会政策，2023-03-15.",
    ),
    (
        Work(
            T.ARTICLE,
            "Who eats at the canteen? A survey",
            (
                Name(family="Marlow", given="Tom"),
                Name(family="Ashby", given="Ruth Jane"),
                Name(family="Duval", given="Jean-Luc"),
                Name(family="Okoro", given="N."),
            ),
            container_title="Journal of Imaginary Policy",
            issued=on("2022"),
            volume="18",
            issue="4",
            page="455-471",
        ),
        "Marlow T，Ashby R J，Duval J-L，et al. Who eats at the canteen? A survey[J]. Journal of Imaginary Policy，2022，18（4）：455-471.",
    ),
    (
        Work(
            T.ARTICLE,
            "Canteens: a review",
            names("Tom Marlow"),
            container_title="Imaginary Letters",
            issued=on("2024"),
            volume="12",
            number="e067",
            doi="10.9999/il.067",
        ),
        "Tom Marlow. Canteens: a review[J/OL]. Imaginary Letters，2024，12：e067. DOI:10.9999/il.067.",
    ),
    (
        Work(T.ARTICLE, "社区食堂的可持续经营", container_title="虚构社会政策", issue="3"),
        "社区食堂的可持续经营[J]. 虚构社会政策（3）.",
    ),
    (
        Work(T.ARTICLE, "社区食堂的可持续经营", names("陶野")),
        "陶野. 社区食堂的可持续经营[J].",
    ),
    (
        Work(
            T.ARTICLE,
            "共同之家",
            names("陶野"),
            container_title="虚构社会政策",
            issued=on("2023"),
            issue="2",
            url="https://j.example/2",
            accessed=READ,
        ),
        "陶野. 共同之家[J/OL]. 虚构社会政策，2023（2）. https://j.example/2.",
    ),
    # Newspapers
    (
        Work(
            T.NEWS,
            "社区食堂开张",
            names("陶野"),
            container_title="澄江日报",
            issued=on("2023-05-05"),
            page="2",
        ),
        "陶野. 社区食堂开张[N]. 澄江日报，2023-05-05（2）.",
    ),
    (
        Work(T.NEWS, "社区食堂开张", container_title="澄江日报", issued=on("2023-05"), url=URL),
        f"社区食堂开张[N/OL]. 澄江日报，2023-05. {URL}.",
    ),
    # Books
    (
        Work(
            T.BOOK,
            "澄江旧闻：第一卷",
            names("陶野"),
            publisher="澄江书局",
            publisher_place="澄江",
            issued=on("2000-05"),
        ),
        "陶野. 澄江旧闻：第一卷[M]. 澄江：澄江书局，2000.",
    ),
    (
        Work(
            T.BOOK, "澄江旧闻", names("陶野"), publisher="澄江书局", issued=on("2000"), edition="2"
        ),
        "陶野. 澄江旧闻[M]. 2 版. 澄江书局，2000.",
    ),
    (
        Work(T.BOOK, "澄江旧闻", names("陶野"), publisher_place="澄江", edition="1"),
        "陶野. 澄江旧闻[M]. 澄江.",
    ),
    (
        Work(T.BOOK, "澄江旧闻", names("陶野"), edition="修订版", issued=on("2010")),
        "陶野. 澄江旧闻[M]. 修订版. 2010.",
    ),
    (
        Work(
            T.BOOK,
            "The future of canteens",
            (Name(family="Marlow", given="Tom"),),
            publisher="Imaginary Press",
            publisher_place="Lowtown",
            issued=on("2020"),
            edition="3",
        ),
        "Marlow T. The future of canteens[M]. 3rd ed. Lowtown：Imaginary Press，2020.",
    ),
    (
        Work(T.BOOK, "The future of canteens", edition="11", issued=on("2020")),
        "The future of canteens[M]. 11th ed. 2020.",
    ),
    (
        Work(T.BOOK, "The future of canteens", edition="Rev. ed.", publisher="Imaginary Press"),
        "The future of canteens[M]. Rev. ed. Imaginary Press.",
    ),
    (
        Work(T.BOOK, "旧闻续编", (Name(family="欧阳", given="野"),), issued=on("2001")),
        "欧阳野. 旧闻续编[M]. 2001.",
    ),
    (
        Work(T.BOOK, "Tao Ye on canteens", names("陶野", "马原", "秦川", "易水"), language="zh-CN"),
        "陶野，马原，秦川，等. Tao Ye on canteens[M].",
    ),
    (
        Work(T.BOOK, "食堂の歴史", names("山田", "鈴木", "佐藤", "田中")),
        "山田，鈴木，佐藤，et al. 食堂の歴史[M].",
    ),
    # Web pages
    (
        Work(
            T.WEB_PAGE,
            "社区食堂名单",
            names("澄江区民政局"),
            issued=on("2025-01-05"),
            accessed=READ,
            url=URL,
        ),
        f"澄江区民政局. 社区食堂名单[EB/OL]. （2025-01-05）[2025-06-02]. {URL}.",
    ),
    (
        Work(T.WEB_PAGE, "社区食堂名单", accessed=READ, url=URL),
        f"社区食堂名单[EB/OL]. [2025-06-02]. {URL}.",
    ),
    (
        Work(T.WEB_PAGE, "社区食堂名单", issued=on("2025")),
        "社区食堂名单[EB]. （2025）.",
    ),
    # Data sets
    (
        Work(
            T.DATASET,
            "社区服务设施清单",
            names("陶野"),
            publisher="澄江数据中心",
            version="1.2",
            issued=on("2025-01"),
            accessed=READ,
            url=URL,
        ),
        f"陶野. 社区服务设施清单[DS/OL]. V1.2. 澄江数据中心（2025-01）[2025-06-02]. {URL}.",
    ),
    (
        Work(T.DATASET, "社区服务设施清单", names("澄江区民政局"), issued=on("2025-01")),
        "澄江区民政局. 社区服务设施清单[DS]. （2025-01）.",
    ),
    (
        Work(T.DATASET, "社区服务设施清单", names("澄江区民政局"), accessed=READ, medium="CD"),
        "澄江区民政局. 社区服务设施清单[DS/CD].",
    ),
    # Minutes and other papers of an archive
    (
        Work(
            T.MANUSCRIPT,
            "第三次联席会议纪要",
            names("澄江区民政局"),
            number="〔2025〕3号",
            issued=on("2025-04-11"),
        ),
        "澄江区民政局. 第三次联席会议纪要：〔2025〕3号[A]. 2025-04-11.",
    ),
    (
        Work(
            T.MANUSCRIPT,
            "第三次联席会议纪要",
            number="CJ-12-3",
            archive="澄江区档案馆",
            archive_place="澄江",
            issued=on("1986-04-11"),
        ),
        "第三次联席会议纪要：CJ-12-3[A]. 澄江：澄江区档案馆，1986-04-11.",
    ),
    # Others
    (
        Work(T.DOCUMENT, "宣传折页", names("澄江区图书馆"), issued=on("2024-05-01")),
        "澄江区图书馆. 宣传折页[Z]. 2024.",
    ),
    (
        Work(T.DOCUMENT, "宣传折页", issued=on("2024-05-01"), accessed=READ, url=URL),
        f"宣传折页[EB/OL]. （2024-05-01）[2025-06-02]. {URL}.",
    ),
    # Rough input
    (
        Work(T.BOOK, " 澄江\n旧闻\x00 ", names(" 陶野 ", "")),
        "陶野. 澄江 旧闻[M].",
    ),
    (
        Work(T.BOOK, "Canteens", names("Marlow T.")),
        "Marlow T. Canteens[M].",
    ),
]


@pytest.mark.parametrize(("work", "entry"), GOLDEN, ids=range(len(GOLDEN)))
def test_golden_entries(work: Work, entry: str) -> None:
    assert reference(work) == entry


def test_there_are_enough_golden_entries() -> None:
    assert len(GOLDEN) >= 40


@pytest.mark.parametrize("kind", WorkType)
def test_nothing_is_invented_for_a_work_of_which_only_the_title_is_known(kind: WorkType) -> None:
    entry = reference(Work(kind, "题名"))
    assert entry.startswith("题名[")
    assert entry.endswith("].")
    assert len(entry) <= len("题名[EB].")


@pytest.mark.parametrize(
    "text", ["", None, "2021-13", "2021-02-30", "二〇二一年", "2021/05", "0000"]
)
def test_what_is_no_date_is_unknown(text: str | None) -> None:
    assert PartialDate.parse(text) is None


@pytest.mark.parametrize("text", ["2021", "2021-05", "2021-05-30"])
def test_dates_keep_their_precision(text: str) -> None:
    assert str(on(text)) == text


STAMP = Stamp(1, Access.PUBLIC, 1, datetime(2025, 6, 2, 3, 4, tzinfo=UTC))
VERSION = Version(
    id=4, document_id=2, number=1, sha256="0" * 64, size=1, file_name="a.pdf",
    media_type="application/pdf", paged=True, page_count=3, passage_count=9, encoding=None, remarks=(), stamp=STAMP,
)  # fmt: skip


def document(metadata: Metadata) -> Document:
    return Document(2, metadata, "upload:a.pdf", STAMP, 4)


CATALOGUED: list[tuple[Metadata, str]] = [
    (
        Metadata(
            title="社区食堂三年规划", type=DocumentType.PLAN, issuer="澄江区民政局",
            number="澄民发〔2025〕2号", issued_on="2025-02-01", url=URL,
        ),
        f"澄江区民政局. 社区食堂三年规划：澄民发〔2025〕2号[A/OL]. （2025-02-01）[2025-06-02]. {URL}.",
    ),
    (
        Metadata(title="社区食堂三年规划", type=DocumentType.PLAN, issuer="澄江区民政局"),
        "澄江区民政局. 社区食堂三年规划[R].",
    ),
    (
        Metadata(
            title="澄江旧闻", type=DocumentType.BOOK, authors=("陶野",), issuer="澄江书局",
            issued_on="2000",
        ),
        "陶野. 澄江旧闻[M]. 澄江书局，2000.",
    ),
    (
        Metadata(
            title="可持续经营", type=DocumentType.ARTICLE, authors=("陶野",),
            issuer="虚构社会政策", issued_on="2023-03",
        ),
        "陶野. 可持续经营[J]. 虚构社会政策，2023-03.",
    ),
    (
        Metadata(
            title="年度公报", type=DocumentType.BULLETIN, authors=("澄江区统计局",),
            issuer="澄江区统计局", issued_on="2024-04-09",
        ),
        "澄江区统计局. 年度公报[R]. 2024-04-09.",
    ),
    (
        Metadata(
            title="食堂的经营", type=DocumentType.ARTICLE, authors=("Marlow, Tom", "Ashby, Ruth Jane"),
            issuer="澄江大学", container_title="虚构社会政策", volume="52", issue="11",
            pages="1518-1523", issued_on="2023-05", doi="10.9999/x.7", carrier="OL",
        ),
        "Marlow T，Ashby R J. 食堂的经营[J/OL]. 虚构社会政策，2023，52（11）：1518-1523. DOI:10.9999/x.7.",
    ),
    (
        Metadata(
            title="社区食堂开张", type=DocumentType.ARTICLE, authors=("陶野",),
            container_title="澄江日报", pages="2", issued_on="2023-05-05",
        ),
        "陶野. 社区食堂开张[N]. 澄江日报，2023-05-05（2）.",
    ),
    (
        Metadata(
            title="澄江旧闻", type=DocumentType.BOOK, authors=("陶野",), issuer="澄江市图书馆",
            publisher="澄江书局", publisher_place="澄江", edition="2", issued_on="2000",
            isbn="978-0-306-40615-7",
        ),
        "陶野. 澄江旧闻[M]. 2 版. 澄江：澄江书局，2000.",
    ),
    (
        Metadata(
            title="社区食堂名单", type=DocumentType.WEB_PAGE, url=URL, accessed_on="2024-12-31",
        ),
        f"社区食堂名单[EB/OL]. [2024-12-31]. {URL}.",
    ),
    (
        Metadata(title="社区统计", type=DocumentType.DATASET, issuer="澄江区统计局", carrier="CD"),
        "澄江区统计局. 社区统计[DS/CD].",
    ),
    (
        Metadata(
            title="食堂的账", type=DocumentType.CHAPTER, authors=("陶野",), editors=("马原", "丁一"),
            container_title="澄江社区研究", publisher="澄江书局", publisher_place="澄江",
            issued_on="2021", pages="32-36",
        ),
        "陶野. 食堂的账[M]//马原，丁一. 澄江社区研究. 澄江：澄江书局，2021：32-36.",
    ),
    (
        Metadata(
            title="食堂与社区", type=DocumentType.CONFERENCE_PAPER, authors=("陶野",),
            event="第三届社区服务年会", issued_on="2022", pages="2",
        ),
        "陶野. 食堂与社区[C]//第三届社区服务年会，2022：2.",
    ),
    (
        Metadata(
            title="社区研究手册", type=DocumentType.BOOK, editors=("马原",), translators=("丁一",),
            issuer="澄江书局", publisher_place="澄江", issued_on="2019",
        ),
        "马原. 社区研究手册[M]. 丁一，译. 澄江：澄江书局，2019.",
    ),
    (
        Metadata(
            title="澄江区食堂分布图", type=DocumentType.MAP, issuer="澄江地图社",
            publisher_place="澄江", scale="1:25000", dimensions="128cm×84cm", issued_on="2021",
        ),
        "澄江地图社. 澄江区食堂分布图. 1:25000[CM]. 澄江，2021. 128cm×84cm.",
    ),
    (
        Metadata(
            title="澄江用餐数据", type=DocumentType.DATASET, authors=("陶野",), release="1.2",
            publisher="澄江数据中心", issued_on="2025-01", accessed_on="2025-06-02", url=URL,
        ),
        f"陶野. 澄江用餐数据[DS/OL]. V1.2. 澄江数据中心（2025-01）[2025-06-02]. {URL}.",
    ),
    (
        Metadata(
            title="食堂座谈记录", type=DocumentType.ARCHIVE, authors=("陶野",), number="J2-7-15",
            archive="澄江区档案馆", archive_place="澄江", issued_on="1986-03-02",
        ),
        "陶野. 食堂座谈记录：J2-7-15[A]. 澄江：澄江区档案馆，1986-03-02.",
    ),
    (Metadata(title="未编目.txt"), "未编目.txt[Z]."),
    (Metadata(title="旧通知", issued_on="不详"), "旧通知[Z]."),
]  # fmt: skip


@pytest.mark.parametrize(("metadata", "entry"), CATALOGUED, ids=range(len(CATALOGUED)))
def test_entries_from_the_catalogue(metadata: Metadata, entry: str) -> None:
    assert reference(work_of(document(metadata), VERSION)) == entry


@pytest.mark.parametrize("kind", DocumentType)
def test_every_type_of_document_can_be_cited(kind: DocumentType) -> None:
    work = work_of(document(Metadata(title="题名", type=kind, issuer="某机构")), VERSION)
    assert "题名[" in reference(work)
    assert "某机构" in reference(work)


def test_the_day_of_access_needs_an_address() -> None:
    known = Metadata(title="题名", type=DocumentType.WEB_PAGE)
    assert work_of(document(known), VERSION).accessed is None
    assert work_of(document(replace(known, url=URL)), VERSION).accessed == READ


def test_sources_are_numbered_by_first_appearance_and_once() -> None:
    order = [7, 3, 7, 9, 3]
    cited = [Evidence(version // 2, version, (Span(1, 0, 1),), "字") for version in order]
    assert list(numbered(cited).items()) == [(7, 1), (3, 2), (9, 3)]
    assert dict(numbered([])) == {}


def test_two_versions_of_one_document_are_two_sources() -> None:
    cited = [Evidence(1, version, (Span(1, 0, 1),), "字") for version in (5, 6)]
    assert dict(numbered(cited)) == {5: 1, 6: 2}
