"""What documents say of themselves; every document here is made up."""

import pytest

from knowledge.model import Block, BlockKind, DocumentType, Ground, Metadata, Origin, PageText
from knowledge.readers.dates import dates_in, is_date_line
from knowledge.readers.metadata import Catalogued, Hints, catalogue
from knowledge.readers.titles import stem_of

NOTICE = """澄政办发〔2023〕12号
澄江市人民政府办公室关于
推进社区食堂建设的通知
各区人民政府，市政府各部门：
为方便老年人用餐，根据《澄江市养老服务条例》（澄政发〔2019〕3号）的要求，现就有关事项通知如下。
一、总体要求
到2025年，每个街道建成一处社区食堂。
本通知自2023年6月1日起施行。
澄江市人民政府办公室
2023年5月6日
附件
社区食堂名单
"""
LAW = """澄江省公共阅读条例
（2015年3月1日澄江省第十二届人民代表大会常务委员会第十四次会议通过
根据2019年9月27日澄江省第十三届人民代表大会常务委员会第八次会议《关于修改〈澄江省公共阅读条例〉的决定》修正）
目　录
第一章　总　则
第一条　为了促进公共阅读，制定本条例。
第二条　本条例所称公共阅读，是指面向公众的阅读服务。
第三条　公共阅读服务应当免费。
第四条　本条例自2015年6月1日起施行。
"""
ORDER = """澄江市人民政府令第31号
《澄江市旧书交换办法》已经2021年3月2日市人民政府第六次常务会议通过，现予公布，自公布之日起施行。
市长　易水
二○二一年四月八日
澄江市旧书交换办法
第一条　为了方便市民交换旧书，制定本办法。
第二条　本办法适用于本市行政区域。
第三条　交换旧书不收费用。
"""
NEWS = """社区食堂受欢迎
本报澄江5月4日电 （记者陶野、马原）澄江市首批社区食堂5月4日开张，吸引了不少老人前来用餐。
《澄江日报》（2023年05月05日 02 版）
"""


def known(text: str, name: str = "download.txt", hints: Hints | None = None) -> Metadata:
    return catalogue([PageText(text)], name, hints=hints).metadata


def grounds(found: Catalogued) -> dict[str, Ground]:
    return {ground.field: ground for ground in found.grounds}


def test_a_notice() -> None:
    assert known(NOTICE) == Metadata(
        title="澄江市人民政府办公室关于推进社区食堂建设的通知",
        type=DocumentType.OFFICIAL,
        issuer="澄江市人民政府办公室",
        number="澄政办发〔2023〕12号",
        issued_on="2023-05-06",
        effective_on="2023-06-01",
        language="zh",
    )


def test_every_known_field_has_one_ground_whose_words_stand_on_its_page() -> None:
    first, second = NOTICE.split("一、", 1)
    pages = [PageText(first.strip()), PageText("一、" + second.strip())]
    found = catalogue(pages, "download.txt")
    why = grounds(found)
    assert len(why) == len(found.grounds)
    assert set(why) == {
        "title", "type", "issuer", "number", "issued_on", "effective_on", "language"
    }  # fmt: skip
    for ground in found.grounds:
        if ground.origin is Origin.PAGE:
            assert ground.page is not None
            assert ground.words in pages[ground.page - 1].text
        else:
            assert ground.page is None
    assert (why["issued_on"].page, why["issued_on"].words) == (2, "2023年5月6日")
    assert why["effective_on"].words == "自2023年6月1日起施行"
    assert why["language"].origin is Origin.CONTENT


def test_an_amended_law_has_the_day_of_its_amendment_and_no_day_in_force() -> None:
    found = known(LAW)
    assert found.type is DocumentType.LAW
    assert found.issuer == "澄江省人民代表大会常务委员会"
    assert found.issued_on == "2019-09-27"
    assert found.effective_on is None


