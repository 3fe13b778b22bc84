"""The only place that chooses adapters: settings in, a workbench of services out."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

import briefs.schema  # noqa: F401 – its tables join the knowledge base's metadata
from briefs.citing.collecting import Collecting
from briefs.citing.importing import Importing
from briefs.composing import Composing
from briefs.drafting import Drafting
from briefs.editing import Editing
from briefs.model import BriefSummary
from briefs.publishing import Publishing
from briefs.store import Briefs
from briefs.workbench.models import Models
from briefs.workbench.picturing import Pictures
from briefs.workbench.settings import Settings
from briefs.workbench.succession import Succession
from embeddings.errors import BadInputError as EncoderProblem
from embeddings.protocols import Encoder
from knowledge.access import KEEPER, Viewer, staff
from knowledge.backdrop import Backdrop
from knowledge.certainty import Judge
from knowledge.desk import Desk
from knowledge.errors import BadHomeError
from knowledge.health import Doctor
from knowledge.indexing import DenseIndexing, LexicalIndexing
from knowledge.ingest import Ingest, Records
from knowledge.lexical import TantivyIndex
from knowledge.library import Library
from knowledge.likeness import Likeness
from knowledge.model import Actor, Version
from knowledge.originals import Originals
from knowledge.protocols import LexicalIndex
from knowledge.quarantine import Quarantine
from knowledge.readers.sandbox import Files, Sandbox
from knowledge.recognition.recognising import Recognising
from knowledge.recognition.remote import RemoteRecogniser
from knowledge.rereading import Rereading
from knowledge.retrieval import Retriever
from knowledge.store.changes import Mark
from knowledge.store.confidences import Confidences
from knowledge.store.documents import Documents
from knowledge.store.engine import migrate, open_engine
from knowledge.store.failures import Failures
from knowledge.store.likenesses import Likenesses
from knowledge.store.passages import Passages
from knowledge.store.people import People
from knowledge.store.quarantine import QuarantinedFile, QuarantinedFiles
from knowledge.store.recognitions import Recognitions
from knowledge.store.rereadings import Rereadings
from knowledge.synonyms import Synonyms
from knowledge.synonyms_file import FILE_NAME, SynonymsFile
from knowledge.weighing import read_weights

DATABASE = "zhiku.db"
_log = logging.getLogger(__name__)
_LOOKED_AT_BEFORE_A_SEARCH = 16
"""Versions compared with the rest of the collection: a fraction of a second."""
_PATIENCE = 0.5
"""Seconds that a search waits for another one that brings the indexes up to date."""


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Workbench:
    """All services over one home, each made when first needed; safe in several threads."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = now,
        encoder: Encoder | None = None,
        files: Files | None = None,
    ) -> None:
        """Open the home, made and brought up to date as need be.

        Args:
            settings: of the home.
            clock: gives the moment of every record.
            encoder: used instead of the one that the settings name.
            files: reads and draws files; failing that, a sandbox.

        Raises:
            BadHomeError: the home cannot be used.
        """
        self.settings = settings
        self.clock = clock
        self.home = settings.home
        self._lock = threading.RLock()
        self._fresh_lock = threading.Lock()
        try:
            for folder in (self.home, self.home / "index", self.home / "locks"):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadHomeError(path=self.home, reason=error.strerror) from error
        self.engine: Engine = open_engine(self.home / DATABASE)
        migrate(self.engine)
        self.people = People(self.engine)
        self._kept = Documents(self.engine, KEEPER)
        self._indexed = Passages(self.engine, KEEPER)
        self.documents = Documents(self.engine, self.viewer)
        self.passages = Passages(self.engine, self.viewer)
        self.failures = Failures(self.engine)
        self.originals = Originals(self.home / "originals")
        self.synonyms_file = SynonymsFile(self.home / FILE_NAME, lock=self._lock_file("synonyms"))
        self.files: Files = Sandbox() if files is None else files
        quarantined = QuarantinedFiles(self.engine)
        self.ingest = Ingest(
            Records(self._kept, self.failures, quarantined),
            originals=self.originals,
            read=self.files.read,
            lock=self._lock_file("ingest"),
            clock=clock,
        )
        self.quarantine = Quarantine(
            quarantined,
            self.ingest,
            originals=self.originals,
            clock=clock,
            forget=self.pictures.forget,
        )
        self.quarantine.tidy()
        self.desk = Desk(self.engine, self.documents, ingest=self.ingest, clock=clock)
        self.briefs = Briefs(self.engine)
        self.editing = Editing(self.briefs, self.documents, self.passages, clock=clock)
        self.publishing = Publishing(
            self.briefs,
            self.editing,
            composing=Composing(self.documents, self.people, style=settings.reference_style),
            clock=clock,
            notice=settings.notice or None,
        )
        self._models = Models(settings, folder=self.home / "cache" / "models", encoder=encoder)
        self._judges: dict[str, Judge] = {}
        self._taken_in: Mark | None = None
        self._encoded: Mark | None = None

    def close(self) -> None:
        """Let go of the database and of the processes that read and draw."""
        self.files.close()
        self.engine.dispose()

    @cached_property
    def actor(self) -> Actor:
        """The person on whose behalf things are done while there are no accounts."""
        return self.people.ensure(
            self.settings.person, branch=self.settings.library, at=self.clock()
        )

    @cached_property
    def viewer(self) -> Viewer:
        """What that person may see: all that pages and commands show is read for them."""
        return staff(self.actor.person_id)

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings, loaded once; see `Models.encoder`."""
        return self._models.encoder

    @property
    def encoder_problem(self) -> EncoderProblem | None:
        """Why there is no dense search here; None when there is."""
        return self._models.encoder_problem

    @property
    def reranker_problem(self) -> EncoderProblem | None:
        """Why the reranker of the settings is not used; None when it is, or none is set."""
        return self._models.reranker_problem

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index, opened once."""
        with self._lock:
            return self._lexical

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return TantivyIndex(
            self.home / "index" / "lexical",
            synonyms=self.synonyms_file.current,
            state=self._lexical_state,
        )

    @property
    def _lexical_state(self) -> Path:
        return self.home / "index" / "lexical.upto"

    @cached_property
    def lexical_indexing(self) -> LexicalIndexing:
        """What keeps the lexical index up to date."""
        return LexicalIndexing(
            self._indexed,
            self.lexical,
            lock=self._lock_file("lexical"),
            state=self._lexical_state,
        )

    @property
    def dense(self) -> DenseIndexing | None:
        """What keeps the dense index up to date; None where there is no encoder."""
        if self.encoder_problem is not None:
            return None
        with self._lock:
            return self._dense

    @cached_property
    def _dense(self) -> DenseIndexing:
        return self._dense_of(self.encoder)

    def _dense_of(self, encoder: Encoder) -> DenseIndexing:
        return DenseIndexing(
            self._indexed,
            encoder,
            folder=self.home / "index" / "dense",
            lock=self._lock_file("dense"),
        )

    @property
    def opened_dense(self) -> DenseIndexing | None:
        """As `dense`, but None until it was needed: asking loads nothing."""
        opened: DenseIndexing | None = self.__dict__.get("_dense")
        return opened

    @cached_property
    def succession(self) -> Succession:
        """Which encoder searches while the one of the settings takes another one's place."""
        return Succession(
            self.settings.encoder,
            file=self.home / "index" / "encoder.json",
            load=self._models.made,
            index_of=self._dense_of,
        )

    @property
    def serving(self) -> tuple[Encoder, DenseIndexing] | None:
        """The encoder and the index that search now; None where there is no encoder."""
        dense = self.dense
        return None if dense is None else self.succession.serving(self.encoder, dense)

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
    def collecting(self) -> Collecting:
        """The references of documents and briefs."""
        return Collecting(self.documents, self.briefs)

    @cached_property
    def importing(self) -> Importing:
        """What takes references of other programs over into the catalogue."""
        return Importing(self.documents, self.library)

    @cached_property
    def likeness(self) -> Likeness:
        """What finds the same and nearly the same documents."""
        lock = self._lock_file("likeness")
        return Likeness(Likenesses(self.engine), self.documents, lock=lock)

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures of pages, with words boxed."""
        return Pictures(
            self.documents,
            self.passages,
            originals=self.originals,
            draw=self.files.draw,
            folder=self.home / "cache" / "pages",
        )

    @cached_property
    def recognising(self) -> Recognising:
        """What recognises the pages that wait for it."""
        return Recognising(
            Recognitions(self.engine),
            self._kept,
            recogniser=RemoteRecogniser(self.originals.read),
            withhold=self._withhold,
            lock=self._lock_file("recognition"),
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
            lock=self._lock_file("ingest"),
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
            judge=self._judge_for(None if serving is None else serving[0]),
            reranker=self._models.reranker,
        )

    def _judge_for(self, encoder: Encoder | None) -> Judge:
        name = "" if encoder is None else encoder.fingerprint
        with self._lock:
            if name not in self._judges:
                folder = self.home / "cache" / "certainty"
                self._judges[name] = Judge(
                    self.lexical,
                    backdrop=None if encoder is None else Backdrop(encoder, folder=folder),
                    fitted=read_weights(self.weights_file),
                    synonyms=lambda: self.synonyms,
                )
            return self._judges[name]

    @property
    def synonyms(self) -> Synonyms:
        """What a search takes for the same word, as it is now."""
        return self.synonyms_file.current()

    @property
    def weights_file(self) -> Path:
        """Where “zhiku calibrate” keeps how to tell an answer from a near miss."""
        return self.home / "certainty.json"

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

    @property
    def doctor(self) -> Doctor:
        """Compares SQL, originals and indexes."""
        return Doctor(
            self.engine,
            self._kept,
            self._indexed,
            originals=self.originals,
            ingest=self.ingest,
            indexes=(self.lexical, self.lexical_indexing, self.dense),
        )

    def refresh(self) -> None:
        """Bring both indexes to what SQL holds, if any process has changed it."""
        if not self._fresh_lock.acquire(timeout=_PATIENCE):
            # Another thread is at it: what the indexes hold by now is searched meanwhile.
            return
        try:
            touched = self._indexed.changes.since(self._taken_in)
            encoded = self._indexed.encodings.latest()
            if (touched.upto, encoded) == (self._taken_in, self._encoded):
                return
            lexical = self.lexical_indexing.catch_up()
            if (dense := self.dense) is not None:
                dense.catch_up()
            # A search does not wait for all of a big addition; whoever added it is at it.
            among = None if touched.ids is None else self._indexed.versions_of(touched.ids)
            self.likeness.catch_up(limit=_LOOKED_AT_BEFORE_A_SEARCH, among=among)
            # Only now, and only if nobody else is still writing: else the next search looks again.
            if lexical is not None:
                self._taken_in, self._encoded = touched.upto, encoded
        finally:
            self._fresh_lock.release()

    def index(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Encode what waits, bring the indexes up to date and save them; returns how many encoded.

        Does nothing for the dense side where there is no encoder.
        """
        self.lexical_indexing.catch_up()
        self.likeness.catch_up()
        if (dense := self.dense) is None:
            return 0
        encoded = dense.encode(progress)
        dense.catch_up()
        dense.save()
        self.succession.note(self.encoder, dense)
        return encoded

    def _lock_file(self, name: str) -> Path:
        return self.home / "locks" / f"{name}.lock"
