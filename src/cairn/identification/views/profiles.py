"""Profiles of countries: what each country's law says about who decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.identification.actions.procedures import set_country_profile
from cairn.identification.forms.procedures import ProfileForm
from cairn.identification.queries import procedures as queries
from cairn.ui.forms import add_refusal, status_of


@never_cache
@require_safe
@signed_in
def profiles(request: ActorRequest) -> HttpResponse:
    """The profiles that hold now: read by the authorities, set by administrators."""
    queries.require_profiles(request.actor)
    context = {
        "profiles": queries.profiles(request.actor),
        "may_set": request.actor.may(Permission.ROLE_GRANT),
    }
    return render(request, "identification/profiles.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ROLE_GRANT)
@recently
def set_profile(request: ActorRequest) -> HttpResponse:
    """Set the profile of a country; what held before is kept."""
    form = ProfileForm(request.POST or None, initial={"country": request.GET.get("country", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_country_profile(
                request.actor,
                given["country"],
                investigator_may_decide=given["investigator_may_decide"],
                source=given["source"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "source")
        else:
            messages.success(request, _("The profile was set."))
            return redirect("identification:profiles")
    context = {"heading": _("Set a country profile"), "send": _("Set the profile"), "form": form}
    return render(request, "identification/form.html", context, status=status_of(form))
