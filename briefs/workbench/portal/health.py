"""For whoever watches the server: is it alive, is it ready."""

from collections.abc import Callable

from sqlalchemy.exc import DatabaseError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.warmth import Warmth

_FRESH = {"Cache-Control": "no-store"}


class Health:
    """The routes ``/healthz`` and ``/readyz``."""

    def __init__(self, workbench: Callable[[], Workbench], warmth: Warmth) -> None:
        self._workbench = workbench
        self._warmth = warmth

    def alive(self, _request: Request) -> Response:
        """The process answers."""
        return JSONResponse({"alive": True}, headers=_FRESH)

    def ready(self, _request: Request) -> Response:
        """The database opens and the indexes are in memory; status 503 until then."""
        database = self._database_opens()
        ready = database and self._warmth.is_ready
        state = {"ready": ready, "database": database, "search": self._warmth.state}
        return JSONResponse(state, 200 if ready else 503, headers=_FRESH)

    def _database_opens(self) -> bool:
        try:
            with self._workbench().engine.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM documents")
        except DatabaseError:
            return False
        return True
