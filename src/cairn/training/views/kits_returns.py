"""Bringing an event back: a bundle, what became of it, its sheet and receipt; and the kit."""

from datetime import UTC
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited, takes_files
from cairn.training.actions import kits_check_in, kits_device
from cairn.training.documents.acceptance import render_acceptance
from cairn.training.forms.kits import BundleForm, ExportForm
from cairn.training.models import KitReturn
from cairn.training.queries import kits as queries
from cairn.training.rules.kits_words import OUTCOME_LABELS, clock_sentence, kind_label
from cairn.training.views.kits import FORM, checkout_found, file_response
from cairn.ui.forms import add_refusal, status_of


@never_cache
@require_http_methods(FORM)
@needs(Permission.KIT_OPERATE)
@limited("kit.check-in", per_hour=120, methods=("POST",))
@takes_files
def check_in(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Bring a bundle. The same file again goes on where it stopped, and doubles nothing."""
    found = checkout_found(request, pk)
    form = BundleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = kits_check_in.check_in(request.actor, pk, form.cleaned_data["bundle"].file)
        except RuleBroken as refusal:
            add_refusal(form, refusal, "bundle")
        else:
            return redirect("training:kit-return", pk=done.pk)
    context = {"checkout": found, "form": form}
    return render(request, "training/kits/check_in.html", context, status=status_of(form))


@never_cache
@require_safe
@needs(Permission.KIT_OPERATE)
def result(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What became of each record of a bundle."""
    done = _return(request, pk)
    clock = queries.clock_of(done)
    counts = (done.accepted, done.repeated, done.refused, done.parked)
    context = {
        "done": done,
        "checkout": done.checkout,
        "counts": list(zip(OUTCOME_LABELS.values(), counts, strict=True)),
        "clock": clock_sentence(clock.low, clock.high) if clock.is_wrong else "",
        "taken": queries.taken_by_kind(done.checkout),
        "not_taken": [
            (kind_label(row.kind), row) for row in queries.not_taken(done.checkout)[:200]
        ],
    }
    return render(request, "training/kits/result.html", context)


@never_cache
@require_safe
@needs(Permission.KIT_OPERATE)
@limited("kit.sheet", per_minute=20)
def sheet(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The acceptance sheet, to be signed by who hands over and who takes over."""
    done = _return(request, pk)
    payload = queries.acceptance(request.actor, pk, timezone.now())
    pdf = render_acceptance(payload, language=language(), today=timezone.localdate())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{done.checkout.event.reference}-{done.checkout.kit.code}-{done.sequence}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_POST
@needs(Permission.KIT_OPERATE)
@limited("kit.check-in", per_hour=120)
def receipt(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The answer to carry to the kit, which only then may forget."""
    _return(request, pk)
    return file_response(*kits_check_in.receipt(request.actor, pk))


def _return(request: ActorRequest, pk: UUID) -> KitReturn:
    done = queries.return_found(request.actor, pk)
    require(request.actor, Permission.KIT_OPERATE, within=done.checkout)
    return done


# -- on the kit itself ---------------------------------------------------------------------------


@never_cache
@require_safe
@needs(Permission.KIT_OPERATE)
def here(request: ActorRequest) -> HttpResponse:
    """On the laptop: what it carries, what is not home yet, and the way to bring it there."""
    carried = [
        {
            "carried": each,
            "here": [
                (kind_label(kind), count)
                for kind, count in kits_device.counted(kits_device.changed(each)).items()
            ],
            "left": len(kits_device.unanswered(each)),
            "form": ExportForm(prefix=str(each.pk)),
        }
        for each in queries.carried()
    ]
    context = {
        "carried": carried,
        "card": kits_device.own_card() if carried else None,
        "now": timezone.now(),
        "receipt_form": BundleForm(),
        "host": request.get_host(),
    }
    return render(request, "training/kits/here.html", context)


@require_POST
@needs(Permission.KIT_OPERATE)
@recently
@limited("kit.export", per_hour=60)
def export(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A bundle for home, as a file for the memory stick."""
    carried = queries.carried_found(pk)
    require(request.actor, Permission.KIT_OPERATE, within=carried.event)
    form = ExportForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        messages.error(request, _("The time was not understood. Nothing was made."))
        return redirect("training:kit-here")
    true_time = form.cleaned_data["true_time"]
    content, name, _packed = kits_device.pack_to_carry(
        request.actor,
        pk,
        is_last=form.cleaned_data["is_last"],
        true_time=true_time.replace(tzinfo=UTC) if true_time else None,
    )
    return file_response(content, name)


@require_POST
@needs(Permission.KIT_OPERATE)
@limited("kit.receipt", per_hour=60)
@takes_files
def take_receipt(request: ActorRequest) -> HttpResponse:
    """The answer from home, taken in on the kit. An event is taken in by the command only, as a
    mark has to be compared at the laptop itself.
    """
    form = BundleForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["bundle"].file
        brought = kits_device.take_in(request.actor, file, lambda home: False)
        messages.success(
            request,
            _("The receipt is taken in: %(count)s records are answered.")
            % {"count": brought.records},
        )
    else:
        messages.error(request, _("Choose the file of the receipt."))
    return redirect(reverse("training:kit-here"))
