"""A made-up publication of all kinds of statement; the district and everything in it is fictional."""

from datetime import datetime, timedelta, timezone

from briefs.model import Citation, EditionState, Line, Publication, Reference, StatementKind
from knowledge.model import Span

BEIJING = timezone(timedelta(hours=8))


def cite(
    reference: int,
    page: int | None,
    quote: str,
    *,
    start: int = 10,
    last: int | None = None,
    label: str | None = None,
) -> Citation:
    spans = [Span(page or 1, start, start + len(quote))]
    if last is not None:
        spans.append(Span(last, 0, 12))
    return Citation(reference, 10 + reference, tuple(spans), quote, page, label)


def heading(text: str, level: int = 1) -> Line:
    return Line(StatementKind.HEADING, text, level, ())


def line(kind: StatementKind, text: str, *citations: Citation) -> Line:
    return Line(kind, text, None, citations)


K = StatementKind
LINES = (
    heading("一、基本情况"),
    line(K.BACKGROUND, "澄江区是本系统演示用的虚构城区，下辖六个街道。"),
    line(
        K.QUOTE,
        "到2027年，全区每个社区建成一处步行十五分钟可达的社区食堂，六十岁以上老年人用餐满意率不低于90%。",
        cite(1, 3, "到2027年"),
    ),
    line(
        K.PARAPHRASE,
        "2023年末全区常住人口41.6万人，其中六十岁以上9.2万人。",
        cite(2, 1, "常住人口41.6万人"),
    ),
    line(
        K.COMPUTED,
        "据此计算，六十岁以上人口占22.1%。",
        cite(2, 1, "9.2万人"),
        cite(2, 2, "41.6万人"),
    ),
    heading("二、社区食堂运行中的问题"),
    heading("（一）经营难以持续", 2),
    line(
        K.QUOTE,
        "受访的二十三家食堂中，有十四家表示仅靠餐费收入不能维持日常运转，其中九家的缺口超过三成，主要原因是“午餐集中、早晚餐客流不足”。",
        cite(3, 11, "受访的二十三家食堂中", last=12),
    ),
    line(
        K.PARAPHRASE,
        "运营补贴按就餐人次发放，偏远社区的人次少，得到的补贴也少。",
        cite(3, 14, "补贴", label="A-7"),
        cite(4, 2, "按就餐人次"),
    ),
    heading("（二）服务范围有空白", 2),
    line(
        K.PARAPHRASE,
        "北苑、柳堤两个街道尚有五个社区在一公里内没有食堂！",
        cite(5, None, "五个社区", label="社区清单"),
    ),
    line(
        K.QUOTE,
        "“送餐上门的老人当中，超过一半独居。”",
        cite(4, 3, "送餐上门"),
    ),
    heading("三、外地做法"),
    line(
        K.PARAPHRASE,
        "Research on subsidised meals finds that attendance, not price, decides whether a canteen lasts.",
        cite(6, 460, "attendance", label="460"),
    ),
    line(
        K.BACKGROUND,
        "社区食堂一般由街道提供场地，由企业或社会组织经营。",
    ),
    heading("四、建议"),
    line(
        K.JUDGEMENT,
        "补贴宜由“按人次”改为“保底加人次”，先在北苑街道试行一年，再决定是否推开。",
    ),
    line(
        K.JUDGEMENT,
        "空白社区可先以送餐点过渡，不必等食堂建成。",
        cite(1, 5, "送餐点"),
    ),
)


def reference(number: int, title: str, entry: str, *, is_open: bool = True) -> Reference:
    sha = f"{number:064x}"
    return Reference(number, 100 + number, 10 + number, title, entry, sha, is_open)


REFERENCES = (
    reference(
        1,
        "澄江区社区食堂建设三年行动方案",
        "澄江区人民政府办公室. 关于印发《澄江区社区食堂建设三年行动方案（2025—2027年）》的通知：澄政办发〔2025〕8号[A/OL]. （2025-03-18）[2025-06-02]. https://www.chengjiang.example/zwgk/zfwj/zfbwj/202503/t20250318_1048576_with_a_rather_long_file_name.html?channel=zwgk&from=search.",
    ),
    reference(
        2,
        "2023年澄江区国民经济和社会发展统计公报",
        "澄江区统计局. 2023年澄江区国民经济和社会发展统计公报[R/OL]. 2024-04-09. https://tj.chengjiang.example/gb/2023.pdf.",
    ),
    reference(
        3,
        "澄江区社区食堂运行情况调查报告",
        "澄江区图书馆智库服务部. 澄江区社区食堂运行情况调查报告[R]. 2025-05.",
    ),
    reference(
        4,
        "第三次养老服务联席会议纪要",
        "澄江区民政局. 第三次养老服务联席会议纪要：〔2025〕3号[A]. 2025-04-11.",
        is_open=False,
    ),
    reference(
        5,
        "社区服务设施清单",
        "澄江区民政局. 社区服务设施清单[DS]. （2025-01）.",
    ),
    reference(
        6,
        "Who eats at the community canteen?",
        "Marlow T，Ashby R，Okoro N，et al. Who eats at the community canteen? Attendance and survival of subsidised meals[J]. Journal of Imaginary Social Policy，2022，18（4）：455-471.",
    ),
)

PUBLICATION = Publication(
    brief_id=7,
    edition=1,
    state=EditionState.CURRENT,
    title="澄江区社区食堂怎样办得长久",
    library="澄江区图书馆",
    published_at=datetime(2025, 6, 9, 9, 30, 0, 250_000, tzinfo=BEIJING),
    published_by="签发岗",
    lines=LINES,
    references=REFERENCES,
    notice="本文中的区、机构、人名和数字均为虚构，仅供演示。",
)
