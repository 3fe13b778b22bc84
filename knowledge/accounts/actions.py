"""Every action that the log knows: whoever enters a deed of another kind adds it here.

The workbench has words for each, ``deed.ACTION`` in every language; a test holds the code, this
list and the words together.
"""

from enum import StrEnum


class Action(StrEnum):
    """What was done, as the log has it; an entry's action never changes its meaning."""

    # Who is there.
    SIGN_IN = "sign-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_OUT = "sign-out"
    SIGN_OUT_EVERYWHERE = "sign-out-everywhere"
    SET_PASSWORD = "set-password"  # noqa: S105  # nosec B105 – an action
    CHANGE_PASSWORD_REFUSED = "change-password-refused"  # noqa: S105  # nosec B105 – an action
    OPEN_ACCOUNT = "open-account"
    CHANGE_ACCOUNT = "change-account"
    CLOSE_ACCOUNT = "close-account"
    REOPEN_ACCOUNT = "reopen-account"
    MAKE_LINK = "make-link"
    END_SESSION = "end-session"
    END_SESSION_REFUSED = "end-session-refused"
    EXPECT_ACCOUNT = "expect-account"
    BIND_ACCOUNT = "bind-account"
    RELEASE_ACCOUNT = "release-account"
    ADMIT_ACCOUNT = "admit-account"
    # The collection.
    ADD_DOCUMENT = "add-document"
    ADD_VERSION = "add-version"
    ADD_FAILED = "add-failed"
    FORGET_FAILURE = "forget-failure"
    DESCRIBE_DOCUMENT = "describe-document"
    CONFIRM_DOCUMENT = "confirm-document"
    REREAD_DOCUMENT = "reread-document"
    SHARE_DOCUMENT = "share-document"
    EDIT_SYNONYMS = "edit-synonyms"
    EDIT_TEMPLATE = "edit-template"
    # Marks of secrecy.
    HOLD_FILE = "hold-file"
    RELEASE_FILE = "release-file"
    DISCARD_FILE = "discard-file"
    RESTRICT_VERSION = "restrict-version"
    # What is not public, opened.
    OPEN_PAGE = "open-page"
    OPEN_PICTURE = "open-picture"
    DOWNLOAD_ORIGINAL = "download-original"
    # What takes two persons.
    REMOVE_DOCUMENT_ASK = "remove-document-ask"
    REMOVE_DOCUMENT_AGREED = "remove-document-agreed"
    REMOVE_DOCUMENT_REFUSED = "remove-document-refused"
    REMOVE_DOCUMENT_TAKEN_BACK = "remove-document-taken-back"
    REMOVE_DOCUMENT_LAPSED = "remove-document-lapsed"
    WITHDRAW_EDITION_ASK = "withdraw-edition-ask"
    WITHDRAW_EDITION_AGREED = "withdraw-edition-agreed"
    WITHDRAW_EDITION_REFUSED = "withdraw-edition-refused"
    WITHDRAW_EDITION_TAKEN_BACK = "withdraw-edition-taken-back"
    WITHDRAW_EDITION_LAPSED = "withdraw-edition-lapsed"
    # Briefs and editions.
    CREATE_BRIEF = "create-brief"
    CHANGE_BRIEF = "change-brief"
    SHARE_BRIEF = "share-brief"
    DECIDE_STATEMENT = "decide-statement"
    DELETE_BRIEF = "delete-brief"
    CHANGE_FOLDER = "change-folder"
    STRIKE_SEARCH = "strike-search"
    RESTORE_SEARCH = "restore-search"
    EXPORT_BRIEF = "export-brief"
    PUBLISH_EDITION = "publish-edition"
    OPEN_EDITION = "open-edition"
    EXPORT_EDITION = "export-edition"
    ASK_ASSISTANT = "ask-assistant"
    # The desk, and whose data it keeps.
    ASK = "ask"
    JUDGE_INQUIRY = "judge-inquiry"
    CLAIM_INQUIRY = "claim-inquiry"
    ANSWER = "answer"
    ACCEPT_ANSWER = "accept-answer"
    CLOSE_INQUIRY = "close-inquiry"
    CLEAR_PRIVACY = "clear-privacy"
    READ_ASKER = "read-asker"
    LIST_ASKERS = "list-askers"
    EXPORT_ASKER = "export-asker"
    ERASE_ASKER = "erase-asker"
    EXPORT_PERSON = "export-person"
    ERASE_PERSON = "erase-person"
    # The home.
    INDEX = "index"
    RECOGNISE = "recognise"
    REPAIR = "repair"
    CALIBRATE = "calibrate"
    BACK_UP = "back-up"
    RESTORE = "restore"
    DRILL = "drill"
    EXPORT_LOG = "export-log"
