"""Pages that record money: pledge, withdrawal, agreement, receipt, spending."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.portfolio.actions.donors import enter_donor
from cairn.portfolio.actions.funding import (
    Money,
    record_expenditure,
    record_pledge,
    record_receipt,
    sign_agreement,
    withdraw_pledge,
)
from cairn.portfolio.forms.funding import (
    DONOR_LIST,
    AgreementForm,
    ExpenditureForm,
    PledgeForm,
    ReceiptForm,
    WithdrawForm,
)
from cairn.portfolio.imports.organisations import donors_named
from cairn.portfolio.models import Agreement, Project
from cairn.portfolio.queries.funding import (
    account_of,
    donor_names,
    find_agreement,
    find_pledge,
)
from cairn.portfolio.queries.project import find_project
from cairn.portfolio.rules import Standing
from cairn.ui.formats import money_text
from cairn.ui.forms import add_refusal, status_of

FIELD_OF = {
    "pledge.twice": "pledged",
    "agreement.reference": "reference",
    "funding.exceeds": "amount",
    "funding.currency": "currency",
    "funding.twice": "amount",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_pledge(request: ActorRequest, address: str) -> HttpResponse:
    """Record a donor's word to a project."""
    project = find_project(request.actor, address)
    require(request.actor, Permission.FUNDING_EDIT)
    form = PledgeForm(request.POST or None, find_donors=donors_named)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            donor = _entered(request, given["donor"])
            record_pledge(
                request.actor,
                project.reference,
                donor,
                form.money,
                pledged=given["pledged"],
                note=given["note"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(
                request, _("The pledge of %(amount)s was recorded.") % _amount(form.money)
            )
            return _to(project)
    context = {
        "heading": _("Record a pledge"),
        "send": _("Record the pledge"),
        "form": form,
        "project": project,
        "standing": Standing(project.budget_usd, project.pledged),
        "donor_names": donor_names(request.actor),
        "donor_list": DONOR_LIST,
    }
    return render(request, "portfolio/pledge_form.html", context, status=status_of(form))


def _entered(request: ActorRequest, named: tuple[str, str] | None) -> Organisation | None:
    if named is None:
        return None
    name, country = named
    return enter_donor(request.actor, name, country=country)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a pledge out of all sums; it stays on record."""
    pledge = find_pledge(request.actor, pk)
    require(request.actor, Permission.FUNDING_EDIT)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_pledge(request.actor, pk, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The pledge was withdrawn. It counts in no sum any more."))
            return _to(pledge.project)
    context = {
        "heading": _("Withdraw a pledge"),
        "send": _("Withdraw the pledge"),
        "form": form,
        "pledge": pledge,
        "project": pledge.project,
    }
    return render(request, "portfolio/pledge_withdraw.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_agreement(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record a signed agreement on a pledge."""
    pledge = find_pledge(request.actor, pk)
    require(request.actor, Permission.FUNDING_EDIT)
    initial = {"amount": pledge.amount, "currency": pledge.currency}
    form = AgreementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            sign_agreement(
                request.actor, pk, given["reference"], form.money, signed_on=given["signed_on"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(
                request, _("The agreement over %(amount)s was recorded.") % _amount(form.money)
            )
            return _to(pledge.project)
    context = {
        "heading": _("Record a signed agreement"),
        "send": _("Record the agreement"),
        "form": form,
        "pledge": pledge,
        "project": pledge.project,
    }
    return render(request, "portfolio/agreement_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_receipt(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record money that came in under an agreement."""
    agreement = find_agreement(request.actor, pk)
    require(request.actor, Permission.FUNDING_EDIT)
    form = ReceiptForm(request.POST or None, initial=_currency(agreement))
    if request.method == "POST" and form.is_valid():
        try:
            record_receipt(
                request.actor, pk, form.money, received_on=form.cleaned_data["received_on"]
            )
        except RuleBroken as refusal:
            place = "received_on" if refusal.code == "funding.date" else None
            add_refusal(form, refusal, place or FIELD_OF.get(refusal.code))
        else:
            messages.success(
                request, _("The receipt of %(amount)s was recorded.") % _amount(form.money)
            )
            return _to(agreement.pledge.project)
    words = {"heading": _("Record money received"), "send": _("Record the receipt")}
    return _agreement_page(request, "portfolio/receipt_form.html", form, agreement, words)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_expenditure(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record money that was spent out of an agreement."""
    agreement = find_agreement(request.actor, pk)
    require(request.actor, Permission.FUNDING_EDIT)
    form = ExpenditureForm(request.POST or None, initial=_currency(agreement))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            record_expenditure(
                request.actor, pk, form.money, spent_on=given["spent_on"], what=given["what"]
            )
        except RuleBroken as refusal:
            place = "spent_on" if refusal.code == "funding.date" else None
            add_refusal(form, refusal, place or FIELD_OF.get(refusal.code))
        else:
            messages.success(
                request, _("Spending of %(amount)s was recorded.") % _amount(form.money)
            )
            return _to(agreement.pledge.project)
    words = {"heading": _("Record money spent"), "send": _("Record the spending")}
    return _agreement_page(request, "portfolio/expenditure_form.html", form, agreement, words)


def _agreement_page(
    request: ActorRequest, template: str, form: Any, agreement: Agreement, words: dict[str, str]
) -> HttpResponse:
    context = {
        **words,
        "form": form,
        "agreement": agreement,
        "account": account_of(agreement),
        "pledge": agreement.pledge,
        "project": agreement.pledge.project,
    }
    return render(request, template, context, status=status_of(form))


def _currency(agreement: Agreement) -> dict[str, Any]:
    return {"currency": agreement.currency}


def _amount(money: Money) -> dict[str, str]:
    return {"amount": money_text(money.amount, money.currency)}


def _to(project: Project) -> HttpResponse:
    return redirect("portfolio:project", project.reference)
