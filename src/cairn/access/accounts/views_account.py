"""One's own account: second factors, passkeys, recovery codes, sessions, password, sign-on."""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as ceremonies
from allauth.socialaccount.internal.flows.connect import validate_disconnect
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access import factors
from cairn.access.accounts import codes, demo_code, hosts, records, sessions
from cairn.access.actions import disconnect_account
from cairn.access.forms import (
    CodeForm,
    NewPasswordForm,
    PasskeyNameForm,
    PasswordAgainForm,
    SetUpAppForm,
)
from cairn.access.guards import recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.models import User
from cairn.access.queries import connected_account
from cairn.access.views import onward, to_provider
from cairn.ui.forms import status_of


def _user(request: ActorRequest) -> User:
    """The person who asks; every view here stands behind `signed_in`."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@signed_in
@never_cache
@require_safe
def account(request: ActorRequest) -> HttpResponse:
    user = _user(request)
    own = factors.factors_of(user)
    context = {
        "username": user.username,
        "app": next((one for one in own if one.type == factors.Type.TOTP), None),
        "passkeys": [
            {
                "pk": one.pk,
                "name": one.wrap().name,
                "made": one.created_at,
                "used": one.last_used_at,
            }
            for one in own
            if one.type == factors.Type.WEBAUTHN
        ],
        "codes_left": factors.codes_left(user),
        "needs_factor": factors.needs(user, today=timezone.localdate()),
        "devices": sessions.devices(request, user),
        "has_password": user.has_usable_password(),
        "sign_on": settings.OIDC.name if settings.OIDC else "",
        "connected": connected_account(user),
    }
    return render(request, "access/account.html", context)


@sensitive_post_parameters("password", "code")
@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: ActorRequest) -> HttpResponse:
    """Ask again who it is: before what weighs heavily, or for the second factor of this session.

    Where a role waits for a second factor, or the account has one that this session has not shown,
    the password alone does not do.
    """
    user = _user(request)
    waits = request.actor.awaits_second_factor
    asks_password = user.has_usable_password() and not (
        waits or sessions.owes_second_factor(request)
    )
    password = PasswordAgainForm(user, request.POST if "password" in request.POST else None)
    code = CodeForm(request, user, request.POST if "code" in request.POST else None)
    if asks_password and password.is_bound and password.is_valid():
        record_authentication(request, user, method="password", reauthenticated=True)
        records.of_own(user, "user.reauthenticated", method="password")
        return redirect(onward(request))
    if code.is_bound and code.is_valid():
        return _proved(request, user, code.authenticator)
    if "credential" in request.POST:
        passkey = ReauthenticateWebAuthnForm(request.POST, user=user)
        if passkey.is_valid():
            return _proved(request, user, passkey.cleaned_data["credential"])
        messages.error(request, _("The passkey was not accepted. Try once more."))
    kinds = {one.type for one in factors.factors_of(user)}
    context = {
        "waits": waits,
        "password_form": password if asks_password else None,
        "code_form": code if kinds - {factors.Type.WEBAUTHN} else None,
        "has_passkeys": factors.Type.WEBAUTHN in kinds,
        "sign_on": settings.OIDC.name if settings.OIDC and not asks_password and not kinds else "",
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "host": hosts.advice(request),
        "demo_code": demo_code.for_user(user),
    }
    status = max(status_of(password), status_of(code))
    return render(request, "access/confirm.html", context, status=status)


def _proved(request: ActorRequest, user: User, authenticator: Authenticator) -> HttpResponse:
    post_authentication(request, authenticator, reauthenticated=True)
    method = records.METHODS.get(authenticator.type, authenticator.type)
    records.of_own(user, "user.reauthenticated", method=method)
    return redirect(onward(request))


@signed_in
@never_cache
@require_safe
def set_up(request: ActorRequest) -> HttpResponse:
    """The choice between an app and a passkey, for whoever has no second factor."""
    context = {
        "next": request.GET.get("next", ""),
        "needs_factor": factors.needs(_user(request), today=timezone.localdate()),
        "host": hosts.advice(request),
    }
    return render(request, "access/set_up.html", context)


@sensitive_post_parameters("code")
@recently
@never_cache
@require_http_methods(["GET", "POST"])
def set_up_app(request: ActorRequest) -> HttpResponse:
    user = _user(request)
    secret = factors.pending_secret(request)
    form = SetUpAppForm(secret, time.time(), request.POST or None)
    if form.is_bound and form.is_valid():
        factors.set_up_app(request, user, form.step)
        messages.success(request, _("The app is your second factor from now on."))
        return _after_new_factor(request)
    groups = [secret[place : place + 4] for place in range(0, len(secret), 4)]
    context = {
        "form": form,
        "secret": " ".join(groups),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "access/set_up_app.html", context, status=status_of(form))


@recently
@never_cache
@require_safe
def set_up_picture(request: ActorRequest) -> HttpResponse:
    """The secret of the set-up under way as a picture that an app reads."""
    address = codes.app_address(_user(request).username, factors.pending_secret(request))
    return HttpResponse(codes.picture(address), content_type="image/svg+xml")


@recently
@never_cache
@require_http_methods(["GET", "POST"])
def passkey_add(request: ActorRequest) -> HttpResponse:
    user = _user(request)
    if "credential" in request.POST:
        form = AddWebAuthnForm(request.POST, user=user)
        if form.is_valid():
            name = form.cleaned_data["name"][:60]
            factors.add_passkey(request, user, name, form.cleaned_data["credential"])
            messages.success(request, _("The passkey was added."))
            return _after_new_factor(request)
        messages.error(request, _("The passkey was not accepted. Try once more."))
    context = {
        "form": PasskeyNameForm(initial={"name": _("Passkey")}),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "host": hosts.advice(request),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "access/passkey_add.html", context, status=status)


@recently
@never_cache
@require_safe
def passkey_creation(request: ActorRequest) -> HttpResponse:
    """JSON for the browser: what a new passkey must be."""
    return JsonResponse(ceremonies.begin_registration(_user(request), True))


def _after_new_factor(request: ActorRequest) -> HttpResponse:
    """The first time to the recovery codes, which lead on; then to what was asked for."""
    back = request.POST.get("next", "")
    if factors.codes_unseen(_user(request)):
        address = redirect("access:recovery-codes").url
        return redirect(f"{address}?{codes.way_back(back)}" if back else address)
    return redirect(onward(request) if back else "access:account")


@recently
@never_cache
@require_http_methods(["GET", "POST"])
def recovery_codes(request: ActorRequest) -> HttpResponse:
    """Show the codes once; POST makes new ones."""
    user = _user(request)
    if request.method == "POST":
        if factors.has_second_factor(user):
            factors.new_recovery_codes(user)
        return redirect("access:recovery-codes")
    context = {
        "codes": factors.codes_to_show(user),
        "has_factor": factors.has_second_factor(user),
        "codes_left": factors.codes_left(user),
        "onward": onward(request) if request.GET.get("next") else "",
    }
    return render(request, "access/recovery_codes.html", context)


@recently
@require_http_methods(["GET", "POST"])
def passkey_rename(request: ActorRequest, pk: int) -> HttpResponse:
    user = _user(request)
    passkey = factors.passkey_of(user, pk)
    form = PasskeyNameForm(request.POST or None, initial={"name": passkey.wrap().name})
    if form.is_bound and form.is_valid():
        factors.rename_passkey(user, pk, form.cleaned_data["name"])
        return redirect("access:account")
    return render(request, "access/passkey_rename.html", {"form": form}, status=status_of(form))


@recently
@require_http_methods(["GET", "POST"])
def factor_remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask, then remove one factor; refused for the last one that a role needs."""
    user = _user(request)
    if request.method == "POST":
        factors.remove(user, pk, today=timezone.localdate())
        messages.success(request, _("The second factor was removed."))
        return redirect("access:account")
    context = {"label": factors.label_of(user, pk)}
    return render(request, "access/factor_remove.html", context)


