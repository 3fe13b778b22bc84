"""Changing a brief: statements in, each bound to the words it rests on."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from briefs import arranging
from briefs.errors import DiscardedSourceError, EvidenceError, NoTitleError
from briefs.evidence import holds, locate, widened, words_at
from briefs.model import Brief, Evidence, Statement, StatementKind
from briefs.store import Briefs
from briefs.tables import table_of, text_of
from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Page, Passage, Span
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages
from knowledge.text import clean, sentences


class Editing:
    """What a person does to a brief.

    Every change names the revision it was made from (the `Brief` passed in), so two people never
    overwrite each other silently: their changes are made one, or the second is
    refused. Evidence is checked against the stored pages before it is saved.
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

    def create(
        self,
        title: str,
        lines: Sequence[Statement] = (),
        *,
        actor: Actor,
        template: str | None = None,
    ) -> Brief:
        """Make a draft; `template` is the name of the one that it begins with.

        Raises:
            NotPermittedError: the actor may not.
            NoTitleError: the title is blank.
            EvidenceError: a quote is not where its evidence says.
            TableError: a table is none.
        """
        require(actor, Permission.DRAFT)
        checked = self._checked(lines)
        return self._briefs.create(
            _titled(title), checked, actor=actor, at=self._clock(), template=template
        )

    def save(self, brief: Brief, *, title: str, lines: Sequence[Statement], actor: Actor) -> Brief:
        """Replace title and statements, and return the brief at its next revision.

        What somebody else has saved since `brief` was read is kept: both changes are made one, in
        one transaction, and only where both changed the same statement to different things is
        anything refused. A quote whose words a person has changed becomes a paraphrase: it keeps
        its evidence, but is no longer shown as the source's own words. A formula is kept of a
        computed statement alone. Saving what is stored already changes nothing and makes no
        revision. A statement that is withheld stays as it is stored.

        Raises:
            NotPermittedError: the actor may not.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's, which shares it for reading.
            NoTitleError: the title is blank; nothing is saved.
            EvidenceError: a quote is not where its evidence says; nothing is saved.
            TableError: a table is none; nothing is saved.
            ConflictingChangeError: somebody else has changed the same since, and says what; nothing
                is saved.
        """
        require(actor, Permission.DRAFT)
        title = _titled(title)
        stored = self._briefs.get(brief.id).statements
        checked = self._checked(_untouched(lines, brief, stored), known=stored)
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

    def whole(self, evidence: Evidence) -> Evidence:
        """The evidence with the rest of the sentences in which its words begin and end."""
        return widened(evidence, self._pages(evidence.version_id, evidence.spans))

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

    def merged(self, lines: Sequence[Statement], statement_id: int) -> tuple[Statement, ...]:
        """As `briefs.arranging.merged`, with the pages at hand; nothing is saved.

        Two quotes that follow each other there are one quote.

        Raises:
            ArrangingError: they cannot be joined.
        """
        both = arranging.neighbours(lines, statement_id)
        items = [item for line in both for item in line.evidence]
        return arranging.merged(lines, statement_id, pages=self._pages_under(items))

    def _checked(
        self, lines: Sequence[Statement], *, known: Collection[Statement] = ()
    ) -> tuple[Statement, ...]:
        """The statements as they are stored; those `known` to be stored so need no proof.

        Nor do those whose source was discarded since: else nothing else of the brief could be
        changed. `check` asks again before it is published.
        """
        proved = set(known)
        new = [(number, line) for number, line in enumerate(lines, 1) if line not in proved]
        pages = self._pages_under([item for _, line in new for item in line.evidence])
        for number, line in new:
            for item in line.evidence:
                if not item.quote:
                    raise DiscardedSourceError(number=number)
                if not holds(item, pages):
                    raise EvidenceError(quote=_short(item.quote))
        # Of a quotation from a file that was discarded the words are blank.
        kept = (line for line in lines if line.is_withheld or line in proved or line.text.strip())
        return tuple(line if line in proved else _fitted(line) for line in kept)

    def _pages_under(self, items: Sequence[Evidence]) -> list[Page]:
        """The pages on which evidence stands, each once."""
        wanted: defaultdict[int, set[int]] = defaultdict(set)
        for item in items:
            if indexes := [span.page for span in item.spans]:
                wanted[item.version_id].update(range(min(indexes), max(indexes) + 1))
        return [
            page
            for version_id, indexes in wanted.items()
            for page in self._documents.pages(version_id, sorted(indexes))
        ]

    def _pages(self, version_id: int, spans: Sequence[Span]) -> list[Page]:
        indexes = [span.page for span in spans]
        return self._documents.pages(version_id, range(min(indexes), max(indexes) + 1))


def sentences_in(passage: Passage) -> list[str]:
    """The sentences of a passage that can be quoted: its headings are left out."""
    text = own_words(passage)
    found = (text[start:end].strip() for start, end in sentences(text))
    return [words for words in found if words and words not in passage.heading]


def own_words(passage: Passage) -> str:
    """The passage's text without the column names that it repeats from above its row."""
    repeated = sum(span.end - span.start for span in passage.spans[: passage.repeats])
    return passage.text[repeated:]


def _untouched(
    lines: Sequence[Statement], brief: Brief, stored: Sequence[Statement]
) -> list[Statement]:
    """The lines; those left as they were read, and withheld or bereft since, as they are stored.

    Whoever changed something else needs no source that is kept from them by now, and does not bring
    words back that were discarded meanwhile.
    """
    hidden = {
        line.id: line
        for line in stored
        if line.is_withheld or not all(item.quote for item in line.evidence)
    }
    read = {line.id: line for line in brief.statements}
    return [
        hidden[line.id] if line.id in hidden and read.get(line.id) == line else line
        for line in lines
    ]


def _fitted(line: Statement) -> Statement:
    """The statement without what its kind has not."""
    if line.is_withheld:
        return line
    formula = (line.formula or "").strip() or None
    line = replace(
        arranging.as_quoted(line),
        formula=formula if line.kind is StatementKind.COMPUTED else None,
        level=line.level if line.kind is StatementKind.HEADING else None,
    )
    if line.kind is StatementKind.TABLE:
        return replace(line, text=text_of(table_of(line.text)))
    return line


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
