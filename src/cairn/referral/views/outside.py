"""The page of a recipient without an account: a number, a card, an answer; the content once.

There is no session: every form carries the number again, and nothing of the page is kept.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.referral.actions import outside as actions
from cairn.referral.actions.outside import Held
from cairn.referral.actions.referrals_answers import Answer, Verb
from cairn.referral.forms.outside import SAID, NumberForm
from cairn.referral.forms.referrals import AnswerForm
from cairn.referral.queries import outside as queries
from cairn.referral.views.referrals_page import card_facts
from cairn.ui.forms import add_refusal, status_of

ACCEPT, OPEN = Verb.ACCEPT.value, "open"
DEAD = frozenset({"link.dead"})


@never_cache
@sensitive_post_parameters("number", "note")
@require_http_methods(["GET", "HEAD", "POST"])
@limited("referral.outside", per_minute=120, per_hour=1200, by="address")
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the number, then show the card and take an answer. A look changes nothing."""
    form = NumberForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "held": None, "refusal": None}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            held = actions.open_link(token, form.cleaned_data["number"])
            context |= _answered(request, held)
            status = context.pop("status", 200)
        except RuleBroken as refusal:
            if refusal.code in DEAD:
                context["refusal"], status = refusal, 410
            else:
                add_refusal(form, refusal, "number")
    response = render(
        request,
        "referral/outside.html",
        context,
        status=status_of(form) if status == 200 else status,
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def _answered(request: HttpRequest, held: Held) -> dict[str, Any]:
    """Do what the form says, and what the page shows then."""
    verb = request.POST.get("verb", "")
    said: dict[str, AnswerForm] = {
        name: form(request.POST if name == verb else None, expected="")
        for name, form in SAID.items()
    }
    context: dict[str, Any] = {"content": None, "done": "", "status": 200, "problem": None}
    try:
        if verb == OPEN:
            context["content"] = queries.in_words(actions.show_content(held))
        elif verb == ACCEPT:
            actions.answer_by_link(held, Answer(Verb.ACCEPT))
            context["done"] = _("Accepted. You can read now what you are told.")
        elif verb in said and said[verb].is_valid():
            form = said[verb]
            given = form.answer()
            actions.answer_by_link(held, given, client_id=form.cleaned_data.get("client_id"))
            context["done"] = _("Your answer was sent.")
            said[verb] = SAID[verb](None, expected="")
        elif verb in said:
            context["status"] = 422
    except RuleBroken as refusal:
        context["problem"], context["status"] = refusal, 409
    held.referral.refresh_from_db()
    shown = queries.page(held.link)
    may = {name: form for name, form in said.items() if name in shown.verbs}
    return context | {
        "held": held,
        "number": request.POST.get("number", ""),
        "shown": shown,
        "card": card_facts(held.referral) if shown.has_card else [],
        "said": may,
        "sender_says": actions.read_answer(held),
    }
