"""Profiles of countries: what each country's law says about who decides and what opens."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.identification.actions.profiles import set_country_profile
from cairn.identification.forms.procedures import length_words
from cairn.identification.forms.profiles import ProfileForm, typed
from cairn.identification.models import CountryProfile
from cairn.identification.queries import profiles as queries
from cairn.identification.rules.procedures import Standard
from cairn.identification.rules.profiles import ENDING, OPENING_STAGES, AuthorityKind, Right
from cairn.oversight.views.shared import FormPage, form_page
from cairn.ui.templatetags.ui import language_name

# At which field a refusal of a rule is shown.
FIELDS = {
    "profile.source": "source",
    "profile.reflection": "reflection_days",
    "profile.review": "review_days",
    "profile.opens": "opens_grounds",
    "profile.days": "days_residence",
    "profile.ends": "ends_negative",
    "profile.standards": "conclusive_standards",
}


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
@require_safe
@signed_in
def profile(request: ActorRequest, country: str) -> HttpResponse:
    """The law of one country, in words; and what held before."""
    queries.require_profiles(request.actor)
    found = queries.profiles_of(request.actor, country)
    context = {
        "profile": found[0],
        **_words(found[0]),
        "earlier": found[1:],
        "may_set": request.actor.may(Permission.ROLE_GRANT),
    }
    return render(request, "identification/profile.html", context)


def _words(row: CountryProfile) -> dict[str, Any]:
    law = row.law()
    return {
        "law": law,
        "languages": [language_name(code) for code in law.languages],
        "deciders": [each.label for each in AuthorityKind if each in law.deciders],
        "standards": [
            (stage.label, [each.label for each in Standard if each in chosen])
            for stage, chosen in law.standards.items()
        ],
        "opens": [
            (
                stage.label,
                [
                    length_words(right, days, law)
                    for right, days in law.rights_opened(stage).items()
                ],
            )
            for stage in OPENING_STAGES
        ],
        "ends": [
            (outcome.label, [each.label for each in Right if each in law.rights_ended(outcome)])
            for outcome in sorted(ENDING)
        ],
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ROLE_GRANT)
@recently
def set_profile(request: ActorRequest) -> HttpResponse:
    """Set the profile of a country; what held before is kept."""
    country = request.GET.get("country", "")
    page = FormPage(
        heading=_("Set a country profile"),
        send=_("Set the profile"),
        back=(reverse("identification:profiles"), _("Country profiles")),
        done=_("The profile was set."),
        seen=_(
            "Every authority sees the profile. It holds from this moment on; what held before is"
            " kept, and so are the rights that it opened. You neither see procedures nor decide"
            " them."
        ),
    )
    form = ProfileForm(request.POST or None, initial=typed(queries.profile_of(country)))
    return form_page(
        request,
        page,
        form,
        lambda given: set_country_profile(request.actor, form.profile()),
        lambda made: reverse("identification:profile", args=[made.country]),
        FIELDS,
    )
