"""Editions of signs are made, changed while they are drafts, published and withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited, takes_files
from cairn.identification.actions import indicators as actions
from cairn.identification.actions.indicators import SignsRefused
from cairn.identification.forms.indicators import (
    ConfirmForm,
    EditionForm,
    FileForm,
    SignForm,
)
from cairn.identification.indicatorbank import lists as bank
from cairn.identification.indicatorbank.lists import COLUMNS, Flaw
from cairn.identification.queries import indicators as queries
from cairn.identification.queries import indicators_pages as pages
from cairn.identification.rules import indicators as rules
from cairn.oversight.views.shared import FormPage, form_page
from cairn.ui.forms import add_refusal, status_of

MOST_TOLD = 100


def _list() -> tuple[str, str]:
    return reverse("identification:indicators"), _("Signs")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INDICATOR_EDIT)
def make(request: ActorRequest) -> HttpResponse:
    """A new draft, with the signs of an edition that is there."""
    in_force = queries.edition_in_force().code
    codes = list(pages.editions(request.actor).values_list("code", flat=True)[:50])
    form = EditionForm(
        request.POST or None,
        editions=list(dict.fromkeys([in_force, *codes, bank.SHIPPED])),
        initial={"source": queries.edition_in_force().source[:300]},
    )
    page = FormPage(
        heading=_("Make a new edition"),
        send=_("Make the draft"),
        back=_list(),
        done=_("The draft was made. Change it sign by sign, or bring a file."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.make_edition(
            request.actor,
            given["code"],
            source=given["source"],
            note=given["note"],
            based_on=given["based_on"],
        ),
        lambda made: made.get_absolute_url(),
        {"edition.code": "code", "edition.taken": "code"},
    )


@require_POST
@needs(Permission.INDICATOR_EDIT)
def take_shipped(request: ActorRequest) -> HttpResponse:
    """Take the edition that Cairn ships into the list."""
    made = actions.load_shipped(request.actor)
    messages.success(request, _("The edition that Cairn ships is in the list."))
    return redirect(made)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INDICATOR_EDIT)
def sign(request: ActorRequest, code: str, sign: str) -> HttpResponse:
    """Change the wording and the place of one sign of a draft."""
    edition = pages.find_edition(request.actor, code)
    found = pages.find_sign(request.actor, edition, sign)
    rules.check_draft(edition.state)
    form = SignForm(request.POST or None, sign=found, initial=SignForm.initial_of(found))
    page = FormPage(
        heading=_("Change a sign"),
        send=_("Save the sign"),
        back=(edition.get_absolute_url(), edition.code),
        done=_("The sign was saved."),
        facts=[(_("Code"), found.code), (_("List"), found.get_source_list_display())],
        lead=_("Say what can be seen or heard, in a few plain words, and nothing about guilt."),
    )

    def save(given: dict[str, Any]) -> object:
        return actions.change_sign(
            request.actor,
            code,
            sign,
            texts=form.words("text"),
            nexts=form.words("next"),
            settings=given["settings"],
            profiles=given["profiles"],
            is_asked=given["is_asked"],
        )

    at = {"indicator.english": "text_en"}
    return form_page(request, page, form, save, lambda made: edition.get_absolute_url(), at)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INDICATOR_EDIT)
@limited("indicators.file", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def bring_file(request: ActorRequest, code: str) -> HttpResponse:
    """Put the signs of a file in the place of those of a draft, or say what is wrong with it."""
    edition = pages.find_edition(request.actor, code)
    rules.check_draft(edition.state)
    form = FileForm(request.POST or None, request.FILES or None)
    flaws: list[Flaw] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows, flaws = form.read()
            if flaws:
                raise SignsRefused(flaws)
            actions.replace_signs(request.actor, code, rows)
        except RuleBroken as refusal:
            flaws = list(refusal.flaws) if isinstance(refusal, SignsRefused) else []
            add_refusal(form, refusal, "file")
        else:
            count = len(rows)
            done = ngettext("%(count)s sign was taken in.", "%(count)s signs were taken in.", count)
            messages.success(request, done % {"count": count})
            return redirect(edition)
    context = {
        "edition": edition,
        "form": form,
        "flaws": flaws[:MOST_TOLD],
        "flaw_count": len(flaws),
        "columns": [*COLUMNS, "text_en", "text_fr", "text_ar", "next_en", "next_fr", "next_ar"],
    }
    return render(request, "identification/indicators_file.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INDICATOR_EDIT)
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Publish a draft that others wrote."""
    edition = pages.find_edition(request.actor, code)
    page = FormPage(
        heading=_("Publish the edition"),
        send=_("Publish it"),
        back=(edition.get_absolute_url(), edition.code),
        done=_("The edition is published. Phones get it at their next contact."),
        consequences=[
            _("Phones show these signs from their next contact on."),
            _("Nothing in the edition changes any more."),
            _("Reports made with an earlier edition are still read by that one."),
        ],
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.publish_edition(request.actor, code),
        lambda made: made.get_absolute_url(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INDICATOR_EDIT)
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Withdraw a published edition."""
    edition = pages.find_edition(request.actor, code)
    page = FormPage(
        heading=_("Withdraw the edition"),
        send=_("Withdraw it"),
        back=(edition.get_absolute_url(), edition.code),
        done=_("The edition is withdrawn. The one before it is in use again."),
        consequences=[
            _("Phones go back to the edition that was published before."),
            _("Reports made with this edition are still read by it."),
        ],
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.withdraw_edition(request.actor, code),
        lambda made: made.get_absolute_url(),
    )
