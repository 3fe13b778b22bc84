"""The words of a brief, looked through for personal data before they are published."""

from dataclasses import dataclass, replace

from briefs.model import Brief, StatementKind
from knowledge.clearing import Choice, Cleared, clear


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words of a brief: its title, then its statements in order."""

    texts: tuple[str, ...]
    is_ours: tuple[bool, ...]
    """Whether each may be changed; a quotation is its source's, and stays as it stands there."""


def words_of(brief: Brief) -> OwnWords:
    """What of a brief is read by others with an edition."""
    return OwnWords(
        texts=(brief.title, *(line.text for line in brief.statements)),
        is_ours=(True, *(line.kind is not StatementKind.QUOTE for line in brief.statements)),
    )


def blanked(brief: Brief, choice: Choice) -> tuple[Brief, Cleared]:
    """The brief with what was chosen blanked, and the decision; nothing is stored.

    A quotation is never changed.

    Raises:
        PersonalDataError: something stays and there is no reason.
    """
    found = words_of(brief)
    ours = frozenset(place for place in choice.blank if found.is_ours[place.text])
    cleared = clear(found.texts, replace(choice, blank=ours))
    title, *texts = cleared.texts
    lines = zip(brief.statements, texts, strict=True)
    statements = tuple(replace(line, text=text) for line, text in lines)
    return replace(brief, title=title, statements=statements), cleared
