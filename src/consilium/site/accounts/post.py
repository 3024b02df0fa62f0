"""Mails to people of the board: a few words and a link, never what a question or an article says."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from consilium.errors import ProviderError

log = logging.getLogger("consilium.accounts")


class NotPosted(ProviderError):
    """The mail could not be sent. Try again in a while."""


class NoSuchBox(NotPosted):
    """The post office takes no mail for this address. Look whether it is written rightly."""

    retryable = False


def send(to: Sequence[str], name: str, context: Mapping[str, Any]) -> None:
    """Send the mail ``mail/NAME.txt``: its first line is the subject.

    Raises:
        NoSuchBox: the post office does not want this one.
        NotPosted: the post office does not answer.
    """
    subject, _, body = render_to_string(f"mail/{name}.txt", dict(context)).partition("\n")
    try:
        EmailMessage(f"Consilium: {subject.strip()}", body.strip() + "\n", to=list(to)).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as fault:
        log.error("a mail was not taken: %s", type(fault).__name__)  # noqa: TRY400 - it may quote the address
        raise NoSuchBox from fault
    except (OSError, smtplib.SMTPException) as fault:
        log.error("a mail was not sent: %s", type(fault).__name__)  # noqa: TRY400 - it may quote the address
        raise NotPosted from fault
