"""The errors of accounts; all are bad input of the package's tree (`knowledge.errors`).

::

    BadInputError
    ├── NotPermittedError       the person may not do this
    ├── SecondPersonError       somebody else has to agree
    ├── NoReasonError · SettledError (what takes two persons)
    ├── SignInError             nobody is signed in by this
    │   ├── WrongCredentialsError · TooManyAttemptsError · SpentLinkError
    ├── PasswordError           a new password is not accepted
    │   ├── ShortPasswordError · LongPasswordError · CommonPasswordError · TellingPasswordError
    └── AccountError            an account cannot be made or changed so
        ├── BadLoginError · LoginTakenError · NoRoleError · BadLevelError
        └── LastAdministratorError
"""

from knowledge.errors import BadInputError


class NotPermittedError(BadInputError):
    """The person may not do this."""

    sentence = (
        "{person} may not do this (it needs the permission “{permission}”): ask somebody who may, "
        "or an administrator for the role."
    )


class SecondPersonError(BadInputError):
    """What two persons have to want was asked and agreed to by one."""

    sentence = "{person} asked for this: somebody else has to agree to it."


class NoReasonError(BadInputError):
    """Something serious was asked for without its reason."""

    sentence = "This is done for a reason only: say why."


class SettledError(BadInputError):
    """Two persons have settled it."""

    sentence = "This was decided already: nothing was changed."


class SignInError(BadInputError):
    """Nobody is signed in by this."""


class WrongCredentialsError(SignInError):
    """No such name, another password, or a closed account: which of them is not told."""

    sentence = "The name or the password is wrong: try again, or ask an administrator for a link."


class TooManyAttemptsError(SignInError):
    """Somebody has tried too often."""

    sentence = "Too many attempts: wait {minutes} minutes and try again."


class SpentLinkError(SignInError):
    """A one-time link that was used, is too old, or never was one."""

    sentence = "This link was used before or is too old: ask an administrator for a new one."


class PasswordError(BadInputError):
    """A new password is not accepted."""


class ShortPasswordError(PasswordError):
    """Too few characters."""

    sentence = "A password has {least} characters or more: choose a longer one."


class LongPasswordError(PasswordError):
    """Too many characters."""

    sentence = "A password has {most} characters at most: choose a shorter one."


class CommonPasswordError(PasswordError):
    """One of those that are tried first."""

    sentence = "This password is used by many people and tried first: choose another one."


class TellingPasswordError(PasswordError):
    """Hardly more than a name."""

    sentence = "“{name}” is tried first here: choose a password without it."


class AccountError(BadInputError):
    """An account cannot be made or changed so."""


class BadLoginError(AccountError):
    """A sign-in name of other characters, or too long."""

    sentence = (
        "“{login}” cannot be a sign-in name: use 2 to 64 letters, characters, digits and . _ - @."
    )


class LoginTakenError(AccountError):
    """Somebody has that name."""

    sentence = "“{login}” is taken: choose another sign-in name."


class NoRoleError(AccountError):
    """An account without a role, or with one that does not exist."""

    sentence = "“{role}” is no role: choose among {roles}."


class BadLevelError(AccountError):
    """A READ level outside 1 … 6, or a volunteer without one."""

    sentence = "The READ level is a number from 1 to 6, and a volunteer needs one."


class LastAdministratorError(AccountError):
    """Nobody could manage accounts any more."""

    sentence = "{person} is the last administrator: give the role to somebody else first."
