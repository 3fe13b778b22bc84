"""A search trail in words: page, command, table and appendix say the same."""

from collections.abc import Callable, Iterator, Sequence

from briefs.trail.noted import Asked, Collection, NotedAct, NotedSearch
from briefs.trail.sources import Source, SourceState
from briefs.workbench.deeds import BOM, csv_line
from briefs.workbench.wording import Wording

Branch = Callable[[int], str | None]
"""Gives a branch's name."""

COLUMNS = ("number", "at", "query", "how", "documents", "passages", "outcome", "acts", "struck")


def way_in_words(_: Wording, asked: Asked, *, branch: Branch) -> str:
    """By what means, in which mode and under which filters it was searched."""
    return _("trail.semicolon").join(_ways(_, asked, branch))


def _ways(_: Wording, asked: Asked, branch: Branch) -> Iterator[str]:
    comma = _("explain.separator")
    if asked.means != "search":
        yield _(f"trail.means.{asked.means}")
    yield _(f"trail.mode.{asked.mode}")
    chosen = asked.selection
    several = (
        ("type", [_(f"type.{kind}") for kind in sorted(chosen.types)]),
        ("issuer", sorted(chosen.issuers)),
        ("language", [_language(_, each) for each in sorted(chosen.languages)]),
        ("branch", [branch(id_) or f"#{id_}" for id_ in sorted(chosen.branches)]),
        ("access", [_(f"filters.level.{level}") for level in sorted(chosen.access)]),
        ("document", [f"#{id_}" for id_ in sorted(chosen.documents)] if not asked.title else []),
        ("title", [asked.title] if asked.title else []),
    )
    for name, values in several:
        if values:
            yield _(f"trail.filter.{name}", values=comma.join(values))
    if chosen.issued_from or chosen.issued_to:
        yield _(
            "trail.filter.issued",
            first=chosen.issued_from or _("trail.open_end"),
            last=chosen.issued_to or _("trail.open_end"),
        )


def _language(_: Wording, code: str) -> str:
    key = f"pages.common.language.{code}"
    return code if _(key) == key else _(key)


def query_in_words(_: Wording, search: NotedSearch) -> str:
    """What was searched for, or that it is kept from the person."""
    return search.asked.query or _("trail.query_withheld")


def outcome_in_words(_: Wording, search: NotedSearch) -> str:
    """How many passages were found, as far as the viewer may know."""
    more = _("trail.withheld") if search.is_partial else ""
    if search.answered is None:
        return more
    if not search.answered:
        return _("trail.outcome.nothing") + more
    key = "trail.outcome.capped" if search.is_capped else "trail.outcome.found"
    return _(key, count=search.found) + more


def collection_in_words(_: Wording, collection: Collection, *, branch: Branch) -> str:
    """How many documents and passages, of when, of which types and branches."""
    comma = _("explain.separator")
    parts = [
        _(
            "trail.collection",
            documents=f"{collection.documents:,}",
            passages=f"{collection.passages:,}",
        ),
        dates_in_words(_, collection),
        comma.join(types_in_words(_, collection)),
    ]
    if len(branches := branches_in_words(_, collection, branch=branch)) > 1:
        parts.append(comma.join(branches))
    return _("trail.semicolon").join(part for part in parts if part)


def dates_in_words(_: Wording, collection: Collection) -> str:
    """From when to when its documents were issued; empty where of none it is known."""
    if collection.earliest is None or collection.latest is None:
        return ""
    if collection.earliest == collection.latest:
        return collection.earliest
    return _("trail.dates", first=collection.earliest, last=collection.latest)


def types_in_words(_: Wording, collection: Collection) -> list[str]:
    """Each type with the number of its documents, most first."""
    return [
        _("trail.counted", name=_(f"type.{kind}"), count=count)
        for kind, count in collection.by_type()
    ]


def branches_in_words(_: Wording, collection: Collection, *, branch: Branch) -> list[str]:
    """Each branch with the number of its documents, most first."""
    return [
        _("trail.counted", name=branch(id_) or f"#{id_}", count=count)
        for id_, count in collection.by_branch()
    ]


def source_in_words(_: Wording, source: Source, page: int | None) -> str:
    """Title and page, and what became of the source."""
    said = _("pages.common.work", title=source.title)
    if page is not None:
        said += _("trail.at_page", page=_("pages.common.page", page=page))
    if source.state is not SourceState.CURRENT:
        said += _(f"trail.source.{source.state}")
    return said


def reason_in_words(_: Wording, act: NotedAct) -> str:
    """Why something is not used: the usual reason, and the person's words."""
    usual = "" if act.ground in {None, "other"} else _(f"trail.ground.{act.ground}")
    return _("trail.semicolon").join(part for part in (usual, act.reason) if part)


def act_in_words(_: Wording, act: NotedAct) -> str:
    """What was done with what, and why."""
    said = _(
        "trail.did",
        act=_(f"trail.act.{act.kind}"),
        source=source_in_words(_, act.source, act.page),
    )
    reason = reason_in_words(_, act)
    return said + _("trail.because", reason=reason) if reason else said


def csv_of(searches: Sequence[NotedSearch], _: Wording, *, branch: Branch) -> Iterator[str]:
    """A CSV file in pieces, a line for each search, the struck ones too; persons are left out.

    As that of the log of deeds: a byte-order mark first, and no cell begins as a formula does.
    """
    yield BOM + csv_line(_(f"trail.column.{column}") for column in COLUMNS)
    for search in searches:
        yield csv_line(
            (
                str(search.id),
                search.made_at.strftime("%Y-%m-%d %H:%M:%S"),
                query_in_words(_, search),
                way_in_words(_, search.asked, branch=branch),
                str(search.collection.documents),
                str(search.collection.passages),
                outcome_in_words(_, search),
                " | ".join(act_in_words(_, act) for act in search.acts),
                "" if search.strike is None else search.strike.reason,
            )
        )
