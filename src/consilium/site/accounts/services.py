"""What allauth is told about services by which people sign in; loaded only where one is set."""

from __future__ import annotations

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import HttpRequest
from requests import Session

from consilium.site.services import PROVIDER


class ServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """A service says who somebody is; their address it says only where it has checked it."""

    def get_requests_session(self) -> Session:
        """How a service is asked: at its own addresses, and led nowhere else."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:  # noqa: ARG002
        """Take nobody's word but that of the provider that the operator has named.

        allauth compares the token's issuer with what the provider calls itself, not with the setting.
        Some providers write the word "false" where a truth value belongs: only ``true`` is true.

        Raises:
            OAuth2Error: the provider calls itself otherwise than the setting, or says no name.
        """
        account = sociallogin.account
        for service in settings.ENVIRONMENT.services:
            if service.issuer and account.provider == PROVIDER:
                named = account.extra_data.get("id_token", {}).get("iss", "")
                if named.rstrip("/") != service.issuer.rstrip("/"):
                    raise OAuth2Error("the provider calls itself otherwise than CONSILIUM_OIDC_ISSUER")
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether an account is made without a form: with an address that the service has checked."""
        checked = any(address.verified for address in sociallogin.email_addresses)
        return checked and bool(super().is_auto_signup_allowed(request, sociallogin))