def test_a_revised_law_is_in_force_as_it_says() -> None:
    note, articles = LAW.split("根据2019年9月27日")
    revised = f"{note}2019年9月27日澄江省第十三届人民代表大会常务委员会第八次会议修订）\n"
    body = articles.split("修正）\n")[1].replace("2015年6月1日", "2020年1月1日")
    found = known(revised + body)
    assert (found.issued_on, found.effective_on) == ("2019-09-27", "2020-01-01")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("澄江省公共阅读条例_20191015.docx", "2019-10-15"),
        ("澄江省公共阅读条例_20240101.docx", "2019-09-27"),
        ("澄江省公共阅读条例.docx", "2019-09-27"),
    ],
)
def test_a_day_in_the_file_name_counts_when_it_may_be_that_of_publication(
    name: str, day: str
) -> None:
    assert known(LAW, name).issued_on == day


def test_an_order_publishes_what_its_sentence_names() -> None:
    found = known(ORDER)
    assert found.title == "澄江市旧书交换办法"
    assert found.number == "澄江市人民政府令第31号"
    assert found.issuer == "澄江市人民政府"
    assert found.issued_on == found.effective_on == "2021-04-08"


def test_a_regulation_bears_the_number_of_its_last_order() -> None:
    text = """信息公开条例
2007年4月5日 中华人民共和国国务院令第12号公布
2019年4月3日 中华人民共和国国务院令第34号修订
2019年5月15日 施行
第一条 为了公开信息，制定本条例。
第二条 本条例所称信息，是指记录。
第三条 信息应当公开。"""
    found = known(text)
    assert (found.number, found.issuer) == ("国务院令第34号", "国务院")
    assert (found.issued_on, found.effective_on) == ("2019-04-03", "2019-05-15")


def test_news_in_a_paper() -> None:
    found = known(NEWS, "社区食堂受欢迎.txt")
    assert found.type is DocumentType.ARTICLE
    assert found.container_title == "澄江日报"
    assert found.issued_on == "2023-05-05"
    assert found.authors == ("陶野", "马原")


@pytest.mark.parametrize(
    ("text", "day", "issuer"),
    [
        ("2024年澄江市政府工作报告\n各位代表：\n现在，我代表市人民政府，向大会报告工作。", "2024", "市人民政府"),
        (
            "政府工作报告\n——2024年1月9日在澄江市第九届人民代表大会第二次会议上\n各位代表：\n"
            "现在，我代表澄江市人民政府，向大会报告工作。",
            "2024-01-09",
            "澄江市人民政府",
        ),
    ],
)  # fmt: skip
def test_a_report_on_the_work_of_a_government(text: str, day: str, issuer: str) -> None:
    found = known(text, "政府工作报告.txt")
    assert found.type is DocumentType.REPORT
    assert (found.issued_on, found.issuer) == (day, issuer)


def test_labels_of_a_website_and_its_address() -> None:
    text = """索引号： 014349/2016-11
发布机构： 市政府办公室 成文日期： 2016-12-28
文号： 澄政发〔2016〕49号 有效性： 有效
澄江市人民政府关于印发社区食堂建设方案的通知
日期：2016-12-30 12:18
现将《社区食堂建设方案》印发给你们。
本文链接：https://law.example/13652.html"""
    found = catalogue([PageText(text)], "[有效]x.txt")
    about = found.metadata
    assert about.number == "澄政发〔2016〕49号"
    assert about.issued_on == "2016-12-28"
    assert (about.url, about.carrier) == ("https://law.example/13652.html", "OL")
    assert grounds(found)["issued_on"].words == "成文日期： 2016-12-28"


def test_numbers_inside_sentences_are_other_documents() -> None:
    text = (
        "关于用餐补贴的通知\n根据澄政发〔2019〕3号文件精神，现通知如下。\n请按财社〔2018〕7号执行。"
    )
    assert known(text).number is None


def test_two_organs_sign_and_an_abbreviated_one_is_completed() -> None:
    text = """关于联合检查的通知
各区：
请配合检查。
澄江市民政局
澄江市水务局
2022年1月5日"""
    assert known(text).issuer == "澄江市民政局、澄江市水务局"
    assert known("市水务局关于泵站改造的批复\n请报天津市水务局备案。").issuer == "天津市水务局"
    assert known("市水务局关于泵站改造的批复\n请报本局备案。").issuer == "市水务局"


def test_a_signature_on_one_line() -> None:
    text = "关于检查的通知\n请配合检查。\n澄江市民政局　2022年1月5日"
    found = known(text)
    assert (found.issuer, found.issued_on) == ("澄江市民政局", "2022-01-05")


