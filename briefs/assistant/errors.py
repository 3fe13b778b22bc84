"""The errors of the assistant, below those of `briefs.errors`.

::

    AssistantError         nothing to be had from it
    └── AssistantDownError · AssistantReplyError · NothingToOfferError
"""

from briefs.errors import BadInputError


class AssistantError(BadInputError):
    """Nothing to be had from the assistant."""

    sentence = "The assistant has nothing to propose: write the statements yourself."


class AssistantDownError(AssistantError):
    """It cannot be reached, or does not answer as it should."""

    sentence = (
        "The assistant does not answer as it should: try later, or have assistant_address, "
        "assistant_model and assistant_key looked at; the server's log says what was wrong."
    )


class AssistantReplyError(AssistantError):
    """Its reply is no list of statements."""

    sentence = (
        "The assistant's reply is no list of statements, and nothing was taken from it: ask once "
        "more, or try another model."
    )


class NothingToOfferError(AssistantError):
    """No passage was found that may be shown to it."""

    sentence = (
        "No passage was found that the assistant may be shown: reword title and heading, or add "
        "sources."
    )
