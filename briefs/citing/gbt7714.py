"""GB/T 7714, editions 2025 and 2015: one entry of the list of references.

Sources of the facts: the changes announced with the edition of 2025 (in force since 2026-07-01) and
the community's CSL styles for both. In 2025 punctuation is full-width ``，：（）`` but half-width
``.`` and ``[ ]``, in entries of every language; in 2015 it is half-width. A colon inside a title
stays as it is. A part that is unknown is left out with its punctuation: nothing like “[S.l.]” is
ever put in its place.

The day of access: in 2025 where the network is all there is (web pages, online government
documents, data sets, preprints), in 2015 in every entry from the network. Reference answers of a
library's desk are reports, ``[R/OL]`` once they have an address.
"""

from briefs.citing.cleaning import bare_doi, cleaned, joined, sentence
from briefs.citing.form import Form
from briefs.citing.shapes import SHAPES
from briefs.citing.style import DEFAULT, Style
from knowledge.csl import Work, WorkType


def reference(work: Work, style: Style = DEFAULT, *, suffix: str = "") -> str:
    """Print one entry, without its ``[n]``, ending in a full stop.

    Args:
        work: what is cited.
        style: edition and system.
        suffix: the letter that tells works of one author and year apart; author-date only.
    """
    form = Form(work, style)
    text = sentence([_first(form, suffix), *SHAPES[work.type](form)])
    doi = bare_doi(work.doi)
    access = [cleaned(work.url), f"DOI:{doi}" if doi else ""]
    return ". ".join([text, *filter(None, access)]) + "."


def _first(form: Form, suffix: str) -> str:
    """Who answers for it; in the author-date system with the year."""
    names = form.names(form.responsible())
    if form.dated_first:
        anonymous = "佚名" if form.work.is_chinese else "Anon"
        return joined(form.rules.comma, names or anonymous, year_of(form.work) + suffix)
    if form.work.type is WorkType.STANDARD and form.rules.standard_first:
        return "" if cleaned(form.work.number) else names
    return names


def year_of(work: Work) -> str:
    """The year in the author-date system, or the words for there being none.

    The styles of the community print the year of access in brackets; when somebody looked at a page
    says nothing of when it was made, so it is not done here.
    """
    if work.issued is None:
        return "无日期" if work.is_chinese else "n.d."
    return f"{work.issued.year:04}"
