"""Who is looking, and what they may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from consilium.site.addresses import keyed, network_of
from consilium.site.articles.models import Article, Run

if TYPE_CHECKING:
    from consilium.site.accounts.models import User


def public() -> QuerySet[Article]:
    """What everybody may read: published, and not withdrawn by the board; the latest first."""
    found = Article.objects.filter(published__isnull=False).exclude(review__status="withdrawn")
    return found.select_related("review").order_by("-published", "pk")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person with or without an account.

    Attributes:
        person: who signed in, or None.
        session: the key of the browser's session; "" before anything was asked.
        visitor: a keyed digest of the network; the address itself is kept nowhere.
    """

    person: User | None
    session: str
    visitor: str = ""

    def mine(self) -> Q:
        """The condition under which a row is this viewer's own."""
        if self.person:
            return Q(owner=self.person)
        return Q(owner=None, session=self.session) if self.session else Q(pk__in=[])

    def articles(self) -> QuerySet[Article]:
        """Every article that this viewer may read."""
        return Article.objects.filter(Q(published__isnull=False) | self.mine())

    def article(self, name: UUID | str) -> Article:
        """One article that this viewer may read.

        Raises:
            Http404: there is none; also where it is somebody else's, which is told to nobody.
        """
        try:
            found = self.articles().filter(pk=name).first()
        except ValidationError as fault:  # no such address can exist
            raise Http404 from fault
        if found is None:
            raise Http404
        return found

    def owns(self, row: Article | Run) -> bool:
        """Whether a row is this viewer's own."""
        if row.owner_id:
            return bool(self.person and row.owner_id == self.person.pk)
        return bool(self.session and row.session == self.session)

    def run(self, name: UUID | str) -> Run:
        """One run of this viewer.

        Raises:
            Http404: there is none.
        """
        found = Run.objects.filter(self.mine(), pk=name).first()
        if found is None:
            raise Http404
        return found


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request."""
    person = request.user if request.user.is_authenticated else None
    return Viewer(person, request.session.session_key or "", keyed(network_of(request)))


@contextmanager
def keeping(request: HttpRequest) -> Iterator[Viewer]:
    """The viewer of a request that keeps something.

    An asker without an account gets a session, so that their answer stays theirs; where the
    keeping fails there is none.
    """
    new = not request.user.is_authenticated and not request.session.session_key
    if new:
        request.session.create()
    try:
        yield viewer_of(request)
    except Exception:
        if new:
            request.session.flush()
        raise
