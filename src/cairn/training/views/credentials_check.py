"""The public check of certificates: by code without script, in full and offline with it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.training.forms.credentials import CheckForm, OwnForm
from cairn.training.models import Credential
from cairn.training.openbadges import badge, compact
from cairn.training.openbadges.checking import STALE_AFTER, Checked, Verdict
from cairn.training.openbadges.statuslist import REFRESH_AFTER, Purpose
from cairn.training.queries import credentials as queries
from cairn.training.queries import credentials_check as checks
from cairn.training.rules.choices import CredentialKind
from cairn.ui.states import Tone

# A visitor counts by address. Nobody checks more by hand, and a program finds nothing.
_BY_HAND = limited("credential.check", per_minute=20, per_hour=300, methods=("POST",))
_PUBLISHED = limited("credential.published", per_minute=120)
VC_JWT = "application/vc+jwt"


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as people read it. `tone`: how its badge looks, see cairn.ui.states."""

    code: str
    label: Promise
    sentence: Promise
    tone: Tone


def _said(verdict: Verdict, sentence: Promise, tone: Tone) -> tuple[Verdict, Said]:
    return verdict, Said(verdict.value, verdict.label, sentence, tone)


SAID = dict(
    (
        _said(
            Verdict.VALID, gettext_lazy("The certificate is genuine and counts today."), Tone.DONE
        ),
        _said(
            Verdict.SUPERSEDED,
            gettext_lazy("The certificate is genuine; a newer one was issued in its place."),
            Tone.WAITING,
        ),
        _said(
            Verdict.EXPIRED,
            gettext_lazy("The certificate is genuine, and its time is over."),
            Tone.STOPPED,
        ),
        _said(
            Verdict.NOT_YET,
            gettext_lazy("The certificate is genuine, and does not count yet."),
            Tone.WAITING,
        ),
        _said(
            Verdict.SUSPENDED,
            gettext_lazy("The certificate was suspended: it does not count now."),
            Tone.STOPPED,
        ),
        _said(
            Verdict.REVOKED,
            gettext_lazy("The certificate was revoked: it does not count any more."),
            Tone.STOPPED,
        ),
        _said(
            Verdict.ALTERED,
            gettext_lazy(
                "What it says was changed after it was signed, or it was signed by somebody else. "
                "Do not accept it."
            ),
            Tone.ATTENTION,
        ),
        _said(
            Verdict.UNKNOWN_KEY,
            gettext_lazy("It was not signed here. Ask whoever issued it where it can be checked."),
            Tone.ATTENTION,
        ),
        _said(
            Verdict.UNREADABLE,
            gettext_lazy(
                "This is not a certificate, or a part of it is missing. Scan the code again, or "
                "type the one that is printed below it."
            ),
            Tone.NEUTRAL,
        ),
    )
)


