"""Publications as files: HTML, DOCX, PDF and Markdown.

Every renderer is a pure function of the publication: same publication and settings, same bytes. No
text of a person ever becomes markup. Nothing here reads a database, a clock or a setting.
"""

from enum import StrEnum
from pathlib import Path

from briefs.exporters.docx import to_docx
from briefs.exporters.exhibits import Pictures, figure_href
from briefs.exporters.html import to_html
from briefs.exporters.markdown import to_markdown
from briefs.exporters.pdf import to_pdf
from briefs.exporters.view import view_of
from briefs.model import Publication

__all__ = ["ExportFormat", "Pictures", "export", "figure_href"]


class ExportFormat(StrEnum):
    """What a publication can be had as; the value is what a person types."""

    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    MARKDOWN = "md"

    @property
    def media_type(self) -> str:
        """For the HTTP header."""
        return {
            ExportFormat.HTML: "text/html; charset=utf-8",
            ExportFormat.DOCX: (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            ),
            ExportFormat.PDF: "application/pdf",
            ExportFormat.MARKDOWN: "text/markdown; charset=utf-8",
        }[self]

    @property
    def suffix(self) -> str:
        """File ending with its dot."""
        return f".{self.value}"


def export(
    publication: Publication,
    to: ExportFormat | str,
    *,
    base_url: str = "",
    font_folder: Path | None = None,
    pictures: Pictures | None = None,
    embedded: bool = True,
) -> bytes:
    """Render a publication as one file, complete in itself.

    Args:
        publication: what readers get; nothing else is read.
        to: an `ExportFormat` or its value (``html``, ``docx``, ``pdf``, ``md``).
        base_url: address of the server, put before each ``/pages/…`` link. Without it HTML links
            stay relative to the site and the other formats print the pages without links.
        font_folder: a library's own fonts (仿宋, 小标宋) for PDF; the built-in font fills what they
            lack. Other formats name their fonts and leave them to the reader's machine.
        pictures: cuts figures out of the pages of sources; without it, and where a page has no
            picture, a figure's caption stands alone with its citation.
        embedded: whether HTML holds the pictures itself; else it asks the site for them
            (`figure_href`), which then says anew who may see them. Markdown only links to them, and
            only where the server is known.

    Raises:
        ValueError: `to` is no export format.
        SettingError: `font_folder` is not a folder.
    """
    view = view_of(publication, base_url=base_url, pictures=pictures)
    match ExportFormat(to):
        case ExportFormat.HTML:
            return to_html(view, embedded=embedded)
        case ExportFormat.DOCX:
            return to_docx(view)
        case ExportFormat.PDF:
            return to_pdf(view, font_folder=font_folder)
        case ExportFormat.MARKDOWN:
            return to_markdown(view)
