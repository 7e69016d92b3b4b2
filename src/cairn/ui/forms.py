"""Forms that lose nothing: choices, and a refusal by a rule where the person was typing.

The pattern of a form view (the middleware answers only where a view does not):

    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pledge = sign_pledge(request.actor, pk, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(pledge)
    return render(request, "portfolio/sign.html", {"form": form}, status=status_of(form))
"""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from cairn.core.errors import RuleBroken

REFUSED, NOT_VALID, FINE = 409, 422, 200


def add_refusal(form: forms.BaseForm, refusal: RuleBroken, field: str | None = None) -> None:
    """Show `refusal` at `field`, or above the form, with its remedy; what was typed stays.

    `field` is ignored when the form has no such field.
    """
    place = field if field in form.fields else None
    form.add_error(place, forms.ValidationError(str(refusal), code=refusal.code))


def offer(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    """Let people choose one of (code, words) in `field`, which is a ChoiceField."""
    cast(forms.ChoiceField, field).choices = list(choices)


def status_of(form: forms.BaseForm) -> int:
    """The status to answer with: 200 as long as nothing is wrong, 409 refused, 422 not valid.

    A refusal is told from a slip of the pen by its code, which holds a dot (`context.rule`).
    """
    if not form.is_bound or form.is_valid():
        return FINE
    codes = [error.code or "" for errors in form.errors.as_data().values() for error in errors]
    return REFUSED if any("." in code for code in codes) else NOT_VALID
