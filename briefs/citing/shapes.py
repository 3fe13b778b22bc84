"""The order of parts of each type of work, all after the names and the year.

A shape gives the parts between which full stops stand; an empty one falls away. Where the editions
differ beyond punctuation the shape asks `Rules`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from briefs.citing.cleaning import cleaned, joined, sentence
from briefs.citing.form import Form
from knowledge.csl import WorkType

Shape = Callable[[Form], list[str]]


def _article(form: Form) -> list[str]:
    """``题名[J]. 刊名，2023，52（11）：1518-1523``."""
    work, rules = form.work, form.rules
    in_issue = bool(cleaned(work.volume) or cleaned(work.issue))
    when = form.year() if in_issue or rules.every_access else form.day()
    source = joined(rules.comma, work.container_title, when, work.volume)
    source += form.in_brackets(cleaned(work.issue))
    source = joined(rules.colon, source, work.page or work.number)
    return [form.title(), *_of_serial(form), form.with_access(source)]


def _news(form: Form) -> list[str]:
    """``题名[N]. 澄江日报，2023-03-15（2）``: the whole date stays wherever the year stands."""
    work = form.work
    when = str(work.issued) if work.issued else ""
    source = joined(form.rules.comma, work.container_title, when)
    source += form.in_brackets(cleaned(work.page))
    return [form.title(), *_of_serial(form), form.with_access(source)]


def _of_serial(form: Form) -> list[str]:
    return form.others() if form.rules.serial_others else []


def _book(form: Form) -> list[str]:
    """``题名：第 1 卷[M]. 译者，译. 2 版. 北京：中华书局，2000：29``."""
    imprint = form.with_access(form.imprint(form.year()))
    return [form.title(form.volume()), *form.others(), form.edition(), imprint]


def _numbered(form: Form) -> list[str]:
    """As a book, with its own number behind the title: theses, other papers."""
    imprint = form.with_access(form.imprint(form.year()))
    return [form.title(form.work.number), *form.others(), form.edition(), imprint]


def _chapter(form: Form) -> list[str]:
    """``题名[M]//编者. 书名：第 2 卷. 2 版. 北京：科学出版社，1999：32-36``."""
    work = form.work
    book = joined(form.rules.colon, work.container_title or work.event, form.volume())
    imprint = form.with_access(form.imprint(form.year()))
    return [*_within(form, [form.names(work.editor), book]), form.edition(), imprint]


def _conference(form: Form) -> list[str]:
    """In its proceedings as a chapter; else ``题名[C]//会议名，2022：2``."""
    work, rules = form.work, form.rules
    bare = not (cleaned(work.container_title) or cleaned(work.publisher + work.publisher_place))
    if not bare or rules.every_access:
        return _chapter(form)
    held = joined(rules.colon, joined(rules.comma, work.event, form.year()), work.page)
    return _within(form, [form.names(work.editor), held])


def _within(form: Form, container: list[str]) -> list[str]:
    """Title and translators, ``//``, and what it stands in."""
    own = sentence([form.title(), *form.others()])
    around = sentence(container)
    return [f"{own}//{around}" if around else own]


def _report(form: Form) -> list[str]:
    """With its number behind the title; by publisher and year, or by its day."""
    work = form.work
    head = [form.title(form.work.number), *form.others(), form.edition()]
    if form.rules.every_access:
        return [*head, _published_or_online(form)]
    if work.issued is None:
        return [*head, form.imprint("") + form.dates()]
    return [*head, form.imprint(form.year() if cleaned(work.publisher) else form.day())]


def _filed(form: Form) -> list[str]:
    """A law, a government document or an archive's paper: ``题名：文号[A/OL]``.

    By where it is kept, else by its address, else by its date.
    """
    work = form.work
    head = [form.title(work.number), *form.others()]
    if cleaned(work.archive):
        when = form.year() if form.rules.every_access else form.day()
        return [*head, form.with_access(form.placed(work.archive, work.archive_place, when))]
    if form.rules.every_access:
        return [*head, _published_or_online(form)]
    if cleaned(work.url):
        return [*head, form.dates()]
    return [*head, form.imprint(form.day())]


