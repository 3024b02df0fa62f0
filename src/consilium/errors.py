"""Everything that Consilium can raise, grouped by who can put it right.

The docstring of an exception is the sentence that the user reads when no better
message is given. The command line maps each branch to an exit code (see
``docs/reference/exit-codes.md``).
"""

from __future__ import annotations


class ConsiliumError(Exception):
    """Something went wrong."""

    retryable = False
    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        """Use ``message``, or the docstring of the class when none is given."""
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class ConfigurationError(ConsiliumError):
    """A setting is missing or wrong; run `consilium doctor` to see which."""

    exit_code = 4


class QuestionError(ConsiliumError):
    """The question cannot be read; type it as plain text of at most 2,000 characters."""

    exit_code = 2


class ProviderError(ConsiliumError):
    """A service did not answer; wait a little, or switch to another."""

    retryable = True
    exit_code = 5


class RetrievalError(ProviderError):
    """The text index did not answer; try again, or run `consilium library rebuild`."""


class EmbeddingError(ProviderError):
    """The embedding model did not answer; try again, or search by text alone."""


class ModelError(ProviderError):
    """The language model did not give a usable reply; the answer is composed without it."""


class ModelTimeout(ModelError):
    """The language model did not reply in time."""


class ModelRefused(ModelError):
    """The language model, or its service, refused the request."""


class ModelOutput(ModelError):
    """The language model replied with what its task does not allow."""


class LibraryError(ConsiliumError):
    """The library cannot be used; run `consilium library check`."""

    exit_code = 6


class MalformedSource(LibraryError):
    """A record is malformed; nothing was added."""


class IndexMismatch(LibraryError):
    """The text index does not fit this version; run `consilium library rebuild`."""


class VectorsMismatch(LibraryError):
    """The vectors do not fit this library or model; run `consilium library embed --again`."""


class MalformedArticle(ConsiliumError):
    """The file is not a Consilium article."""

    exit_code = 7


class MalformedCollection(ConsiliumError):
    """The test collection cannot be read; its form is in docs/how-to/measure-retrieval.md."""

    exit_code = 2


class MalformedReplay(ConsiliumError):
    """The file is not a replay file of this version."""

    exit_code = 7


class EditorialError(ConsiliumError):
    """This step is not allowed here."""

    exit_code = 8


class InvalidMove(EditorialError):
    """The article does not stand where this step can be taken; look at it again."""


class StaleRevision(EditorialError):
    """The article has changed since you opened it; look at the newest revision and decide again."""


class OwnArticle(EditorialError):
    """Nobody may review or approve what they asked or wrote; somebody else of the board has to."""


class NotPermitted(EditorialError):
    """Your role does not include this."""


class NotReady(EditorialError):
    """This article cannot be approved yet."""


class AuditBroken(ConsiliumError):
    """The audit log does not hold; run `consilium audit verify` to see where."""

    exit_code = 9


class EditRefused(EditorialError):
    """This edit cannot be made; the article is as it was."""


class Cancelled(ConsiliumError):
    """Cancelled; nothing was changed."""

    exit_code = 130
