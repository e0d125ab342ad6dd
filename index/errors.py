"""Errors whose message is one line that a user can act on."""


class ArticleQAError(Exception):
    """Base of every error this project raises on purpose; ``str(error)`` is one line for a person.

    Attributes:
        exit_code: What the command line exits with.
    """

    exit_code = 3


class UsageError(ArticleQAError, ValueError):
    """A call that cannot be carried out as asked: an empty question, an unknown mode, a missing article."""

    exit_code = 2


class InputError(ArticleQAError, ValueError):
    """An article that cannot be read: broken, encrypted, empty, too large or not what its name says."""


class LibraryError(ArticleQAError):
    """A library folder that cannot be opened or saved: corrupt, busy, foreign or on a full disk."""


class ModelError(ArticleQAError):
    """A reader or an embedder that cannot be loaded or does not fit what it is asked to do."""