def test_a_web_page_without_the_site_and_the_sections_name() -> None:
    body = "来源：澄江市图书馆\n阅览室七月起延长开放时间。"
    hints = Hints(title="阅览室延长开放_澄江在线", web=True, headings=("阅览室延长开放",))
    found = known(body, "1.html", hints)
    assert (found.title, found.issuer) == ("阅览室延长开放", "澄江市图书馆")
    section = Hints(title="新闻动态", web=True, headings=("首页", "阅览室七月起延长开放时间"))
    assert known(body, "1.html", section).title == "阅览室七月起延长开放时间"


def test_a_web_page_dated_beside_its_text() -> None:
    around = ("首页", "2023-06-10 07:57:40", "来源：澄江晚报 编辑：易水")
    hints = Hints(title="阅览室延长开放", web=True, around=around)
    found = known("阅览室七月起延长开放时间，欢迎读者前来。", "1.html", hints)
    assert (found.issued_on, found.issuer) == ("2023-06-10", "澄江晚报")
    assert found.type is DocumentType.WEB_PAGE


def test_a_file_name_cut_off_in_a_quoted_title_is_completed_from_the_text() -> None:
    text = "现将《省民政厅 省财政厅关于社区食堂补助标准的通知》转发给你们，请遵照执行。"
    name = "市民政局关于转发《省民政厅、省财政厅关于社区食堂.txt"
    expected = "市民政局关于转发《省民政厅、省财政厅关于社区食堂补助标准的通知》的通知"
    assert known(text, name).title == expected


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("03-关于食堂的通知.txt", "关于食堂的通知"),
        ("[有效]关于食堂的通知.txt", "关于食堂的通知"),
        ("（已废止）关于食堂的通知.pdf", "关于食堂的通知"),
        ("公共阅读条例(2018-10-26).md", "公共阅读条例"),
        ("C:\\文件\\报告_20230105.docx", "报告"),
        ("澄政发〔2016〕9号关于食堂的通知.pdf", "关于食堂的通知"),
        ("澄政发〔2016〕9号.pdf", "澄政发〔2016〕9号"),
        (".pdf", ".pdf"),
    ],
)
def test_a_file_name_as_a_title(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_the_highest_heading_is_a_title_but_no_row_of_a_table() -> None:
    page = PageText("社区食堂一览\n正文在此。", blocks=(
        Block(BlockKind.HEADING, 0, 6, 1), Block(BlockKind.PARAGRAPH, 7, 12)))  # fmt: skip
    assert catalogue([page], "scan001.pdf").metadata.title == "社区食堂一览"
    row = "编码 数量 名称 334010052 2.18"
    table = PageText(row, blocks=(Block(BlockKind.HEADING, 0, len(row), 1),))
    assert catalogue([table], "清单.pdf").metadata.title == "清单"


def test_what_nothing_tells_stays_unknown() -> None:
    found = catalogue([PageText("12 34 56")], "x.txt")
    assert found.metadata == Metadata(title="x")
    assert found.grounds == (Ground("title", Origin.FILE_NAME, "x.txt"),)


def test_books_and_papers_bear_their_identifiers() -> None:
    found = known("Community canteens\nDOI: 10.9999/cc.2023.07.\nISBN 978-0-306-40615-7")
    assert (found.doi, found.isbn) == ("10.9999/cc.2023.07", "978-0-306-40615-7")
    assert known("Community canteens\nISBN 978-0-306-40615-8").isbn is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("二○○七年六月八日", ["2007-06-08"]),
        ("二ＯＯ七年二月六日", ["2007-02-06"]),
        ("１９９７年７月１日前", ["1997-07-01"]),
        ("2017   年   11   月   24   日", ["2017-11-24"]),
        ("2021年5月", ["2021-05"]),
        ("2021年13月1日", []),
        ("12 March 2021 and May 3, 2022", ["2021-03-12", "2022-05-03"]),
    ],
)
def test_dates_as_documents_write_them(text: str, days: list[str]) -> None:
    assert dates_in(text) == days


def test_a_line_that_is_one_day() -> None:
    assert is_date_line("（二〇二一年五月六日）")
    assert not is_date_line("2021年5月6日前")
