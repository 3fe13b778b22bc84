"""Who may see a document, in words: page and command say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefs.model import Edition
from briefs.workbench.wording import Wording
from knowledge.model import Access, Stamp
from knowledge.sharing import Standing

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench


@dataclass(frozen=True, slots=True)
class Whose:
    """The names that a sentence needs."""

    branch: str
    """Of the branch that keeps the document."""
    main: str
    """Of the main library."""
    names: Mapping[int, str]
    """Of persons, by id."""

    @classmethod
    def of(cls, bench: "Workbench", stamp: Stamp) -> "Whose":
        """What a sentence on this record needs."""
        branch = bench.people.branch_name(stamp.branch_id) or ""
        return cls(branch, bench.settings.library, bench.people.names())


def in_words(words: Wording, standing: Standing, *, whose: Whose) -> str:
    """Say in a sentence or two who may see a document, and who until it has been read."""
    said = _audience(words, standing, whose)
    return words("share.waits", then=said) if standing.waits else said


def tag_of(words: Wording, stamp: Stamp) -> str:
    """Who may see a record that is not public, in a word or two; empty for one that is."""
    if stamp.access is Access.PUBLIC:
        return ""
    is_shared = stamp.access is Access.STAFF and stamp.shared
    return words(f"share.tag.{'shared' if is_shared else stamp.access}")


def told_of(words: Wording, editions: Sequence[Edition]) -> list[str]:
    """A sentence on each published edition that goes on citing a document."""
    return [
        words(
            "share.cited",
            title=edition.publication.title,
            brief=edition.brief_id,
            number=edition.number,
        )
        for edition in editions
    ]


def _audience(words: Wording, standing: Standing, whose: Whose) -> str:
    audience = standing.audience
    if audience.access is Access.PUBLIC:
        return words("share.public")
    if audience.access is Access.STAFF:
        if audience.shared:
            return words("share.shared", branch=whose.branch)
        key = "share.staff_main" if whose.branch == whose.main else "share.staff"
        return words(key, branch=whose.branch)
    persons = [standing.made_by, *sorted(audience.recipients - {standing.made_by})]
    named = words("share.between").join(whose.names.get(id_, f"#{id_}") for id_ in persons)
    return words("share.named", names=named)
