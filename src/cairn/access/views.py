"""Signing in and out, and the page that shows every role."""

from collections import Counter
from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as ceremonies
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.socialaccount.adapter import get_adapter as single_sign_on
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access import factors
from cairn.access.accounts import demo_code, hosts, records, sessions
from cairn.access.actions import demo_accounts, record_sign_out
from cairn.access.forms import CodeForm, SignInForm
from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.models import Membership, User
from cairn.access.permissions import Permission
from cairn.access.roles import (
    INCOMPATIBLE,
    LABELS,
    ROLES,
    needs_confirmation,
    needs_second_factor,
)
from cairn.access.wording import GROUPS, WORDS
from cairn.ui.forms import status_of


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: ActorRequest) -> HttpResponse:
    """Ask for name and password, then go on to `next`. In a demonstration the names are listed."""
    form = SignInForm(
        request,
        request.POST if request.method == "POST" else None,
        initial={"username": request.GET.get("user", "")[:80]},
    )
    if request.method == "POST" and form.is_valid() and form.user is not None:
        _leave_other_account(request)
        login = Login(user=form.user, redirect_url=onward(request))
        return cast(HttpResponse, perform_password_login(request, {}, login))
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_accounts": _demo_accounts() if settings.DEMO else [],
        "why_ended": sessions.why_ended(request),
        "sign_on": settings.OIDC.name if settings.OIDC else "",
        "host": hosts.advice(request),
    }
    return render(request, "access/sign_in.html", context, status=status_of(form))


@sensitive_post_parameters("code")
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="access:sign-in")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def second_factor(request: Any) -> HttpResponse:
    """The second step of signing in: a code, or a passkey."""
    stage = request._login_stage
    user: User = stage.login.user
    form = CodeForm(request, user, request.POST if "code" in request.POST else None)
    if form.is_bound and form.is_valid():
        post_authentication(request, form.authenticator)
        return stage.exit()  # type: ignore[no-any-return]
    if "credential" in request.POST:
        passkey = AuthenticateWebAuthnForm(request.POST, user=user)
        if passkey.is_valid():
            passkey.save()
            return stage.exit()  # type: ignore[no-any-return]
        records.sign_in_failed(user, "passkey")
        messages.error(request, _("The passkey was not accepted. Try once more."))
        return redirect("access:second-factor")
    kinds = {one.type for one in factors.factors_of(user)}
    context = {
        "form": form,
        "has_codes": kinds - {Authenticator.Type.WEBAUTHN},
        "has_passkeys": Authenticator.Type.WEBAUTHN in kinds,
        "host": hosts.advice(request),
        "demo_code": demo_code.for_user(user),
    }
    return render(request, "access/second_factor.html", context, status=status_of(form))


@never_cache
@require_safe
def passkey_question(request: ActorRequest) -> HttpResponse:
    """JSON for the browser: what a passkey must answer, for the second step or the first."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    user = stage.login.user if stage else None
    if user is None and isinstance(request.user, User):
        user = request.user
    return JsonResponse(ceremonies.begin_authentication(user))


@never_cache
@require_POST
def passkey_sign_in(request: ActorRequest) -> HttpResponse:
    """Open the account that a passkey belongs to, without a name or password."""
    if not ratelimit.consume(request, app="allauth.mfa", action="webauthn_login"):
        messages.error(request, _("Too many attempts did not succeed. Try again in a minute."))
        return redirect("access:sign-in")
    form = LoginWebAuthnForm(request.POST)
    if not form.is_valid():
        records.sign_in_failed(None, "passkey")
        messages.error(request, _("This passkey does not open an account."))
        return redirect("access:sign-in")
    authenticator = form.cleaned_data["credential"]
    _leave_other_account(request)
    login = Login(user=authenticator.user, redirect_url=onward(request))
    return cast(HttpResponse, perform_passwordless_login(request, authenticator, login))


@require_POST
def sign_on(request: ActorRequest) -> HttpResponse:
    """The way to the provider of single sign-on, and from there back to `next`."""
    return to_provider(request, "login", onward(request))


def to_provider(request: HttpRequest, process: str, back: str) -> HttpResponse:
    """Send the browser to the provider: `process` is `login` or `connect`."""
    if not settings.OIDC:
        raise Http404
    provider = single_sign_on().get_provider(request, "sso")
    return provider.redirect(request, process, next_url=back)  # type: ignore[no-any-return]


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    record_sign_out(request.actor)
    logout(request)
    response = redirect("web:front")
    # The next person at this computer does not page back to what the last one saw.
    response["Clear-Site-Data"] = '"cache"'
    return response


def onward(request: HttpRequest) -> str:
    """The page of this site that was asked for before, else the home page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return resolve_url("web:home")


def _leave_other_account(request: ActorRequest) -> None:
    """Whoever signs in over a session leaves it first, so that nothing of it is carried along."""
    if not request.actor.is_public:
        record_sign_out(request.actor)
        logout(request)


@require_safe
@needs(Permission.ROLE_VIEW)
def roles(request: ActorRequest) -> HttpResponse:
    """The permission table as people read it: by permission, and by role."""
    return render(request, "access/roles.html", _role_table(request))


def _role_table(request: ActorRequest) -> dict[str, Any]:
    """`columns`: roles that may do something; `groups`: permissions with a yes or no for each."""
    held = Counter(
        Membership.objects.visible_to(request.actor)
        .on(timezone.localdate())
        .filter(user__is_active=True)
        .values_list("role", flat=True)
    )
    able = [role for role in ROLES if ROLES[role]]
    pairs = [sorted(str(LABELS[role]) for role in pair) for pair in INCOMPATIBLE]
    return {
        "pairs": sorted(pairs),
        "columns": [LABELS[role] for role in able],
        "groups": [
            {
                "label": group.label,
                "rows": [
                    {
                        "words": WORDS[permission],
                        "code": permission.value,
                        "marks": [permission in ROLES[role] for role in able],
                    }
                    for permission in group.permissions
                ],
            }
            for group in GROUPS
        ],
        "roles": [
            {
                "label": LABELS[role],
                "code": role,
                "needs_factor": needs_second_factor(frozenset({role})),
                "needs_second_person": needs_confirmation(role),
                "accounts": held[role],
                "may": [
                    WORDS[permission]
                    for group in GROUPS
                    for permission in group.permissions
                    if permission in ROLES[role]
                ],
            }
            for role in sorted(ROLES, key=lambda role: (not ROLES[role], str(LABELS[role])))
        ],
    }


def _demo_accounts() -> list[tuple[str, str]]:
    """(name, role in words) of the accounts of a demonstration; the second of a role says so."""
    return [
        (
            name,
            str(LABELS[role])
            if name == role
            else _("%(role)s, a second one") % {"role": LABELS[role]},
        )
        for name, role in demo_accounts().items()
    ]
