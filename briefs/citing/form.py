"""The parts of an entry that several types of work share."""

from dataclasses import dataclass

from briefs.citing.cleaning import cleaned, joined
from briefs.citing.names import printed
from briefs.citing.style import RULES, Rules, Style, System
from knowledge.csl import CONTAINED, Name, PartialDate, Work

_TELLING = 6
"""Characters of a number that tell one document from all others."""


@dataclass(frozen=True, slots=True)
class Form:
    """One work, and the style that it is printed in; every part may come out empty."""

    work: Work
    style: Style

    @property
    def rules(self) -> Rules:
        """Of the style's edition."""
        return RULES[self.style.edition]

    @property
    def dated_first(self) -> bool:
        """Whether the year stands behind the names already."""
        return self.style.system is System.AUTHOR_DATE

    @property
    def online(self) -> bool:
        """Whether there is an address to open it at."""
        return bool(cleaned(self.work.url) or cleaned(self.work.doi))

    def names(self, names: tuple[Name, ...]) -> str:
        """Up to three names in the language of the entry."""
        return printed(names, self.rules, chinese=self.work.is_chinese)

    def responsible(self) -> tuple[Name, ...]:
        """Who answers for the whole: the authors, else the editors of the work itself."""
        work = self.work
        return work.author or (() if work.type in CONTAINED else work.editor)

    def others(self) -> list[str]:
        """The others who had a hand in it: ``李四，主编``, ``徐超，译``."""
        work, chinese = self.work, self.work.is_chinese
        found = []
        if work.author and work.editor and work.type not in CONTAINED:
            role = "主编" if chinese else "ed" if len(work.editor) == 1 else "eds"
            found.append(joined(self.rules.comma, self.names(work.editor), role))
        if work.translator:
            role = "译" if chinese else "trans"
            found.append(joined(self.rules.comma, self.names(work.translator), role))
        return found

    def title(self, *further: str) -> str:
        """``题名：其他[M/OL]``; what the title itself says already is not said again."""
        title = cleaned(self.work.title)
        more = [each for each in map(cleaned, further) if each and not _says(title, each)]
        return joined(self.rules.colon, title, *more) + f"[{self.mark()}]"

    def mark(self) -> str:
        """Kind and carrier: ``M``, ``J/OL``."""
        kind = self.rules.marks.get(self.work.type) or ("EB" if self.online else "Z")
        medium = cleaned(self.work.medium) or ("OL" if self.online else "")
        return f"{kind}/{medium}" if medium else kind

    def volume(self) -> str:
        """Which volume of a book: ``第 2 卷``, ``v.2``; words as they are."""
        volume = cleaned(self.work.volume)
        if not volume.isdecimal():
            return volume
        return (
            f"第 {volume} 卷" if self.work.is_chinese else self.rules.volume.format(number=volume)
        )

    def edition(self) -> str:
        """``2 版``, ``3rd ed``; a first edition is not said."""
        edition = cleaned(self.work.edition)
        if not edition.isdecimal() or edition == "1":
            return "" if edition == "1" else edition
        if self.work.is_chinese:
            return f"{edition} 版"
        number = int(edition)
        ordinal = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{edition}{'th' if number % 100 // 10 == 1 else ordinal} ed"

    def version(self) -> str:
        """``V1.2``; words as they are."""
        version = cleaned(self.work.version)
        return f"V{version}" if version[:1].isdecimal() else version

    def year(self) -> str:
        """The year for the imprint; empty where it stands behind the names."""
        issued = self.work.issued
        return "" if issued is None or self.dated_first else f"{issued.year:04}"

    def day(self) -> str:
        """The date as far as it is known; a bare year only where it does not stand in front."""
        issued = self.work.issued
        if issued is None or (self.dated_first and issued.month is None):
            return ""
        return str(issued)

    def in_brackets(self, text: str) -> str:
        """``（文）``, or nothing."""
        return f"{self.rules.opening}{text}{self.rules.closing}" if text else ""

    def accessed(self) -> str:
        """``[2023-01-09]`` where there is an address."""
        read: PartialDate | None = self.work.accessed
        return f"[{read}]" if read and self.online else ""

    def dates(self) -> str:
        """Issued and accessed: ``（2021-05-30）[2023-01-09]``."""
        return self.in_brackets(self.day()) + self.accessed()

    def placed(self, publisher: str, place: str, when: str) -> str:
        """Place, publisher, date and page: ``北京：中华书局，2000：29``."""
        colon = self.rules.colon
        imprint = joined(self.rules.comma, joined(colon, place, publisher), when)
        return joined(colon, imprint, self.work.page)

    def imprint(self, when: str) -> str:
        """`placed` with the publisher."""
        return self.placed(self.work.publisher, self.work.publisher_place, when)

    def with_access(self, source: str) -> str:
        """The source, with the day of access where the edition has it everywhere."""
        return source + self.accessed() if self.rules.every_access else source


def _says(title: str, what: str) -> bool:
    """Whether a title ends in it, or holds it where it is too long to be there by chance."""
    return title.endswith(what) or (len(what) >= _TELLING and what in title)
