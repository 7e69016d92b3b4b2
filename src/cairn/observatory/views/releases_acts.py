"""What people do with a release: begin, build, sign, publish, refuse, withdraw."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.observatory import sources
from cairn.observatory.actions import releases as actions
from cairn.observatory.actions import signing
from cairn.observatory.forms.releases import PublishForm, ReasonForm, ReleaseForm, SignForm
from cairn.observatory.models import Release
from cairn.observatory.queries import releases as queries
from cairn.observatory.rules.pipeline import Step
from cairn.oversight.views.shared import FormPage, form_page

FIELDS = {
    "observatory.period": "period",
    "observatory.columns": "columns",
    "observatory.grouping": "columns",
    "observatory.large": "columns",
    "observatory.reason": "reason",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_BUILD)
def create(request: ActorRequest) -> HttpResponse:
    """Begin a release of one source."""
    known = sources.sources()
    chosen = next((s for s in known if s.code == request.GET.get("source")), known[0])
    form = ReleaseForm(
        request.POST or None,
        series=chosen.series(),
        source=chosen.code,
        today=timezone.localdate(clock.now()),
    )
    page = FormPage(
        heading=_("Begin a release"),
        send=_("Begin"),
        back=(reverse("observatory:releases"), _("Releases of statistics")),
        done=_("The release was begun. Build it when you are ready."),
        lead=str(chosen.label),
        consequences=[
            _("Nothing is read yet. The extract is frozen when you build it."),
            _("You build it, so two others will have to sign it."),
        ],
        template="observatory/release_new.html",
    )
    return form_page(
        request,
        page,
        form,
        lambda _given: actions.begin(request.actor, form.plan()),
        lambda made: made.get_absolute_url(),
        FIELDS,
        sources=[(each.code, each.label, each.code == chosen.code) for each in known],
    )


@never_cache
@require_POST
@needs(Permission.STATISTICS_BUILD)
def build(request: ActorRequest, code: str) -> HttpResponse:
    """Have the steps that are left taken in the background."""
    try:
        release = actions.ask_to_build(request.actor, code)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("observatory:release", code)
    messages.success(request, _("The steps that are left are being taken. Look again in a while."))
    return redirect(release)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_SIGN)
@recently
def sign(request: ActorRequest, code: str) -> HttpResponse:
    """Sign the release, with its hash and what the attack found on the same page."""
    found = queries.find(request.actor, code)
    steps = queries.artefacts(request.actor, found)
    attack = steps.get(Step.ATTACK)
    last = attack.digest if attack else ""
    form = SignForm(request.POST if request.method == "POST" else None, initial={"seen": last})
    page = FormPage(
        heading=_("Sign the release"),
        send=_("Sign it"),
        back=_back(found),
        done=_("You signed the release."),
        consequences=[
            _("With two signatures it can be published, and then everybody can read it."),
            _("What was published is known for good, also when it is withdrawn."),
        ],
        seen=_("Whoever may see releases sees that you signed, and when."),
        template="observatory/release_sign.html",
    )
    return form_page(
        request,
        page,
        form,
        lambda given: signing.sign(request.actor, code, given["seen"]),
        lambda made: made.get_absolute_url(),
        release=found,
        last=last,
        quality=steps[Step.PROTECT].summary["quality"] if Step.PROTECT in steps else None,
        attack=attack.summary if attack else None,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_VIEW)
@recently
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Publish a release that two persons signed."""
    found = queries.find(request.actor, code)
    if not request.actor.may(Permission.STATISTICS_BUILD):
        require(request.actor, Permission.STATISTICS_SIGN)
    page = FormPage(
        heading=_("Publish the release"),
        send=_("Publish it"),
        back=_back(found),
        done=_("The release was published."),
        facts=[(_("Release"), found.code), (_("Title"), found.title)],
        consequences=[
            _("Everybody can read it from now on, and it is entered in the ledger."),
            _("The extract and the exact counts are destroyed."),
            _("No single figure can be changed afterwards."),
        ],
    )
    return form_page(
        request,
        page,
        PublishForm(request.POST if request.method == "POST" else None),
        lambda _given: signing.publish(request.actor, code),
        lambda made: made.get_absolute_url(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_VIEW)
def refuse(request: ActorRequest, code: str) -> HttpResponse:
    """Refuse a release before it is published."""
    found = queries.find(request.actor, code)
    if not request.actor.may(Permission.STATISTICS_BUILD):
        require(request.actor, Permission.STATISTICS_SIGN)
    page = FormPage(
        heading=_("Refuse the release"),
        send=_("Refuse it"),
        back=_back(found),
        done=_("The release was refused."),
        facts=[(_("Release"), found.code), (_("Title"), found.title)],
        consequences=[
            _("It is over: a new release has to be begun for this period."),
            _("The extract and the exact counts are destroyed."),
        ],
    )
    return _reasoned(request, found, page, actions.refuse)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_SIGN)
@recently
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Take a release from the public pages."""
    found = queries.find(request.actor, code)
    page = FormPage(
        heading=_("Withdraw the release"),
        send=_("Withdraw it"),
        back=_back(found),
        done=_("The release was withdrawn."),
        facts=[(_("Release"), found.code), (_("Title"), found.title)],
        consequences=[
            _("The public pages say that it was withdrawn, and why."),
            _("Whoever fetched it keeps it, so every later release is attacked with it as well."),
        ],
        seen=_("Everybody reads the reason."),
    )
    return _reasoned(request, found, page, actions.withdraw)


def _back(release: Release) -> tuple[str, str]:
    return release.get_absolute_url(), release.code


def _reasoned(
    request: ActorRequest, release: Release, page: FormPage, act: "actions.Reasoned"
) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        page,
        form,
        lambda given: act(request.actor, release.code, given["reason"]),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )
