"""Signing in and out, and the page that shows every role."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.actions import record_sign_in, record_sign_out
from cairn.access.forms import SignInForm
from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.models import Membership
from cairn.access.permissions import Permission
from cairn.access.roles import LABELS, ROLES
from cairn.access.wording import GROUPS, WORDS


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
        login(request, form.user)
        record_sign_in(form.user, today=timezone.localdate())
        return redirect(_onward(request))
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_accounts": list(LABELS.items()) if settings.DEMO else [],
    }
    return render(request, "access/sign_in.html", context, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    record_sign_out(request.actor)
    logout(request)
    response = redirect("web:front")
    # The next person at this computer does not page back to what the last one saw.
    response["Clear-Site-Data"] = '"cache"'
    return response


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
    return {
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


def _onward(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return resolve_url("web:home")
