"""What a home has for everybody who works in it, said once for each person's workbench."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from briefs.templates import Templates
from briefs.workbench.house import House
from briefs.workbench.settings import Settings
from briefs.workbench.succession import Succession
from embeddings.errors import BadInputError as EncoderProblem
from embeddings.protocols import Encoder
from knowledge.accounts.audit import Audit
from knowledge.accounts.second_person import Proposals
from knowledge.accounts.signing_in import SigningIn
from knowledge.health import Doctor
from knowledge.indexing import DenseIndexing, LexicalIndexing
from knowledge.ingest import Ingest
from knowledge.originals import Originals
from knowledge.protocols import LexicalIndex
from knowledge.readers.sandbox import Files
from knowledge.store.people import People
from knowledge.synonyms import Synonyms
from knowledge.synonyms_file import SynonymsFile


class Housed:
    """Shows what its house has; whose workbench it is makes no difference here."""

    house: House

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
    def synonyms_file(self) -> SynonymsFile:
        """The library's own table of synonyms."""
        return self.house.synonyms_file

    @property
    def templates(self) -> Templates:
        """The templates of briefs."""
        return self.house.templates

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
