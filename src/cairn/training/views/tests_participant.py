"""Tests for participants: joined by two codes, on any phone, without an account or a script.

Nothing here tells of others. Addresses and titles carry no code but the one of a printed badge,
which leads to a page that asks and shows nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.core import clock, pseudonyms
from cairn.core.errors import RuleBroken
from cairn.core.language import language as ui_language
from cairn.core.limits import limited
from cairn.training.actions import tests as actions
from cairn.training.forms.tests import BeginForm, JoinForm
from cairn.training.models import Enrolment
from cairn.training.queries import tests as queries
from cairn.training.queries.links import link
from cairn.training.queries.tests import OwnTest
from cairn.training.rules.choices import TestWave
from cairn.training.testing import answers, personal_codes, scoring, sittings
from cairn.training.testing.showing import Shown, shown
from cairn.training.testing.sittings import WindowState
from cairn.ui.forms import NOT_VALID, REFUSED, add_refusal, status_of
from cairn.ui.templatetags.ui import language_name

COOKIE, _SALT = "cairn_test", "cairn.training.test"
# As long as a day of training: the code is typed again in the morning.
_COOKIE_AGE = 12 * 3600
# Everybody in a room may come from one address (a hotspot, a router), and 6.4 million codes stand
# behind each event: sixty tries a minute find one of thirty in weeks.
_JOINS_A_MINUTE, _JOINS_AN_HOUR = 60, 600
_ANSWERS_A_MINUTE = 1_500
OwnView = Callable[..., HttpResponse]


def participant(view: OwnView) -> Callable[..., HttpResponse]:
    """Hand the participant whom this phone was let in as to `view`; else lead to the codes."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = _own(request)
        if own is None:
            return redirect("training:join")
        return view(request, own, *args, **kwargs)

    return guarded


def _own(request: HttpRequest) -> Enrolment | None:
    try:
        kept = request.get_signed_cookie(COOKIE, salt=_SALT, max_age=_COOKIE_AGE)
        return queries.participant(UUID(kept))
    except (KeyError, BadSignature, ValueError):
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(
    "test.join",
    per_minute=_JOINS_A_MINUTE,
    per_hour=_JOINS_AN_HOUR,
    by="address",
    methods=("POST",),
)
def join(request: HttpRequest) -> HttpResponse:
    """Two codes lead in. Which of them is wrong is not told."""
    if request.method != "POST":
        if _own(request) is not None:
            return redirect("training:own-tests")
        return render(request, "training/tests/join.html", {"form": JoinForm()})
    form = JoinForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        found = queries.joining(given["event_code"], given["personal_code"])
        if found is not None:
            response = redirect("training:own-tests")
            response.set_signed_cookie(
                COOKIE,
                str(found.pk),
                salt=_SALT,
                max_age=_COOKIE_AGE,
                path=reverse("training:join"),
                secure=bool(settings.SESSION_COOKIE_SECURE),
                httponly=True,
                samesite="Lax",
            )
            return response
        form.add_error(None, _("These two codes do not belong together. Look at both again."))
    return render(request, "training/tests/join.html", {"form": form}, status=NOT_VALID)


