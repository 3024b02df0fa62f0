"""What allauth is told about services by which people sign in; loaded only where one is set."""

from __future__ import annotations

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class ServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """A service says who somebody is; their address it says only where it has checked it."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:  # noqa: ARG002
        """Some providers write the word "false" where a truth value belongs: only ``true`` is true."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether an account is made without a form: with an address that the service has checked."""
        checked = any(address.verified for address in sociallogin.email_addresses)
        return checked and bool(super().is_auto_signup_allowed(request, sociallogin))
