"""The errors of templates, below those of `briefs.errors`.

::

    UnknownTemplateError · TemplateNameError · StaleTemplateError
    TemplateError          a template cannot be read
    └── MalformedTemplateError · UnknownTemplateWordError · TemplateValueError
        · RepeatedHeadingError · ForbiddenTitleError (one of its lines)
"""

from briefs.errors import BadInputError


class UnknownTemplateError(BadInputError):
    """A name that no template has, or none of the library's own."""

    sentence = "There is no template “{name}”: “zhiku templates” lists those that there are."


class TemplateNameError(BadInputError):
    """A name that cannot be a file's."""

    sentence = (
        "“{name}” cannot name a template: take up to {longest} letters, digits, hyphens or Chinese "
        "characters."
    )


class StaleTemplateError(BadInputError):
    """A template was changed by somebody else since it was read."""

    sentence = (
        "Somebody else has changed the template “{name}” meanwhile: load it again, then put in "
        "your change once more."
    )


class TemplateError(BadInputError):
    """A template cannot be read."""

    sentence = "The template {path} cannot be read ({reason}): save it as UTF-8 text."


class MalformedTemplateError(TemplateError):
    """It is no TOML."""

    sentence = "{path}, line {line}: this is no TOML ({reason}): mend the line."


class UnknownTemplateWordError(TemplateError):
    """A word that templates do not have."""

    sentence = "{path}, line {line}: “{key}” means nothing here; there may be: {allowed}."


class TemplateValueError(TemplateError):
    """A value that is missing, or not allowed."""

    sentence = "{path}, line {line}: “{key}” is missing or not allowed; it takes {allowed}."


class RepeatedHeadingError(TemplateError):
    """Two sections of one heading."""

    sentence = "{path}, line {line}: the heading “{heading}” stands twice: reword the second one."


class ForbiddenTitleError(TemplateError):
    """A series that would call itself a publication."""

    sentence = (
        "{path}, line {line}: a series may not be called “{title}”, as 刊 and 报 are for licensed "
        "publications: choose another title (简报 is allowed)."
    )
