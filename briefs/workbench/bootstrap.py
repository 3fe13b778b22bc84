"""The only place that chooses adapters: settings in, a workbench of services out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from briefs.composing import Composing
from briefs.drafting import Drafting
from briefs.editing import Editing
from briefs.model import BriefSummary
from briefs.publishing import Publishing
from briefs.store import Briefs
from briefs.workbench.house import DATABASE, House, now
from briefs.workbench.picturing import Pictures
from briefs.workbench.settings import Settings
from briefs.workbench.succession import Succession
from embeddings.errors import BadInputError as EncoderProblem
from embeddings.protocols import Encoder
from knowledge.access import Viewer, viewer_of
from knowledge.accounts.audit import Audit
from knowledge.accounts.roles import EVERYTHING
from knowledge.accounts.second_person import Proposals
from knowledge.accounts.signing_in import SigningIn
from knowledge.certainty import Judge
from knowledge.desk import Desk
from knowledge.health import Doctor
from knowledge.indexing import DenseIndexing, LexicalIndexing
from knowledge.ingest import Ingest
from knowledge.library import Library
from knowledge.likeness import Likeness
from knowledge.model import Actor, Version
from knowledge.originals import Originals
from knowledge.protocols import LexicalIndex
from knowledge.quarantine import Quarantine
from knowledge.readers.sandbox import Files
from knowledge.recognition.recognising import Recognising
from knowledge.recognition.remote import RemoteRecogniser
from knowledge.rereading import Rereading
from knowledge.retrieval import Retriever
from knowledge.store.confidences import Confidences
from knowledge.store.documents import Documents
from knowledge.store.failures import Failures
from knowledge.store.passages import Passages
from knowledge.store.people import People
from knowledge.store.quarantine import QuarantinedFile
from knowledge.store.recognitions import Recognitions
from knowledge.store.rereadings import Rereadings
from knowledge.synonyms import Synonyms
from knowledge.synonyms_file import SynonymsFile
from knowledge.weighing import read_weights

__all__ = ["DATABASE", "Workbench", "now"]

_log = logging.getLogger(__name__)


class Workbench:
    """All services over one home for one person, each made when first needed.

    Whatever is shown is read for that person: what they may not see does not exist for them. Safe
    in several threads.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = now,
        encoder: Encoder | None = None,
        files: Files | None = None,
    ) -> None:
        """Open the home, made and brought up to date as need be, for whoever runs this process.

        Args:
            settings: of the home.
            clock: gives the moment of every record.
            encoder: used instead of the one that the settings name.
            files: reads and draws files; failing that, a sandbox.

        Raises:
            BadHomeError: the home cannot be used.
        """
        self.house = House(settings, clock=clock, encoder=encoder, files=files)
        person = self.people.ensure(settings.person, branch=settings.library, at=clock())
        # The files of the home are theirs anyway.
        self.actor: Actor = replace(person, permissions=EVERYTHING, sees_all_branches=True)

    def of(self, actor: Actor) -> "Workbench":
        """The same home as another person's workbench; costs nothing and needs no closing."""
        other = object.__new__(Workbench)
        other.house = self.house
        other.actor = actor
        return other

    def close(self) -> None:
        """Let go of the home; every other person's workbench of it can no longer be used."""
        self.house.close()

    @property
    def settings(self) -> Settings:
        """The settings of the home."""
        return self.house.settings

    @property
    def clock(self) -> Callable[[], datetime]:
        """Gives the moment of every record."""
        return self.house.clock

    @property
    def home(self) -> Path:
        """The folder."""
        return self.house.home

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.house.engine

    @property
    def people(self) -> People:
        """Persons and branches."""
        return self.house.people

    @property
    def signing_in(self) -> SigningIn:
        """Accounts, and who is signed in."""
        return self.house.signing_in

    @property
    def audit(self) -> Audit:
        """The log of who did what."""
        return self.house.audit

    @property
    def proposals(self) -> Proposals:
        """What takes two persons."""
        return self.house.proposals

    @property
    def failures(self) -> Failures:
        """Files that could not be read."""
        return self.house.failures

    @property
    def originals(self) -> Originals:
        """The files themselves."""
        return self.house.originals

    @property
    def files(self) -> Files:
        """What reads and draws files."""
        return self.house.files

    @property
    def ingest(self) -> Ingest:
        """The way in for files."""
        return self.house.ingest

    @property
    def quarantine(self) -> Quarantine:
        """Files that bear a mark of secrecy."""
        return self.house.quarantine

    @property
    def synonyms_file(self) -> SynonymsFile:
        """The library's own table of synonyms."""
        return self.house.synonyms_file

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings; see `Models.encoder`."""
        return self.house.encoder

    @property
    def encoder_problem(self) -> EncoderProblem | None:
        """Why there is no dense search here; None when there is."""
        return self.house.encoder_problem

    @property
    def reranker_problem(self) -> EncoderProblem | None:
        """Why the reranker of the settings is not used; None when it is, or none is set."""
        return self.house.reranker_problem

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index."""
        return self.house.lexical

    @property
    def lexical_indexing(self) -> LexicalIndexing:
        """What keeps the lexical index up to date."""
        return self.house.lexical_indexing

    @property
    def dense(self) -> DenseIndexing | None:
        """What keeps the dense index up to date; None where there is no encoder."""
        return self.house.dense

    @property
    def opened_dense(self) -> DenseIndexing | None:
        """As `dense`, but None until it was needed: asking loads nothing."""
        return self.house.opened_dense

    @property
    def succession(self) -> Succession:
        """Which encoder searches while the one of the settings takes another one's place."""
        return self.house.succession

    @property
    def serving(self) -> tuple[Encoder, DenseIndexing] | None:
        """The encoder and the index that search now; None where there is no encoder."""
        return self.house.serving

    @property
    def synonyms(self) -> Synonyms:
        """What a search takes for the same word, as it is now."""
        return self.house.synonyms

    @property
    def weights_file(self) -> Path:
        """Where “zhiku calibrate” keeps how to tell an answer from a near miss."""
        return self.house.weights_file

    @property
    def doctor(self) -> Doctor:
        """Compares SQL, originals and indexes."""
        return self.house.doctor

    def refresh(self) -> None:
        """Bring both indexes to what SQL holds, if any process has changed it."""
        self.house.refresh()

    def index(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Encode what waits and bring the indexes up to date; see `House.index`."""
        return self.house.index(progress)

    @cached_property
    def viewer(self) -> Viewer:
        """What this person may see."""
        return viewer_of(self.actor)

    @cached_property
    def documents(self) -> Documents:
        """The documents that this person may see."""
        return Documents(self.engine, self.viewer)

    @cached_property
    def passages(self) -> Passages:
        """The passages that this person may see."""
        return Passages(self.engine, self.viewer)

    @cached_property
    def desk(self) -> Desk:
        """Inquiries and answers."""
        return Desk(self.engine, self.documents, ingest=self.ingest, clock=self.clock)

    @cached_property
    def briefs(self) -> Briefs:
        """Briefs, their revisions and editions."""
        return Briefs(self.engine)

    @cached_property
    def editing(self) -> Editing:
        """What writes briefs."""
        return Editing(self.briefs, self.documents, self.passages, clock=self.clock)

    @cached_property
    def publishing(self) -> Publishing:
        """What publishes briefs."""
        return Publishing(
            self.briefs,
            self.editing,
            composing=Composing(self.documents, self.people),
            clock=self.clock,
            notice=self.settings.notice or None,
        )

    @cached_property
    def library(self) -> Library:
        """The collection: add, describe, remove, with the lexical index kept in step."""
        return Library(
            self.documents,
            ingest=self.ingest,
            indexing=self.lexical_indexing,
            clock=self.clock,
        )

    @cached_property
    def likeness(self) -> Likeness:
        """What finds the same and nearly the same documents."""
        return self.house.likeness(self.documents)

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures of pages, with words boxed."""
        return self.house.pictures(self.documents, self.passages)

    @cached_property
    def recognising(self) -> Recognising:
        """What recognises the pages that wait for it."""
        return Recognising(
            Recognitions(self.engine),
            self.house.kept,
            recogniser=RemoteRecogniser(self.originals.read),
            withhold=self._withhold,
            lock=self.house.lock_file("recognition"),
            clock=self.clock,
        )

    @cached_property
    def rereading(self) -> Rereading:
        """What reads documents of an older Zhiku anew."""
        return Rereading(
            self.documents,
            Rereadings(self.engine),
            originals=self.originals,
            read=self.files.read,
            withhold=self._withhold,
            lock=self.house.lock_file("ingest"),
            clock=self.clock,
        )

    def _withhold(self, version: Version, mark: str) -> bool:
        if self.quarantine.is_released(version.sha256):
            self.quarantine.restrict(version.id)
            return False
        file = self.quarantine.withdraw(version.id, mark, actor=self.actor)
        for brief in self.briefs_citing([file])[file.id]:
            _log.warning("quarantine: brief %d cites file %d", brief.id, file.id)
        return True

    def briefs_citing(self, files: Sequence[QuarantinedFile]) -> dict[int, list[BriefSummary]]:
        """By the id of a file in quarantine the briefs that cite its words, each once."""
        cited = self.publishing.citing() if files else {}
        found: dict[int, list[BriefSummary]] = {}
        for file in files:
            of_it = (cited.get(id_, []) for id_ in self.quarantine.versions(file))
            found[file.id] = list({brief.id: brief for each in of_it for brief in each}.values())
        return found

    @property
    def retriever(self) -> Retriever:
        """Search, over indexes that hold what any process has committed by now."""
        self.refresh()
        serving = self.serving
        return Retriever(
            self.documents,
            self.passages,
            lexical=self.lexical,
            dense=serving,
            confidences=Confidences(self.engine),
            judge=self.house.judge_for(None if serving is None else serving[0]),
            reranker=self.house.reranker,
        )

    @property
    def lexical_retriever(self) -> Retriever:
        """Search by words alone: needs no encoder and loads none."""
        self.lexical_indexing.catch_up()
        return Retriever(
            self.documents,
            self.passages,
            lexical=self.lexical,
            dense=None,
            confidences=Confidences(self.engine),
            judge=Judge(
                self.lexical,
                fitted=read_weights(self.weights_file),
                synonyms=lambda: self.synonyms,
            ),
        )

    @property
    def drafting(self) -> Drafting:
        """Drafts by outline."""
        encoder = None if self.encoder_problem else self.encoder
        return Drafting(self.retriever, self.editing, encoder=encoder)
