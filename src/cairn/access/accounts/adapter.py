"""What django-allauth asks of us: who may enter, how secrets are kept, that nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access import factors
from cairn.access.accounts import invitations, lockout, records, sessions
from cairn.access.models import User
from cairn.core.errors import RuleBroken
from cairn.vault.texts import open_text, seal_text

SECRETS = "authenticators"  # the named key under which secrets of second factors are sealed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Sign-in by name and password. Words are our own: allauth's messages stay silent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own views say what happened, in the languages of this installation."""

    def is_safe_url(self, url: str) -> bool:
        """Only pages of this site by their path, whatever other hosts are trusted for."""
        return url.startswith("/") and super().is_safe_url(url)

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our own views ask first (guards.recently), so allauth's flows need not ask again."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take one of the attempts that are left, or refuse with the time to wait."""
        self._taken = lockout.take(
            request, lockout.of_name(credentials["username"]), _named(credentials["username"])
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user whom name and password open, or None. A failure is counted and recorded."""
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if isinstance(user, User) and user.may_enter:
            # Given back, not wiped: a success in between does not free a series of guesses.
            self._taken.rollback()
            return user
        records.sign_in_failed(_named(credentials["username"]), "password")
        return None

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if user.may_enter:
            return None
        clear_login(request)
        records.sign_in_failed(user, "closed")
        return refuse(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        """The last door before a session: an account may close between two steps."""
        if not user.may_enter:
            clear_login(request)
            records.sign_in_failed(user, "closed")
            raise ImmediateHttpResponse(refuse(request))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        sessions.begin(request)
        records.signed_in(request, user, today=timezone.localdate())
        return response


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """Second factors: secrets sealed at rest, and never the last one taken away in need."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This was not accepted. Try once more."),
    }

    def encrypt(self, text: str) -> str:
        return seal_text(SECRETS, text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(SECRETS, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        try:
            factors.check_removal(authenticator, today=timezone.localdate())
        except RuleBroken:
            return False
        return True

    def _get_site_name(self) -> str:
        return "Cairn"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        return _("Passkey")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped
    """Single sign-on opens accounts that exist or were invited, and makes no others."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """From the settings alone: no row in a table can name another provider."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """While an invitation is being accepted, the subject is tied to the new account."""
        wanted = invitations.pending(request)
        if wanted is None or sociallogin.state.get("process") != "login":
            return
        invitations.forget(request)
        if sociallogin.is_existing:
            messages.error(request, _("This sign-on belongs to another account already."))
            raise ImmediateHttpResponse(redirect("access:sign-in"))
        try:
            user = invitations.accept(
                wanted.token_hash, wanted.username, wanted.display_name, password=None
            )
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
            raise ImmediateHttpResponse(redirect("access:sign-in")) from refusal
        sociallogin.connect(request, user)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        records.sign_in_failed(None, "single-sign-on")
        raise ImmediateHttpResponse(refuse(request))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Never: no addresses are kept, and an address proves nobody."""
        return

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any
    ) -> None:
        messages.error(
            request, _("Single sign-on did not work. Try again, or sign in with your password.")
        )
        raise ImmediateHttpResponse(redirect("access:sign-in"))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return redirect("access:account").url

    def validate_disconnect(self, account: Any, accounts: Any) -> None:
        if not account.user.has_usable_password():
            raise ValidationError(
                _("Choose a password first: without either you could not sign in any more.")
            )


def refuse(request: HttpRequest) -> HttpResponse:
    """Back to the sign-in page, without a word about which account exists."""
    messages.error(request, _("This sign-in does not open an account. Ask for an invitation."))
    return redirect("access:sign-in")


def _named(username: str) -> User | None:
    return User.objects.filter(username=username.strip().lower()).first()
