"""What allauth is told about this site: who may sign up, what happens at a login, how mail goes out."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as current
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.module_loading import import_string

from consilium.site.accounts.sealing import SealingAdapter
from consilium.site.addresses import network_of

log = logging.getLogger("consilium.accounts")
# What allauth calls a proof that failed.
_FAILED = frozenset(
    {"email_password_mismatch", "incorrect_password", "incorrect_code", "too_many_login_attempts"}
)
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

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What is wrong with a form; a proof that failed is logged, without whose it was to be."""
        return _noted(code, super().validation_error(code, *args))

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


class SecondFactorAdapter(SealingAdapter):
    """The second factor as this site asks for it and keeps it."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What is wrong with a form; a proof that failed is logged, without whose it was to be."""
        return _noted(code, super().validation_error(code, *args))


def _noted(code: str, fault: ValidationError) -> ValidationError:
    if code in _FAILED:
        log.warning("a sign-in was refused: %s", code.replace("_", " "))
    return fault


def signed_in(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """A line of the log: who, by number, and by what they were known."""
    known_by = [str(record.get("method")) for record in get_authentication_records(request, user)]
    log.info("signed in: person:%s by %s", user.pk, ", ".join(known_by) or "a new account")


user_logged_in.connect(signed_in, dispatch_uid="signed in")
