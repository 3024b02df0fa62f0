"""Tell people what concerns them: on the site, and by a mail that holds nothing but a link."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consilium.site.accounts import links, post
from consilium.site.accounts.models import Notice, Post, User

LONGEST = 300
WORTH_A_MAIL = datetime.timedelta(days=3)


def notify(people: Iterable[User], words: str, link: str, key: str) -> int:
    """Tell people something, each once about one ``key``; mails go out once it is kept for good.

    Args:
        words: shown on the site only, to these people only; they may name what is private.
        link: the path of a page of this site; all that a mail says.
        key: what it is about: ``article 7 approved at revision 3``.

    Returns:
        How many were told now; the others had been told before.

    Raises:
        ValueError: the link is not a path of this site.
    """
    if not link.startswith("/") or link.startswith(("//", "/\\")):
        raise ValueError(f"A notice leads to a page of this site, not to {link!r}.")
    in_use = [person for person in people if person.is_active]
    with transaction.atomic():
        known = Notice.objects.filter(user__in=in_use, key=key).values_list("user", flat=True)
        told_before = set(known)
        now = timezone.now()
        new = [
            Notice(user=person, key=key, words=words[:LONGEST], link=link, posted=_settled(person, now))
            for person in {person.pk: person for person in in_use}.values()
            if person.pk not in told_before
        ]
        # Whoever was told at the same moment by another process is left to it.
        Notice.objects.bulk_create(new, ignore_conflicts=True)
        transaction.on_commit(partial(post_waiting, key))
    return len(new)


def _settled(person: User, now: datetime.datetime) -> datetime.datetime | None:
    """Whoever wants no mail now is not sent this one later either."""
    return now if person.post == Post.NEVER else None


def post_waiting(key: str | None = None) -> int:
    """Post what waits, about one thing or everything; also what failed before. Each is posted by one only.

    Returns:
        How many mails went out.
    """
    since = timezone.now() - WORTH_A_MAIL
    waiting = Notice.objects.filter(posted=None, read=None, at__gt=since, user__is_active=True)
    waiting = waiting.filter(Q(key=key) if key is not None else Q())
    sent = 0
    for notice in waiting.select_related("user").order_by("at"):
        if not Notice.objects.filter(pk=notice.pk, posted=None).update(posted=timezone.now()):
            continue
        try:
            post.send([notice.user.email], "notice", {"link": links.absolute(notice.link)})
        except post.NoSuchBox:
            continue
        except post.NotPosted:
            # It waits for the next round, and so does the rest: the post office is away.
            Notice.objects.filter(pk=notice.pk).update(posted=None)
            break
        sent += 1
    return sent


def unread(person: User) -> int:
    """How many notices a person has not read."""
    return Notice.objects.filter(user=person, read=None).count()


def mark_read(person: User, notice: int | None = None) -> None:
    """Mark one notice of a person as read, or all."""
    mine = Notice.objects.filter(user=person, read=None)
    (mine if notice is None else mine.filter(pk=notice)).update(read=timezone.now())
