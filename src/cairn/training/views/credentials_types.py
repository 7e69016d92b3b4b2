"""Entering and changing types of certificate."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions.credentials_types import add_standard_types, keep_type
from cairn.training.forms.credentials import TypeForm
from cairn.training.queries import credentials as queries
from cairn.training.rules.choices import CredentialKind


def _page(request: ActorRequest, heading: str, form: TypeForm, code: str = "") -> HttpResponse:
    page = FormPage(
        heading=heading,
        send=_("Save the type"),
        back=(reverse("training:credential-types"), _("Types of certificates")),
        done=_("The type was saved."),
        consequences=[_("Certificates that were issued keep what they say.")] if code else (),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: keep_type(
            request.actor,
            code or given["code"],
            kind=CredentialKind(given["kind"]),
            texts=form.texts(),
            validity_months=given["validity_months"],
            renewal_rule=given["renewal_rule"],
        ),
        lambda made: reverse("training:credential-types"),
        {"credential_type.kind": "kind", "credential_type.taken": "code"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINING_DECIDE)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a type of certificate."""
    return _page(request, _("Enter a type of certificate"), TypeForm(request.POST or None))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINING_DECIDE)
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a type; its code stays."""
    found = queries.types(request.actor).get(code=code)
    initial = {
        "kind": found.kind,
        "validity_months": found.validity_months,
        "renewal_rule": found.renewal_rule,
    }
    for language, _name in settings.LANGUAGES:
        words = found.texts.get(language) or {}
        initial[f"name_{language}"] = words.get("name", "")
        initial[f"criteria_{language}"] = words.get("criteria", "")
    form = TypeForm(request.POST or None, code=code, initial=initial)
    return _page(request, _("Change the type of certificate"), form, code)


@require_POST
@needs(Permission.TRAINING_DECIDE)
def add_standard(request: ActorRequest) -> HttpResponse:
    """Enter the usual types in every language that is shipped."""
    made = len(add_standard_types(request.actor))
    messages.success(
        request,
        ngettext("%(count)d type was added.", "%(count)d types were added.", made)
        % {"count": made},
    )
    return redirect("training:credential-types")
