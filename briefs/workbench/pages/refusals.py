"""What only the desk refuses."""

from briefs.errors import BadInputError, StaleRevisionError


class UnseenChangeError(StaleRevisionError):
    """A deed was meant for a statement as it was before somebody else changed it."""

    sentence = (
        "Somebody else has changed statement {number} meanwhile, so nothing was done: look at it "
        "as it is now, then do it again."
    )


class TooLongError(BadInputError):
    """More words than a statement may have."""

    sentence = "That is too long: {most} characters at most. Divide it."
