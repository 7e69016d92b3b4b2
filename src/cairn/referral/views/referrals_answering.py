"""What whoever received a referral says: big buttons, one question at a time."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions.persons import SealedTexts
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.actions.referrals_reading import begin_file, proposed, words_for_file
from cairn.referral.forms.referrals import FORMS, AnswerForm, ConfirmForm, OwnFileForm, RedirectForm
from cairn.referral.models.referrals import Referral
from cairn.referral.queries import referrals as queries
from cairn.ui.forms import add_refusal, status_of


def _answerable(request: ActorRequest, code: str) -> Referral:
    """The referral, for whoever may answer it. Raises DoesNotExist, PermissionDenied."""
    found = queries.find_referral(request.actor, code)
    if not found.is_received_by(request.actor, Permission.REFERRAL_ANSWER):
        raise PermissionDenied(Permission.REFERRAL_ANSWER.value)
    return found


def _pressed(request: ActorRequest, code: str, verb: Verb, done: str) -> HttpResponse:
    """A button that asks nothing more: done once, told, and back to the page."""
    found = _answerable(request, code)
    form = ConfirmForm(request.POST)
    given = form.once() if form.is_valid() else {}
    answer(request.actor, found.code, Answer(verb), **given)
    messages.success(request, done)
    return redirect(found)


@require_POST
@signed_in
def seen(request: ActorRequest, code: str) -> HttpResponse:
    """Somebody has seen it and will decide."""
    return _pressed(request, code, Verb.SEEN, _("The sender sees that you will decide."))


@require_POST
@signed_in
def accept(request: ActorRequest, code: str) -> HttpResponse:
    """Accept: the words open from now on."""
    return _pressed(request, code, Verb.ACCEPT, _("Accepted. You can read the words now."))


@require_POST
@signed_in
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """The help has begun."""
    return _pressed(request, code, Verb.BEGIN, _("The sender sees that the help has begun."))


def _words(verb: str) -> tuple[str, str, str, list[str]]:
    """(heading, button, what is said afterwards, what happens)."""
    return {
        Verb.DECLINE.value: (
            _("Decline"),
            _("Decline the referral"),
            _("Declined. The sender was told."),
            [_("The sender is told at once and looks further."), _("The words stay closed.")],
        ),
        Verb.ASK.value: (
            _("Ask the sender"),
            _("Send the question"),
            _("The question was sent. Your time to decide waits for the answer."),
            [_("The sender is told at once."), _("Your time to decide begins anew then.")],
        ),
        Verb.REDIRECT.value: (
            _("Name another service"),
            _("Name it"),
            _("The sender was told of the other service."),
            [_("This referral ends."), _("The sender decides whether to send a new one there.")],
        ),
        Verb.GOES_ON.value: (
            _("The help goes on"),
            _("Say so"),
            _("The sender sees that the help goes on."),
            [_("You are asked again after a while.")],
        ),
        Verb.FINISH.value: (
            _("Tell the outcome"),
            _("Tell the sender"),
            _("The sender was told what came of it."),
            [_("The sender is told the outcome and nothing else of your file.")],
        ),
    }[verb]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.answer", per_minute=30, methods=("POST",))
def say(request: ActorRequest, code: str, verb: str) -> HttpResponse:
    """An answer that needs a word or a choice."""
    if verb not in FORMS:
        raise ObjectDoesNotExist(verb)
    found = _answerable(request, code)
    heading, send, done, happens = _words(verb)
    page = FormPage(
        heading=heading,
        send=send,
        back=(found.get_absolute_url(), found.code),
        done=done,
        facts=[(_("Service"), found.service.name), (_("Referral"), found.code)],
        consequences=happens,
    )
    more: dict[str, Any] = {}
    if verb == Verb.REDIRECT.value:
        offered = queries.services(request.actor, found.country, clock.now(), found.need)
        more["services"] = [each for each in offered if each[0] != found.service.code]
    form: AnswerForm | RedirectForm = FORMS[verb](
        request.POST or None, expected=found.state, **more
    )
    return form_page(
        request,
        page,
        form,
        lambda given: answer(request.actor, found.code, form.answer(), **form.once()),
        lambda made: found.get_absolute_url(),
        {"referral.reason": "reason", "referral.words": "note", "referral.feedback": "feedback"},
    )


@never_cache
@require_http_methods(["POST"])
@signed_in
@limited("referral.open", per_minute=20, per_hour=200)
def own_file(request: ActorRequest, code: str) -> HttpResponse:
    """Begin an own file: first the words, opened once into a form; then the file is entered."""
    found = _answerable(request, code)
    is_entered = "note" in request.POST
    form = OwnFileForm(request.POST if is_entered else None, expected=found.state)
    if not is_entered:
        try:
            words = words_for_file(request.actor, code)
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
            return redirect(found)
        form = OwnFileForm(expected=found.state, initial=proposed(words))
    elif form.is_valid():
        given = form.cleaned_data
        texts = SealedTexts(
            name=given["name"], safe_contact=given["safe_contact"], note=given["note"]
        )
        try:
            made = begin_file(request.actor, code, texts, client_id=given["client_id"])
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Your own file was begun. Its code is %(code)s.") % {"code": made.code}
            )
            return redirect(made)
    context = {
        "heading": _("Begin your own file"),
        "send": _("Enter and seal"),
        "back": (found.get_absolute_url(), found.code),
        "lead": _("The file belongs to your place. Whoever sent the referral never sees it."),
        "seen": _("That you opened the words for it is kept."),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))
