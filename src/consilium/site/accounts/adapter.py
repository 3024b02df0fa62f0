"""What allauth is told about this site: who may sign up, what happens at a login, how mail goes out."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.module_loading import import_string

from consilium.site.addresses import network_of

log = logging.getLogger("consilium.accounts")
NOT_SENT = "The mail could not be sent. Try again in a while; your account was not harmed."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts as this site keeps them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Whether the operator lets newcomers make an account (``CONSILIUM_SIGNUP``)."""
        return bool(settings.ENVIRONMENT.signup)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network by which failed sign-ins are counted, as questions are."""
        return network_of(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and hand over what this browser did before.

        Signing in gives the session a new key, so the old one is read first. Who wants to know is
        named in the settings, because accounts know nothing of what people own.
        """
        before = request.session.session_key if not request.user.is_authenticated else None
        super().login(request, user)
        if before:
            for name in settings.AFTER_LOGIN:
                import_string(name)(session=before, by=user)

    def format_email_subject(self, subject: str) -> str:
        """The name of the site first."""
        return f"Consilium: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; a post office that does not answer must not break the page."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as fault:
            log.error("a mail was not sent: %s", type(fault).__name__)  # noqa: TRY400 - it may quote the address
            messages.error(current.request, NOT_SENT)
