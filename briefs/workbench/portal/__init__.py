"""Plain HTTP beside the pages: published briefs, source pages, health; and the gate before all.

Rooms: ``door`` (who comes in), ``entrance`` (signing in, passwords), ``forms``, ``published``
(briefs), ``sources`` (pages, their pictures, originals), ``figures`` (cut out of pages), ``health``
and ``warmth`` (ready or not), ``access`` (who may read), ``rendering`` (templates, language,
responses), ``sso`` (signing in by an identity provider, with ``provider`` and ``proof``).
Middleware: ``watching`` (numbers, the log, what nobody caught), ``refusing`` (malformed requests,
other hosts), ``gate`` (headers, doors).
"""

from collections.abc import Callable
from pathlib import Path

from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.door import Door
from briefs.workbench.portal.entrance import Entrance, session_cookie
from briefs.workbench.portal.figures import Figures
from briefs.workbench.portal.gate import FirstPage, Packing, SafeHeaders
from briefs.workbench.portal.health import Health
from briefs.workbench.portal.published import Published
from briefs.workbench.portal.refusing import Refusing
from briefs.workbench.portal.sources import Sources
from briefs.workbench.portal.sso import SingleSignOn
from briefs.workbench.portal.warmth import Warmth
from briefs.workbench.portal.watching import Watching

__all__ = ["Warmth", "middleware", "routes"]

_FORM = ["GET", "POST"]
_WHOLE = (
    "published",
    "briefs",
    "previews",
    "pages",
    "originals",
    "api",
    "sign-in",
    "sign-out",
    "password",
    "account",
    "sso",
)
"""First parts of addresses under which what is not known is a real 404."""
ASSETS = Path(__file__).parent.parent / "assets"


def routes(workbench: Callable[[], Workbench], *, warmth: Warmth) -> list[BaseRoute]:
    """Everything the portal answers; under its own prefixes an unknown address is a real 404.

    Args:
        workbench: asked at each request, so that the home is opened late.
        warmth: what ``/readyz`` reports on.
    """
    health = Health(workbench, warmth)
    entrance = Entrance(lambda: workbench().signing_in, lambda: workbench().settings)
    sso = SingleSignOn(workbench, entrance)
    published = Published(workbench)
    sources = Sources(workbench)
    figures = Figures(workbench)
    return [
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/sign-in", entrance.sign_in, methods=_FORM),
        Route("/sign-out", entrance.sign_out, methods=_FORM),
        Route("/password", entrance.change_password, methods=_FORM),
        Route("/password/{token}", entrance.set_password, methods=_FORM),
        Route("/account", entrance.account, methods=_FORM),
        Route("/sso/start", sso.start, methods=_FORM),
        Route("/sso/back", sso.back),
        Route("/published", published.all),
        Route("/briefs", RedirectResponse("/published")),
        Route("/briefs/{brief}.{suffix}", published.file),
        Route("/briefs/{brief}", published.brief),
        Route("/briefs/{brief}/{edition}.{suffix}", published.file),
        Route("/briefs/{brief}/{edition}", published.brief),
        Route("/previews/{brief}", published.preview),
        Route("/pages/{version}/figure.png", figures.image),
        Route("/pages/{version}/{page}.png", sources.image),
        Route("/pages/{version}/{page}", sources.page),
        Route("/originals/{version}", sources.original),
        Mount("/assets", StaticFiles(directory=ASSETS)),
        *(Route(f"/{prefix}/{{rest:path}}", published.missing) for prefix in _WHOLE),
        Route("/previews", published.missing),
        Route("/pages", published.missing),
        Route("/originals", published.missing),
        Route("/api", published.missing),
    ]


def middleware(workbench: Callable[[], Workbench]) -> list[Middleware]:
    """What every request passes, outermost first.

    Args:
        workbench: asked at each request, so that the home is opened late.
    """
    return [
        Middleware(SafeHeaders, is_secure=lambda: workbench().settings.is_secure),
        Middleware(Watching, language=lambda: workbench().settings.language),
        Middleware(Refusing, settings=lambda: workbench().settings),
        Middleware(Packing),
        Middleware(
            Door,
            signing_in=lambda: workbench().signing_in,
            cookie=lambda: session_cookie(workbench().settings),
        ),
        Middleware(FirstPage, language=lambda: workbench().settings.language),
    ]
