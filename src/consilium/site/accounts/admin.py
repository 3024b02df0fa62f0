"""The staff admin: operators look at what the site keeps; nothing is added, changed or deleted there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from consilium.domain.permission import Permission
from consilium.site.accounts.board import hindrance
from consilium.site.accounts.models import Invitation, Membership, User


class StaffSite(admin.AdminSite):
    """Django's admin behind the door of the board; Django's own marks open nothing."""

    site_header = site_title = "Consilium: what the site keeps"
    index_title = "Look only"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is an operator who has shown their second factor."""
        try:
            return hindrance(request, Permission.MANAGE_PEOPLE) is None
        except PermissionDenied:
            return False

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """The sign-in of the site: it knows the second factor and slows guessers down."""
        first = hindrance(request, Permission.MANAGE_PEOPLE)
        return first or redirect("admin:index")

    def password_change(  # type: ignore[override]  # any response is one
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The site has its own page for it."""
        return redirect("account_change_password")

    password_change_done = password_change  # type: ignore[assignment]


if TYPE_CHECKING:
    Shown = admin.ModelAdmin[Any]
else:
    Shown = admin.ModelAdmin


class ReadOnlyAdmin(Shown):
    """A model that operators may look at. An ordinary ModelAdmin rewrites an approved revision in place."""

    actions = None
    save_on_top = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """To be seen on the first page, for whoever is let in at all."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """To be looked at, for whoever is let in at all."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nothing is added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nothing is deleted."""
        return False


class PersonAdmin(ReadOnlyAdmin):
    """People, without their passwords; roles are given and taken on the page of people."""

    list_display = ("email", "is_active", "date_joined", "last_login")
    fields = ("email", "first_name", "last_name", "is_active", "date_joined", "last_login", "deactivated")
    search_fields = ("email",)


class MembershipAdmin(ReadOnlyAdmin):
    """Who holds which role since when."""

    list_display = ("user", "role", "since", "given_by")
    list_select_related: ClassVar[tuple[str, ...]] = ("user", "given_by")


class InvitationAdmin(ReadOnlyAdmin):
    """Invitations, without the digest of their secret."""

    list_display = ("email", "state", "created", "expires", "invited_by")
    fields = ("email", "roles", "created", "expires", "used", "revoked", "invited_by")


staff = StaffSite(name="admin")
staff.register(User, PersonAdmin)
staff.register(Membership, MembershipAdmin)
staff.register(Invitation, InvitationAdmin)
