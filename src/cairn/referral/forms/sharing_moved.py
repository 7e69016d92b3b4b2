"""What a form that came too late says, in words for the new owner of the record."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from cairn.oversight.queries.records import Places
from cairn.referral.forms.persons import ChangeForm
from cairn.referral.models.persons import Person
from cairn.referral.subjects.persons import SEALED

# What tells nothing about the person, or is nobody's matter but the old owner's.
_LEFT_OUT = frozenset(
    {"csrfmiddlewaretoken", "base", "caseworker", "client_id", "expected", "version"}
)
# A form with nothing else asks to open what is sealed: it says nothing that could be lost.
_OPENS = frozenset({"purpose", "reason"})
_LONGEST = 4_000


def words_of(sent: QueryDict) -> str:
    """The fields of a form as lines; "" for one that says nothing about the person."""
    given = {name: sent.getlist(name) for name in sent if name not in _LEFT_OUT}
    if set(given) <= _OPENS:
        return ""
    lines = [
        f"{name.replace('_', ' ')}: {', '.join(values)[:_LONGEST]}"
        for name, values in given.items()
        if any(value.strip() for value in values)
    ]
    return "\n".join(lines)


def words_of_change(sent: QueryDict, person: Person, places: Places) -> str:
    """What the form of a changed record changes of what its sender had seen, field by field.

    A form that cannot be read is taken line by line.
    """
    form = ChangeForm(sent, places=places)
    if not form.is_valid():
        return words_of(sent)
    base = form.seen(person).facts
    new: Mapping[str, Any] = form.facts().plain()
    lines = [
        _("%(what)s: “%(new)s” in place of “%(old)s”")
        % {
            "what": form.fields[name].label,
            "new": _shown(form.fields[name], value),
            "old": _shown(form.fields[name], base.get(name)),
        }
        for name, value in new.items()
        if name in form.fields and value != base.get(name)
    ]
    for name, label in SEALED.items():
        if typed := form.cleaned_data[name]:
            lines.append(f"{label}: {typed}")
    lines += [_("%(what)s: is to be emptied") % {"what": SEALED[name]}
              for name in form.cleaned_data["emptied"]]  # fmt: skip
    return "\n".join(lines)


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        choices = dict(field.choices)  # type: ignore[arg-type]
        return str(choices.get(value, value or "–"))
    return ", ".join(value) if isinstance(value, list) else str(value or "–")