@sensitive_post_parameters()
@recently
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: ActorRequest) -> HttpResponse:
    """A new password; every other session ends."""
    user = _user(request)
    form = NewPasswordForm(user, request.POST or None)
    if form.is_bound and form.is_valid():
        sessions.change_password(request, user, form.cleaned_data["password"])
        messages.success(request, _("Your password was changed. Other sessions were ended."))
        return redirect("access:account")
    return render(request, "access/password.html", {"form": form}, status=status_of(form))


@signed_in
@require_POST
def session_end(request: ActorRequest, pk: int) -> HttpResponse:
    try:
        sessions.end_one(_user(request), pk)
    except UserSession.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("That session was ended."))
    return redirect("access:account")


@signed_in
@require_POST
def sessions_end(request: ActorRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sessions.end_all(_user(request), but=request.session.session_key)
    messages.success(request, _("All other sessions were ended."))
    return redirect("access:account")


@recently
@require_POST
def connect(request: ActorRequest) -> HttpResponse:
    """Tie the own account to the provider of single sign-on."""
    return to_provider(request, "connect", redirect("access:account").url)


@recently
@require_POST
def disconnect(request: ActorRequest) -> HttpResponse:
    user = _user(request)
    connected = connected_account(user)
    if connected is None:
        raise Http404
    try:
        validate_disconnect(request, connected)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("access:account")
    disconnect_account(user)
    messages.success(request, _("Single sign-on does not open this account any more."))
    return redirect("access:account")


def inactive(request: ActorRequest) -> HttpResponse:
    """Where allauth leads closed accounts; it tells nothing that the sign-in page would not."""
    return redirect("access:sign-in")
