"""Signing in and out, and the page that shows every role."""

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
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.access.roles import LABELS, ROLES


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: ActorRequest) -> HttpResponse:
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    onward = _onward(request)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        login(request, form.user)
        record_sign_in(form.user, today=timezone.localdate())
        return redirect(onward)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "access/sign_in.html", context, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    record_sign_out(request.actor)
    logout(request)
    return redirect("web:front")


@require_safe
def roles(request: ActorRequest) -> HttpResponse:
    """The permission table as people read it: a row for each permission, a column for each role."""
    require(request.actor, Permission.ROLE_VIEW)
    rows = [
        {"role": LABELS[role], "code": role, "permissions": sorted(ROLES[role])} for role in ROLES
    ]
    return render(request, "access/roles.html", {"rows": rows, "permissions": [*Permission]})


def _onward(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return resolve_url("web:home")