def places(request: HttpRequest) -> checks.Places:
    """The full addresses that certificates, lists and keys of this installation name."""

    def full(name: str) -> str:
        return request.build_absolute_uri(reverse(f"training:{name}"))

    return checks.Places(
        page=full("check"),
        issuer=full("check-issuer"),
        lists=full("check-list"),
        name=request.get_host(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_BY_HAND
def check(request: HttpRequest) -> HttpResponse:
    """The page that a QR code leads to. What stands behind the "#" never comes here.

    `language` in the address: for the copy that a phone keeps, which is fetched without cookies.
    """
    asked = request.GET.get("language", "")
    if request.method == "POST" or not asked:
        return _check_page(request, CheckForm(request.POST or None))
    with override(asked if asked in dict(settings.LANGUAGES) else get_language()):
        return _check_page(request, CheckForm())


@never_cache
@require_safe
@limited("credential.check", per_minute=20, per_hour=300)
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """The same by an address that can be sent on; an unknown code is answered like a wrong one."""
    return _check_page(request, CheckForm({"presented": code}))


def _check_page(request: HttpRequest, form: CheckForm) -> HttpResponse:
    found: Checked | None = None
    if form.is_bound and form.is_valid():
        found = _answer(request, form.cleaned_data["presented"])
        if found is None:
            form.add_error("presented", _("There is no certificate with this code."))
    context = {
        "form": form,
        "found": found,
        "certificate": found.certificate if found else None,
        "last_day": _last_day(found),
        "kind": _kind(found),
        "said": [SAID[found.verdict]] if found else [],
        "every": list(SAID.values()),
        "kinds": list(CredentialKind),
        "stale_days": STALE_AFTER.days,
        "language": get_language(),
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "training/credentials/check.html", context, status=422 if wrong else 200)


def _answer(request: HttpRequest, presented: str) -> Checked | None:
    now = clock.now()
    if token := compact.token_in(presented):
        return checks.by_token(token, places(request), now=now)
    return checks.by_code(presented.strip().rstrip("/").rpartition("/")[2], now=now)


def _last_day(found: Checked | None) -> object:
    if found is None or found.certificate is None:
        return None
    return queries.last_day(found.certificate.valid_until)


def _kind(found: Checked | None) -> str:
    if found is None or found.certificate is None:
        return ""
    kinds = {kind.value: str(kind.label) for kind in CredentialKind}
    return kinds.get(found.certificate.kind, found.certificate.kind)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the check page, its keys and its lists on a phone."""
    response = render(
        request,
        "training/credentials/worker.js",
        {"page": reverse("training:check"), "bundle": reverse("training:check-list")},
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@_PUBLISHED
def lists(request: HttpRequest) -> HttpResponseBase:
    """Keys and signed lists in one piece: what a phone keeps."""
    signed = checks.lists(places(request), now=timezone.now())
    return _open(JsonResponse(checks.as_json(checks.keys(), signed)))


@require_safe
@_PUBLISHED
def one_list(request: HttpRequest, purpose: str) -> HttpResponseBase:
    """One status list, as the standard has it: a signed credential."""
    if purpose not in set(Purpose):
        return HttpResponse(status=404)
    signed = checks.lists(places(request), now=timezone.now())
    response = _open(HttpResponse(signed[purpose], content_type=VC_JWT))
    response["Cache-Control"] = f"max-age={int(REFRESH_AFTER.total_seconds()) // 12}"
    return response


@require_safe
@_PUBLISHED
def issuer(request: HttpRequest) -> HttpResponseBase:
    """The issuer's profile with its keys (JWK set)."""
    profile = badge.profile(places(request).as_issuer)
    return _open(JsonResponse({**profile, "keys": list(checks.keys().values())}))


@require_safe
@_PUBLISHED
def key(request: HttpRequest, key: str) -> HttpResponseBase:
    """One public key, where badges say that it is."""
    found = checks.keys().get(key)
    if found is None:
        return HttpResponse(status=404)
    return _open(JsonResponse(found, content_type="application/jwk+json"))


def _open(response: HttpResponse) -> HttpResponse:
    """Let checkers on other pages read what is published for them."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("credential.own", per_minute=10, per_hour=100, methods=("POST",))
def own(request: HttpRequest, code: str) -> HttpResponse:
    """A participant's own certificates of one event. `code`: of the event, as on the badge.

    No name is opened here: the codes shown are signed without one.
    """
    form = OwnForm(request.POST or None)
    found = None
    if form.is_bound and form.is_valid():
        found = checks.own(code, form.cleaned_data["code"], now=clock.now())
        if found is None:
            form.add_error("code", _("This code is not known for this event. Look at your badge."))
    page = places(request).page
    context = {
        "form": form,
        "found": found,
        "shown": [_shown(page, *each) for each in found.held] if found else [],
        "page": page,
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "training/credentials/own.html", context, status=422 if wrong else 200)


def _shown(page: str, credential: Credential, verdict: Verdict) -> dict[str, object]:
    picture = ""
    if verdict in {Verdict.VALID, Verdict.NOT_YET}:
        try:
            token = checks.signed_without_name(credential)
            picture = compact.qr_svg(compact.address(page, token))
        except RuleBroken:  # an address too long for a picture: the code does as well
            picture = ""
    return {"credential": credential, "verdict": SAID[verdict], "picture": picture}
