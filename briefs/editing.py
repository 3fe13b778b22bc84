"""Changing a brief: statements in, each bound to the words it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from briefs.errors import EvidenceError, NoTitleError
from briefs.evidence import holds, locate, quotes, words_at
from briefs.model import Brief, Evidence, Statement, StatementKind
from briefs.store import Briefs
from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Page, Passage, Span
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages
from knowledge.text import clean, sentences


class Editing:
    """What a person does to a brief.

    Every change names the revision it was made from (the `Brief` passed in), so two people never
    overwrite each other silently. Evidence is checked against the stored pages before it is saved.
    """

    def __init__(
        self,
        briefs: Briefs,
        documents: Documents,
        passages: Passages,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._briefs = briefs
        self._documents = documents
        self._passages = passages
        self._clock = clock

    def create(self, title: str, lines: Sequence[Statement] = (), *, actor: Actor) -> Brief:
        """Make a draft.

        Raises:
            NotPermittedError: the actor may not.
            NoTitleError: the title is blank.
            EvidenceError: a quote is not where its evidence says.
        """
        require(actor, Permission.DRAFT)
        checked = self._checked(lines)
        return self._briefs.create(_titled(title), checked, actor=actor, at=self._clock())

    def save(self, brief: Brief, *, title: str, lines: Sequence[Statement], actor: Actor) -> Brief:
        """Replace title and statements, and return the brief at its next revision.

        A quote whose words a person has changed becomes a paraphrase: it keeps its evidence, but
        is no longer shown as the source's own words. Saving what is stored already changes
        nothing and makes no revision. A statement that is withheld stays as it is stored.

        Raises:
            NotPermittedError: the actor may not.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's, which shares it for reading.
            NoTitleError: the title is blank; nothing is saved.
            EvidenceError: a quote is not where its evidence says; nothing is saved.
            StaleRevisionError: somebody else has saved since; nothing is saved.
        """
        require(actor, Permission.DRAFT)
        checked = self._checked(lines)
        title = _titled(title)
        if title == brief.title and checked == brief.statements:
            return brief
        return self._briefs.save(brief, title=title, lines=checked, actor=actor, at=self._clock())

    def share(self, brief_id: int, *, shared: bool, actor: Actor) -> None:
        """Let the staff of every branch read a draft, or no longer.

        Raises:
            NotPermittedError: the actor may not say who sees a record.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's.
        """
        require(actor, Permission.RESTRICT)
        self._briefs.share(brief_id, shared=shared, actor=actor, at=self._clock())

    def append(self, brief: Brief, lines: Sequence[Statement], *, actor: Actor) -> Brief:
        """Add statements at the end; raises as `save`."""
        added = (*brief.statements, *lines)
        return self.save(brief, title=brief.title, lines=added, actor=actor)

    def quote(self, passage_id: int, words: str | None = None) -> Statement:
        """A quoting statement of the passage's words, or of the part `words` of them.

        Raises:
            UnknownRecordError: no such passage.
            EvidenceError: the passage does not have these words.
        """
        passage = self._passages.many([passage_id]).get(passage_id)
        if passage is None:
            raise UnknownRecordError(kind="passage", id=passage_id)
        evidence = self.evidence_in(passage, words or _body(passage))
        return Statement(StatementKind.QUOTE, evidence.quote.strip(), (evidence,))

    def evidence_in(self, passage: Passage, words: str) -> Evidence:
        """Bind `words` to the place in `passage` where they stand verbatim.

        Column names that the passage of a table's row repeats cannot be quoted from it.

        Raises:
            EvidenceError: they do not stand there in one run.
        """
        own = passage.spans[passage.repeats :]
        pages = self._pages(passage.version_id, own)
        spans = locate(words, pages, near=own)
        if spans is None or not _inside(spans, own):
            raise EvidenceError(quote=_short(words))
        return Evidence(
            passage.document_id, passage.version_id, spans, words_at(spans, pages), passage.id
        )

    def evidence_on(self, document_id: int, words: str) -> Evidence:
        """Bind `words` to the place in a document's current version where they stand verbatim.

        Raises:
            UnknownRecordError: no such document.
            EvidenceError: they do not stand there in one run.
        """
        document = self._documents.get(document_id)
        pages = self._documents.pages(document.current_version)
        spans = locate(words, pages)
        if spans is None:
            raise EvidenceError(quote=_short(words))
        return Evidence(document.id, document.current_version, spans, words_at(spans, pages))

    def discard(self, brief_id: int, *, actor: Actor) -> None:
        """Delete a draft that was never published.

        Raises:
            NotPermittedError: the actor may not.
            UnknownBriefError: no such brief, or it has an edition.
            OtherBranchError: another branch's.
        """
        require(actor, Permission.DRAFT)
        self._briefs.delete(brief_id, actor=actor, at=self._clock())

    def check(self, brief: Brief) -> None:
        """Prove that every quote stands where its evidence says.

        Raises:
            EvidenceError: one does not.
        """
        self._checked(brief.statements)

    def _checked(self, lines: Sequence[Statement]) -> tuple[Statement, ...]:
        for line in lines:
            for item in line.evidence:
                if not holds(item, self._pages(item.version_id, item.spans)):
                    # A quote from a file that was discarded is blank: the statement names it.
                    raise EvidenceError(quote=_short(item.quote or line.text))
        kept = (line for line in lines if line.is_withheld or line.text.strip())
        return tuple(as_quoted(line) for line in kept)

    def _pages(self, version_id: int, spans: Sequence[Span]) -> list[Page]:
        indexes = [span.page for span in spans]
        return self._documents.pages(version_id, range(min(indexes), max(indexes) + 1))


def split(text: str, kind: StatementKind) -> list[Statement]:
    """What a person typed as statements without evidence: one a sentence; a heading stays whole."""
    if kind is StatementKind.HEADING:
        whole = text.strip()
        return [Statement(kind, whole, level=1)] if whole else []
    found = (text[start:end].strip() for start, end in sentences(text))
    return [Statement(kind, words) for words in found if words]


def sentences_in(passage: Passage) -> list[str]:
    """The sentences of a passage that can be quoted: its headings are left out."""
    text = own_words(passage)
    found = (text[start:end].strip() for start, end in sentences(text))
    return [words for words in found if words and words not in passage.heading]


def own_words(passage: Passage) -> str:
    """The passage's text without the column names that it repeats from above its row."""
    repeated = sum(span.end - span.start for span in passage.spans[: passage.repeats])
    return passage.text[repeated:]


def as_quoted(line: Statement) -> Statement:
    """The statement; a quote that is not in its evidence word for word becomes a paraphrase."""
    if line.is_withheld or line.kind is not StatementKind.QUOTE:
        return line
    if any(quotes(line.text, item.quote) for item in line.evidence):
        return line
    return replace(line, kind=StatementKind.PARAPHRASE)


def _titled(title: str) -> str:
    bare = clean(title).strip()
    if not bare:
        raise NoTitleError
    return bare


def _body(passage: Passage) -> str:
    """The passage from its first sentence that is no heading."""
    quotable, text = sentences_in(passage), own_words(passage)
    return text[text.index(quotable[0]) :] if quotable else text


def _inside(spans: Sequence[Span], around: Sequence[Span]) -> bool:
    return all(
        any(a.page == s.page and a.start <= s.start and s.end <= a.end for a in around)
        for s in spans
    )


def _short(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:39]}…"
