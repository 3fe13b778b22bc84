"""The appendix 检索范围与结果 of a brief, put into words for the person who asks for it.

It says what was searched, what was found, kept and not used, and what was not found – in the
collections listed, on the days named, and nowhere else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from pathlib import Path
from textwrap import wrap
from typing import Final

from briefs.composing import Composing
from briefs.exporters import export
from briefs.exporters.appendix import Appendix, Said, Section, alone, attached
from briefs.frozen import text_of
from briefs.model import Brief, Evidence, Publication
from briefs.tables import Table
from briefs.trail.noted import ActKind, Collection, Ground, NotedAct, NotedSearch, last_decisions
from briefs.trail.sources import SourceState, meet
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.trailing import (
    Branch,
    branches_in_words,
    csv_of,
    dates_in_words,
    outcome_in_words,
    query_in_words,
    source_in_words,
    types_in_words,
    way_in_words,
)
from briefs.workbench.wording import Wording

_GROUP: Final = 8
_NOTHING: Final = "—"
_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def appendix_of(bench: Workbench, brief_id: int, _: Wording) -> Publication:
    """The appendix by itself, dated, ready for `briefs.exporters.export`.

    Sources and numbers are those that the person may see; a search that speaks of others says so.

    Raises:
        UnknownBriefError: no such brief.
    """
    brief, made = _made(bench, brief_id, _)
    return replace(_composed(bench, brief, alone(brief, made)), language=_TAGS[_.language])


def with_appendix(bench: Workbench, brief_id: int, _: Wording) -> Publication:
    """The brief as it is now with the appendix as its last part; raises as `appendix_of`."""
    brief, made = _made(bench, brief_id, _)
    return _composed(bench, brief, attached(brief, made, heading=_("trail.appendix")))


def exported(
    bench: Workbench, brief_id: int, to: str, _: Wording, *, whole: bool = False, base_url: str = ""
) -> bytes:
    """The appendix as a file, and that it was taken away in the log.

    Args:
        bench: of whoever takes it.
        brief_id: of which brief.
        to: an `ExportFormat` or its value, or ``csv``: the searches as a table.
        _: the language.
        whole: the brief with the appendix as its last part; a table never is.
        base_url: address of the server, failing that the one of the settings.

    Raises:
        UnknownBriefError: no such brief.
        ValueError: there is no such format.
        SettingError: the folder of fonts is none.
    """
    made = (with_appendix if whole else appendix_of)(bench, brief_id, _)
    # What is taken away is a draft's trail, whatever was published of it.
    noted = replace(made, edition=None, state=None)
    bench.publishing.note_export(noted, to, actor=bench.actor)
    if to == "csv":
        lines = csv_of(bench.trail.of(brief_id), _, branch=bench.people.branch_name)
        return "".join(lines).encode()
    fonts = bench.settings.font_folder
    return export(
        made,
        to,
        base_url=base_url or bench.settings.public_address,
        font_folder=Path(fonts) if fonts else None,
    )


def _composed(bench: Workbench, stored: Brief, brief: Brief) -> Publication:
    """Dated now; where the stored revision was published, it goes by that edition."""
    notice = bench.settings.notice or None
    composing = Composing(bench.documents, bench.people, style=bench.settings.reference_style)
    made = composing.compose(brief, published_at=bench.clock().astimezone(), notice=notice)
    shown = bench.publishing.shown(stored)
    return replace(made, edition=shown.edition, state=shown.state)


def _made(bench: Workbench, brief_id: int, _: Wording) -> tuple[Brief, Appendix]:
    brief = bench.briefs.get(brief_id)
    searches = bench.trail.of(brief_id)
    kept = [item.evidence for item in bench.folder.items(brief_id) if item.evidence is not None]
    cited = [item for line in brief.statements for item in line.evidence]
    digest = text_of(bench.publishing.preview(brief_id), edition=brief.revision)[1]
    # In groups, so that a line can end within it.
    digest = " ".join(wrap(digest, _GROUP))
    told = _Told(_, bench.people.branch_name, bench.clock().astimezone().tzinfo)
    return brief, told.appendix(brief, searches, used=(*kept, *cited), digest=digest)


@dataclass(frozen=True, slots=True)
class _Told:
    """Says an appendix in one language."""

    words: Wording
    branch: Branch
    zone: tzinfo | None

    def appendix(
        self,
        brief: Brief,
        searches: Sequence[NotedSearch],
        *,
        used: Sequence[Evidence],
        digest: str,
    ) -> Appendix:
        _ = self.words
        shown = [search for search in searches if search.strike is None]
        scopes = _scopes(shown)
        decided = last_decisions(shown)
        kept = [act for act in decided if _is_used(act, used)]
        rejected = [act for act in decided if act.kind is ActKind.REJECTED]
        settled = {act.place for act in (*kept, *rejected)}
        opened = {
            act.place: act for search in shown for act in search.acts if act.place not in settled
        }
        sections = (
            Section(_("trail.part.where"), table=self._where(scopes)),
            Section(_("trail.part.searches"), table=self._searches(shown, scopes)),
            Section(_("trail.part.kept"), tuple(self._acts(kept))),
            Section(_("trail.part.rejected"), parts=tuple(self._rejected(rejected))),
            Section(_("trail.part.opened"), tuple(self._acts(opened.values()))),
            Section(_("trail.part.missing"), tuple(self._missing(shown, scopes))),
        )
        said = self._opening(brief, searches, digest=digest)
        return Appendix(_("trail.appendix_of", title=brief.title), tuple(said), sections)

    def _opening(
        self, brief: Brief, searches: Sequence[NotedSearch], *, digest: str
    ) -> Iterator[Said]:
        _ = self.words
        struck = sum(search.strike is not None for search in searches)
        yield Said(
            _("trail.opening", revision=brief.revision, digest=digest, count=len(searches) - struck)
        )
        if struck:
            yield Said(_("trail.struck_count", count=struck))
        if any(search.is_partial for search in searches):
            yield Said(_("trail.partial"))

    def _where(self, scopes: Sequence["_Scope"]) -> Table:
        _, comma = self.words, self.words("explain.separator")
        heads = ("scope", "days", "documents", "passages", "issued", "types", "branches")
        return Table(
            _("trail.table.where"),
            tuple(_(f"trail.column.{head}") for head in heads),
            tuple(
                (
                    str(number),
                    self._days(scope.searches),
                    str(scope.collection.documents) + scope.more(_),
                    str(scope.collection.passages) + scope.more(_),
                    dates_in_words(_, scope.collection) or _NOTHING,
                    comma.join(types_in_words(_, scope.collection)),
                    comma.join(branches_in_words(_, scope.collection, branch=self.branch)),
                )
                for number, scope in enumerate(scopes, start=1)
            ),
        )

    def _searches(self, shown: Sequence[NotedSearch], scopes: Sequence["_Scope"]) -> Table:
        _ = self.words
        heads = ("number", "day", "query", "how", "scope", "outcome")
        return Table(
            _("trail.table.searches"),
            tuple(_(f"trail.column.{head}") for head in heads),
            tuple(
                (
                    str(number),
                    self._day(search).isoformat(),
                    query_in_words(_, search),
                    way_in_words(_, search.asked, branch=self.branch),
                    str(_number(search, scopes)),
                    outcome_in_words(_, search),
                )
                for number, search in enumerate(shown, start=1)
            ),
        )

    def _acts(self, acts: Iterable[NotedAct]) -> Iterator[Said]:
        for act in acts:
            yield self._act(act, "")

    def _act(self, act: NotedAct, why: str) -> Said:
        _ = self.words
        text = source_in_words(_, act.source, act.page)
        text = _("trail.sentence", said=text + (_("trail.because", reason=why) if why else ""))
        if act.source.state is SourceState.DISCARDED:
            return Said(text)
        source = act.source
        return Said(text, Evidence(source.document_id, source.version_id, act.spans, ""))

    def _rejected(self, acts: Sequence[NotedAct]) -> Iterator[Section]:
        _ = self.words
        for ground in Ground:
            of_it = [act for act in acts if act.ground is ground]
            said = tuple(self._act(act, act.reason) for act in of_it)
            yield Section(_(f"trail.ground.{ground}"), said)

    def _missing(self, shown: Sequence[NotedSearch], scopes: Sequence["_Scope"]) -> Iterator[Said]:
        _ = self.words
        missed = [search for search in shown if search.answered is False]
        for search in missed:
            key = "trail.missing_partly" if search.is_partial else "trail.missing"
            yield Said(
                _(
                    key,
                    day=self._day(search).isoformat(),
                    query=query_in_words(_, search),
                    how=way_in_words(_, search.asked, branch=self.branch),
                    scope=_number(search, scopes),
                    documents=search.collection.documents,
                    passages=search.collection.passages,
                )
            )
        if missed:
            yield Said(_("trail.missing_means"))

    def _day(self, search: NotedSearch) -> date:
        return search.made_at.astimezone(self.zone).date()

    def _days(self, searches: Sequence[NotedSearch]) -> str:
        first, last = self._day(searches[0]).isoformat(), self._day(searches[-1]).isoformat()
        return first if first == last else self.words("trail.dates", first=first, last=last)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Searches that went through the same."""

    collection: Collection
    is_partial: bool
    searches: tuple[NotedSearch, ...]

    def more(self, _: Wording) -> str:
        """What stands behind a number that is not the whole."""
        return _("trail.withheld") if self.is_partial else ""


def _scopes(searches: Sequence[NotedSearch]) -> list[_Scope]:
    found: dict[tuple[Collection, bool], list[NotedSearch]] = {}
    for search in searches:
        found.setdefault((search.collection, search.is_partial), []).append(search)
    return [_Scope(*key, tuple(of_it)) for key, of_it in found.items()]


def _number(search: NotedSearch, scopes: Sequence[_Scope]) -> int:
    return next(number for number, scope in enumerate(scopes, 1) if search in scope.searches)


def _is_used(act: NotedAct, places: Sequence[Evidence]) -> bool:
    """Whether it is in the folder, or cited; what was dropped from the folder later is not."""
    return act.kind is not ActKind.REJECTED and any(
        item.version_id == act.source.version_id and meet(item.spans, act.spans) for item in places
    )
