"""HTML: one page that needs nothing else, made for a phone first."""

import base64
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from briefs.exporters.exhibits import Picture
from briefs.exporters.view import View

_FOLDER = Path(__file__).parent


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html.jinja")


@cache
def _style() -> Markup:
    # Our own file, not a person's words; each line's indent is dropped to keep the page small.
    lines = (_FOLDER / "brief.css").read_text(encoding="utf-8").splitlines()
    return Markup("\n").join(Markup(line.strip()) for line in lines if line.strip())  # noqa: S704  # nosec B704 – ours


def to_html(view: View, *, embedded: bool = True) -> bytes:
    """Render a page without script or external request; UTF-8.

    Lines have the ids ``s1``, ``s2`` …, marks ``c1`` …, references ``r1`` …: a mark opens
    the source page, its reference leads back to every mark. Pictures stand in the page itself, or,
    unless `embedded`, at their addresses on the site.
    """
    source = _embedded if embedded else _linked
    rendered = _template().render(view=view, words=view.words, style=_style(), source=source)
    return rendered.encode()


def _embedded(picture: Picture) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"


def _linked(picture: Picture) -> str:
    return picture.address
