"""What the pages of oversight have in common: pages with one form, and names of staff."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.queries.people import names
from cairn.oversight.subjects import kind as kind_called
from cairn.ui.forms import add_refusal, status_of

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form: its words, and where it leads. See templates/oversight/form.html."""

    heading: str
    send: str
    back: tuple[str, str]
    done: str
    lead: str = ""
    seen: str = ""
    facts: Sequence[tuple[str, Any]] = ()
    consequences: Sequence[str] = ()
    template: str = "oversight/form.html"


def form_page(
    request: ActorRequest,
    page: FormPage,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    onward: Callable[[Any], str],
    at: dict[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; when it is sent and whole, call `act` and go on to `onward(what it gave)`.

    A refusal by a rule is shown at the field that `at` gives for its code, else above the form;
    what was typed stays.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal, (at or {}).get(refusal.code))
        else:
            messages.success(request, page.done)
            return redirect(onward(made))
    context |= {
        "heading": page.heading,
        "send": page.send,
        "back": page.back,
        "lead": page.lead,
        "seen": page.seen,
        "facts": page.facts,
        "consequences": page.consequences,
        "form": form,
    }
    return render(request, page.template, context, status=status_of(form))


def missing_as_refusal(act: Callable[[dict[str, Any]], Made]) -> Callable[[dict[str, Any]], Made]:
    """`act`, with an unknown code as a refusal that stands at the field where it was typed."""

    def acting(given: dict[str, Any]) -> Made:
        try:
            return act(given)
        except ObjectDoesNotExist:
            raise RuleBroken(
                "oversight.no-record",
                _("No record of this kind has this code."),
                _("Look at the code again: 0 and O, 1 and I are never in it."),
            ) from None

    return acting


def top_crumb(actor: Actor) -> tuple[str, str]:
    """Where pages that are not the desk's alone lead back to: the desk, or one's home."""
    if actor.may(Permission.OVERSIGHT_VIEW):
        return reverse("oversight:desk"), _("Data protection")
    return reverse("web:home"), _("Home")


def named(ids: Iterable[UUID | None]) -> Callable[[UUID | None], str]:
    """A function from a user's id to a name to show; one query for all `ids`."""
    known = names(ids)
    return lambda user: known.get(user, "") if user else "Cairn"


def kind_label(key: str) -> str:
    """The words for a kind of record, or its key when its context is not installed."""
    try:
        return str(kind_called(key).label)
    except LookupError:
        return key


def kind_plural(key: str) -> str:
    """The words for the records of a kind, or its key when its context is not installed."""
    try:
        return str(kind_called(key).plural)
    except LookupError:
        return key


def part_labels(key: str, names: Iterable[str]) -> list[str]:
    """The words for sealed parts of a kind of record; the name itself where none is known."""
    try:
        words = kind_called(key).sealed
    except LookupError:
        words = {}
    return [str(words.get(name, name)) for name in names]


def record_address(key: str, code: str) -> str:
    """The page of a record, or an empty text."""
    try:
        return kind_called(key).address(code) if code else ""
    except LookupError:
        return ""