@never_cache
@require_safe
def join_as(request: HttpRequest, event_code: str, personal_code: str) -> HttpResponse:
    """From a badge: both codes are filled in; one tap goes on. Nothing is looked up here."""
    typed = {
        "event_code": pseudonyms.tidied(event_code),
        "personal_code": personal_codes.tidied(personal_code),
    }
    form = JoinForm(initial=typed)
    return render(
        request, "training/tests/join.html", {"form": form, "is_badge": all(typed.values())}
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Let the next person use this phone."""
    response = redirect("training:join")
    response.delete_cookie(COOKIE, path=reverse("training:join"), samesite="Lax")
    messages.success(request, _("You have left. What you answered is kept."))
    return response


@require_safe
@participant
def own_tests(request: HttpRequest, own: Enrolment) -> HttpResponse:
    """The tests of one's event and what one can do with each."""
    context = {
        "own": own,
        "tests": [_card(test) for test in queries.own_tests(own)],
        "credentials_href": _credentials(own),
    }
    return render(request, "training/tests/own.html", context)


def _card(test: OwnTest) -> dict[str, Any]:
    wave = TestWave(test.window.wave)
    is_in = test.sitting is not None and test.sitting.handed_in_at is not None
    can_go_on = not is_in and (test.sitting is not None or test.state == WindowState.OPEN)
    return {
        "wave": wave,
        "test": test,
        "is_in": is_in,
        "is_released": test.state == WindowState.RELEASED,
        "can_go_on": can_go_on and test.state != WindowState.RELEASED,
    }


def _credentials(own: Enrolment) -> str:
    """Where one's own certificates of this event are asked for, with the same two codes."""
    return link("training:own-credentials", own.event.join_code) or ""


@require_http_methods(["GET", "HEAD", "POST"])
@participant
def begin(request: HttpRequest, own: Enrolment, wave: str) -> HttpResponse:
    """Before a test: what it is, in which language, and the agreement that answers are kept."""
    test = _test(own, wave)
    if test.sitting is not None and request.method != "POST":
        return _onward(test)
    if refused := _closed(request, test):
        return refused
    letter = queries.letter_for(own, TestWave(wave)) or "A"
    asked = queries.places(queries.form_of(test.window, letter))
    form = BeginForm(
        request.POST or None,
        languages=_languages(queries.form_languages(asked)),
        initial={"language": _first_language(own)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.begin_sitting(
                own,
                TestWave(wave),
                language=given["language"],
                has_consented=given["agrees"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "agrees" if refusal.code == "sitting.consent" else None)
        else:
            response = _onward(queries.own_test(own, TestWave(wave)))
            return _in_language(response, given["language"])
    context = {"own": own, "test": test, "wave": TestWave(wave), "form": form, "count": len(asked)}
    return render(request, "training/tests/begin.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@participant
@limited("test.answer", per_minute=_ANSWERS_A_MINUTE, by="address", methods=("POST",))
def question(request: HttpRequest, own: Enrolment, wave: str, number: int) -> HttpResponse:
    """One question. Each button keeps the answer before it goes anywhere."""
    test = _test(own, wave)
    if test.sitting is None:
        return redirect("training:own-test", wave=wave)
    if not 1 <= number <= len(test.answers):
        raise Http404
    if refused := _closed(request, test):
        return refused
    at = test.answers[number - 1]
    answer, refusal = at.answer, None
    if request.method == "POST":
        try:
            answer = answers.from_form(at.place.item, "answer", request.POST.getlist)
            actions.save_answer(test.sitting, at.place, answer)
        except RuleBroken as error:
            if error.code.startswith("sitting."):
                return _refused(request, error)
            refusal = error
            answer = None
        else:
            return _after(request, test, number)
    seen = shown(at.place.question, at.place.item, answer, test.sitting.language, [ui_language()])
    if refusal is not None:
        seen = _as_typed(seen, request)
    context = {
        "own": own,
        "test": test,
        "wave": TestWave(wave),
        "number": number,
        "count": len(test.answers),
        "answered": test.answered,
        "shown": seen,
        "fallback": seen.told.sentence(_named(seen.told.language)),
        "refusal": refusal,
        "languages": _languages(queries.form_languages(each.place for each in test.answers)),
    }
    status = REFUSED if refusal else 200
    return render(request, "training/tests/question.html", context, status=status)


def _as_typed(seen: Shown, request: HttpRequest) -> Shown:
    """What was sent and refused, so that nobody types it again."""
    return replace(
        seen,
        options=tuple(
            replace(
                each,
                place=request.POST.get(f"answer-{each.code}", "")[:4],
                is_chosen=each.code in request.POST.getlist("answer"),
            )
            for each in seen.options
        ),
        prompts=tuple(
            replace(each, place=request.POST.get(f"answer-{each.code}", "")[:8])
            for each in seen.prompts
        ),
        answer=request.POST.get("answer", ""),
    )


def _after(request: HttpRequest, test: OwnTest, number: int) -> HttpResponse:
    """Where the button that was pressed leads."""
    go, wave = request.POST.get("go", "next"), test.window.wave
    if go == "back" and number > 1:
        return redirect("training:own-question", wave=wave, number=number - 1)
    if go == "next" and number < len(test.answers):
        return redirect("training:own-question", wave=wave, number=number + 1)
    return redirect("training:own-review", wave=wave)


@require_POST
@participant
def choose_language(request: HttpRequest, own: Enrolment, wave: str, number: int) -> HttpResponse:
    """Go on in another language."""
    test = _test(own, wave)
    if test.sitting is None:
        return redirect("training:own-test", wave=wave)
    chosen = request.POST.get("language", "")
    try:
        if chosen in dict(_languages(queries.form_languages(each.place for each in test.answers))):
            actions.set_language(test.sitting, chosen)
    except RuleBroken as error:
        return _refused(request, error)
    response = redirect("training:own-question", wave=wave, number=number)
    return _in_language(response, chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@participant
def review(request: HttpRequest, own: Enrolment, wave: str) -> HttpResponse:
    """What is answered and what is not; and handing in, once."""
    test = _test(own, wave)
    if test.sitting is None:
        return redirect("training:own-test", wave=wave)
    if request.method == "POST":
        try:
            actions.hand_in(test.sitting)
        except RuleBroken as error:
            return _refused(request, error)
        return redirect("training:own-result", wave=wave)
    if refused := _closed(request, test):
        return refused
    context = {
        "own": own,
        "test": test,
        "wave": TestWave(wave),
        "count": len(test.answers),
        "missing": len(test.answers) - test.answered,
    }
    return render(request, "training/tests/review.html", context)


@require_safe
@participant
def result(request: HttpRequest, own: Enrolment, wave: str) -> HttpResponse:
    """That a test was handed in, and one's own marks once the trainer released them."""
    test = _test(own, wave)
    if test.sitting is None or test.sitting.handed_in_at is None:
        return redirect("training:own-test", wave=wave)
    context: dict[str, Any] = {"own": own, "test": test, "wave": TestWave(wave)}
    if test.state == WindowState.RELEASED:
        total = queries.own_total(test.answers)
        cut = test.sitting.form.cut_score
        context |= {
            "total": total,
            "marks": [_mark_line(each) for each in test.answers],
            "cut_mark": None if cut is None else scoring.plain(cut * 100),
            "is_passed": scoring.is_passed(
                total.mark, None if cut is None else cut * total.highest
            ),
        }
    return render(request, "training/tests/result.html", context)


def _mark_line(each: queries.OwnAnswer) -> dict[str, Any]:
    mark = each.response.mark if each.response else None
    return {
        "label": each.place.label,
        "objective": each.place.form_item.version.question.objective,
        "is_answered": each.answer is not None,
        "mark": "–" if mark is None else scoring.plain(mark),
        "highest": scoring.plain(each.place.item.max_mark),
    }


def _test(own: Enrolment, wave: str) -> OwnTest:
    """One's own test. Raises TestWindow.DoesNotExist, which is "not found"."""
    test = queries.own_test(own, TestWave(wave))
    if test.window.opened_at is None:
        raise Http404
    return test


def _onward(test: OwnTest) -> HttpResponse:
    """To the first question without an answer, or to what was handed in."""
    if test.sitting is not None and test.sitting.handed_in_at is not None:
        return redirect("training:own-result", wave=test.window.wave)
    if test.answers and test.answered == len(test.answers):
        return redirect("training:own-review", wave=test.window.wave)
    return redirect("training:own-question", wave=test.window.wave, number=test.next_number)


def _closed(request: HttpRequest, test: OwnTest) -> HttpResponse | None:
    """The page that says so, when this test can be begun or answered no more."""
    try:
        if test.sitting is None:
            sittings.check_begin(test.state, None, is_begun=False, has_consented=True)
        else:
            sittings.check_answer(test.sitting.handed_in_at, test.window.closed_at, now=clock.now())
    except RuleBroken as error:
        return _refused(request, error)
    return None


def _refused(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    return render(request, "training/tests/refused.html", {"refusal": error}, status=REFUSED)


def _languages(of_form: list[str]) -> list[tuple[str, str]]:
    """What may be chosen: the languages of this site first, then others that questions have."""
    codes = list(dict.fromkeys([*(code for code, _name in settings.LANGUAGES), *of_form]))
    return [(code, _named(code)) for code in codes]


def _named(code: str) -> str:
    """A language in its own words where that is known, else in the reader's."""
    try:
        return str(translation.get_language_info(code)["name_local"])
    except KeyError:
        return str(language_name(code))


def _first_language(own: Enrolment) -> str:
    offered = {code for code, _name in settings.LANGUAGES}
    return own.language if own.language in offered else ui_language()


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    """The pages around the questions follow the language that was chosen, where they have it."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            samesite="Lax",
            secure=bool(settings.LANGUAGE_COOKIE_SECURE),
        )
    return response