def _standard(form: Form) -> list[str]:
    """2025: ``GB/T 3792—2021 信息与文献 资源描述[S]. 2021``; 2015: the number behind the title."""
    if not form.rules.standard_first:
        return _numbered(form)
    number = cleaned(form.work.number)
    # The community's style sets a wide blank here; a plain one is what people can search for.
    first = "" if number and number in cleaned(form.work.title) else number
    title = joined(" ", first, form.title())
    return [title, *form.others(), form.edition(), form.imprint(form.year())]


def _patent(form: Form) -> list[str]:
    """``题名：专利号[P]. 2008-01-16：8-9``."""
    source = joined(form.rules.colon, form.day(), form.work.page)
    return [form.title(form.work.number), *form.others(), form.with_access(source)]


def _map(form: Form) -> list[str]:
    """``题名. 1:25000[CM]. 北京：地图出版社，2021. 128cm×84cm``."""
    work = form.work
    if not form.rules.has_scale:
        return _book(form)
    title = form.title(form.volume()).removesuffix(f"[{form.mark()}]")
    scaled = sentence([title, cleaned(work.scale)]) + f"[{form.mark()}]"
    size = cleaned(work.dimensions)
    return [scaled, *form.others(), form.edition(), form.imprint(form.year()), size]


def _web_page(form: Form) -> list[str]:
    return [form.title(), *form.others(), form.dates()]


def _deposited(form: Form) -> list[str]:
    """A data set or a preprint: ``题名[DS/OL]. V1.2. 数据中心（2025-01）[2025-06-02]``."""
    work = form.work
    held = work.publisher or (work.container_title if work.type is WorkType.PREPRINT else "")
    # On a server its address names a preprint; where there is none its number must.
    number = work.number if work.type is WorkType.DATASET or not form.online else ""
    if form.rules.every_access:
        title = form.title(number, form.version())
        return [title, *form.others(), _published_or_online(form, publisher=held)]
    source = cleaned(held) + form.dates()
    return [form.title(number), *form.others(), form.version(), source]


def _other(form: Form) -> list[str]:
    work = form.work
    title = form.title(form.volume(), work.number)
    if form.rules.every_access:
        head = [title, *form.others(), form.edition(), form.version()]
        return [*head, _published_or_online(form)]
    if cleaned(work.url):
        return [title, *form.others(), form.version(), form.dates()]
    return [title, *form.others(), form.edition(), form.version(), form.imprint(form.year())]


def _published_or_online(form: Form, *, publisher: str = "") -> str:
    """2015: a published work by its imprint, a network resource by its two dates."""
    publisher = publisher or form.work.publisher
    if not form.online or cleaned(publisher + form.work.publisher_place):
        imprint = form.placed(publisher, form.work.publisher_place, form.year())
        return form.with_access(imprint)
    return form.dates()


SHAPES: Final[Mapping[WorkType, Shape]] = {
    WorkType.LEGISLATION: _filed,
    WorkType.REGULATION: _filed,
    WorkType.MANUSCRIPT: _filed,
    WorkType.REPORT: _report,
    WorkType.ARTICLE: _article,
    WorkType.NEWS: _news,
    WorkType.BOOK: _book,
    WorkType.CHAPTER: _chapter,
    WorkType.CONFERENCE_PAPER: _conference,
    WorkType.THESIS: _numbered,
    WorkType.STANDARD: _standard,
    WorkType.PATENT: _patent,
    WorkType.MAP: _map,
    WorkType.WEB_PAGE: _web_page,
    WorkType.DATASET: _deposited,
    WorkType.PREPRINT: _deposited,
    WorkType.DOCUMENT: _other,
}
