"""Invitations: made and withdrawn by administrators, accepted by whoever holds the link."""

from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access import factors
from cairn.access.accounts import invitations, lockout
from cairn.access.accounts.models import VALID_FOR, Invitation, Purpose
from cairn.access.actions.memberships import Place
from cairn.access.forms import AcceptForm, InviteForm, NewPasswordForm, WhoForm
from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.models import User
from cairn.access.permissions import Permission
from cairn.access.roles import LABELS
from cairn.access.views import to_provider
from cairn.core.errors import RuleBroken
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

HOURS = int(VALID_FOR.total_seconds() // 3600)
STATES = {
    "open": "waiting",
    "used": "done",
    "withdrawn": "stopped",
    "expired": "stopped",
}


@needs(Permission.ACCOUNT_INVITE)
@require_safe
def listing(request: ActorRequest) -> HttpResponse:
    now = timezone.now()
    found = Invitation.objects.visible_to(request.actor).select_related("organisation", "user")
    page = page_of(found, request)
    words = {
        "open": _("Open"),
        "used": _("Used"),
        "withdrawn": _("Withdrawn"),
        "expired": _("Out of date"),
    }
    rows = [
        {
            "invitation": one,
            "role": LABELS.get(one.role, ""),
            "state": one.state(now),
            "state_label": words[one.state(now)],
            "tone": STATES[one.state(now)],
        }
        for one in page
    ]
    return render(request, "access/invitations.html", {"page": page, "rows": rows})


@needs(Permission.ACCOUNT_INVITE)
@recently
@never_cache
@require_http_methods(["GET", "POST"])
def make(request: ActorRequest) -> HttpResponse:
    """Make an invitation; its link is on the page that follows, and nowhere afterwards."""
    start = {"purpose": Purpose.NEW_ACCOUNT}
    form = InviteForm(request.actor, request.POST or None, initial=start)
    if form.is_bound and form.is_valid():
        try:
            invitation, token = _made(request, form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            address = request.build_absolute_uri(reverse("access:link", args=[token]))
            context = {"invitation": invitation, "link": address, "hours": HOURS}
            return render(request, "access/invitation_made.html", context, status=201)
    context = {"form": form, "hours": HOURS}
    return render(request, "access/invite.html", context, status=status_of(form))


def _made(request: ActorRequest, typed: dict[str, Any]) -> tuple[Invitation, str]:
    place = Place(typed["organisation"], typed["unit"], typed["country"], typed["area"])
    if typed["purpose"] == Purpose.RESET:
        return invitations.offer_reset(request.actor, typed["username"], place)
    return invitations.invite(request.actor, typed["role"], place)


@require_POST
@needs(Permission.ACCOUNT_INVITE)
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    invitations.withdraw(request.actor, pk)
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("access:invitations")


@never_cache
@require_safe
def link(request: ActorRequest, token: str) -> HttpResponse:
    """Where a link leads: to an address without its token, which logs and histories may keep."""
    request.session[invitations.LINK] = invitations.hash_of(token)
    return redirect("access:accept")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: ActorRequest) -> HttpResponse:
    """The page behind the link: name and password for a new account, or a new password."""
    opened = str(request.session.get(invitations.LINK, ""))
    try:
        invitation = invitations.open_invitation(opened)
    except Invitation.DoesNotExist:
        return render(request, "access/invitation_closed.html", status=404)
    if not request.actor.is_public:
        return render(request, "access/invitation_signed_in.html", status=409)
    if invitation.purpose == Purpose.RESET:
        return _reset(request, opened, invitation)
    if "sign-on" in request.POST and settings.OIDC:
        who = WhoForm(request.POST)
        if who.is_valid():
            typed = who.cleaned_data
            invitations.keep_pending(
                request, invitations.Pending(opened, typed["username"], typed["display_name"])
            )
            return to_provider(request, "login", reverse("web:home"))
        form: WhoForm | NewPasswordForm = who
    else:
        accepted = AcceptForm(User(), request.POST or None)
        if accepted.is_bound and accepted.is_valid():
            try:
                return _welcome(request, opened, invitation, accepted.cleaned_data)
            except RuleBroken as refusal:
                add_refusal(accepted, refusal, "username")
        form = accepted
    context = {
        "form": form,
        "invitation": invitation,
        "role": LABELS.get(invitation.role, ""),
        "sign_on": settings.OIDC.name if settings.OIDC else "",
    }
    return render(request, "access/accept.html", context, status=status_of(form))


def _welcome(
    request: ActorRequest, opened: str, invitation: Invitation, typed: dict[str, Any]
) -> HttpResponse:
    """Make the account, sign it in, and lead to the second factor where the role will need one."""
    user = invitations.accept(
        opened, typed["username"], typed["display_name"], password=typed["password"]
    )
    needed = factors.needs_second_factor(frozenset({invitation.role}))
    after = reverse("access:set-up" if needed else "web:home")
    login = Login(user=user, redirect_url=after)
    return cast(HttpResponse, perform_password_login(request, {}, login))


def _reset(request: ActorRequest, opened: str, invitation: Invitation) -> HttpResponse:
    user = invitation.user
    assert user is not None  # noqa: S101 - the database says so
    form = NewPasswordForm(user, request.POST or None)
    if form.is_bound and form.is_valid():
        user = invitations.accept_reset(opened, form.cleaned_data["password"])
        lockout.release(request, lockout.of_name(user.username))
        lockout.release(request, lockout.of_factor(user))
        return cast(HttpResponse, perform_password_login(request, {}, Login(user=user)))
    context = {"form": form, "username": user.username}
    return render(request, "access/reset.html", context, status=status_of(form))
