"""The errors of accounts; all are bad input of the package's tree (`knowledge.errors`).

::

    BadInputError
    ├── NotPermittedError       the person may not do this
    ├── WholeLogError           the person reads a part of the log
    ├── UnprovenError           nobody has proved who they are
    ├── SecondPersonError       somebody else has to agree
    │   └── SamePersonError     the other account may be the same person's
    ├── NoReasonError · SettledError · LapsedError (what takes two persons)
    ├── SignInError             nobody is signed in by this
    │   ├── WrongCredentialsError · TooManyAttemptsError · SpentLinkError
    │   ├── UnknownSubjectError · ProviderDownError · ProviderError (an identity provider)
    ├── PasswordError           a new password is not accepted
    │   ├── ShortPasswordError · LongPasswordError · CommonPasswordError · TellingPasswordError
    └── AccountError            an account cannot be made or changed so
        ├── BadLoginError · LoginTakenError · NoRoleError · BadLevelError
        ├── SubjectTakenError
        ├── OwnAccountError · OtherBranchAccountError
        └── LastAdministratorError · HomeOwnerError
"""

from knowledge.errors import BadInputError


class NotPermittedError(BadInputError):
    """The person may not do this."""

    sentence = (
        "{person} may not do this (it needs the permission “{permission}”): ask somebody who may, "
        "or an administrator for the role."
    )


class WholeLogError(BadInputError):
    """The whole log is checked by somebody who reads the whole of it."""

    sentence = (
        "{person} reads a part of the log, which cannot be checked by itself: ask the director or "
        "an administrator of the main library."
    )


class SecondPersonError(BadInputError):
    """What two persons have to want was asked and agreed to by one."""

    sentence = "{person} asked for this: somebody else has to agree to it."


class SamePersonError(SecondPersonError):
    """One of the two persons has made or changed the other's account, and may be in both."""

    sentence = (
        "{person} made or changed the other person's account, or the other way round: somebody "
        "else has to agree to it."
    )


class UnprovenError(BadInputError):
    """What two persons have to want is asked for or decided by whoever sits at the machine."""

    sentence = (
        "Whoever asks for this or decides on it proves who they are: sign in to the workbench, "
        "or add --as and your sign-in name."
    )


class NoReasonError(BadInputError):
    """Something serious was asked for without its reason."""

    sentence = "This is done for a reason only: say why."


class SettledError(BadInputError):
    """Two persons have settled it."""

    sentence = "This was decided already: nothing was changed."


class LapsedError(BadInputError):
    """It waited too long, its asker may no longer ask, or there is nothing left to do."""

    sentence = (
        "Nothing was done about proposal {id}: it waited for more than {days} days, whoever asked "
        "for it may no longer do so, or its record is gone or was withdrawn already; ask again if "
        "it is still wanted."
    )


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


class UnknownSubjectError(SignInError):
    """An identity provider vouches for somebody who may not come in here."""

    sentence = (
        "The identity provider knows you, but no account here is open for you: "
        "ask an administrator."
    )


class ProviderDownError(SignInError):
    """The identity provider cannot be reached, or does not answer as one."""

    sentence = (
        "The identity provider does not answer: try again later, or sign in with name and password."
    )


class ProviderError(SignInError):
    """What came back is no proof of who somebody is: old, of another browser, or made up."""

    sentence = (
        "Signing in through the identity provider failed: start once more, "
        "and tell an administrator if it fails again."
    )


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


class SubjectTakenError(AccountError):
    """That person of the identity provider comes in by another account."""

    sentence = "“{subject}” belongs to another account already: look it up in the list of accounts."


class NoRoleError(AccountError):
    """An account without a role, or with one that does not exist."""

    sentence = "“{role}” is no role: choose among {roles}."


class BadLevelError(AccountError):
    """A READ level outside 1 … 6, or a volunteer without one."""

    sentence = "The READ level is a number from 1 to 6, and a volunteer needs one."


class OwnAccountError(AccountError):
    """Somebody changes their own roles, level or branch."""

    sentence = (
        "Nobody changes their own roles, level or branch: ask another administrator, or do it on "
        "the machine itself."
    )


class OtherBranchAccountError(AccountError):
    """An administrator of a branch opens an account at another one, or moves one there."""

    sentence = (
        "“{branch}” is not your branch: an administrator of the main library keeps accounts there."
    )


class LastAdministratorError(AccountError):
    """Nobody could manage accounts any more."""

    sentence = "{person} is the last administrator: give the role to somebody else first."


class HomeOwnerError(AccountError):
    """The settings name this person: opening the home would make them anew."""

    sentence = (
        "Nothing was erased: the setting “person” names {person}. Name somebody else there, start "
        "Zhiku anew and try again."
    )
