"""The form for who a person is. Nothing in it is required; everything in it is sealed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core import clock, geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.referral.rules import persons_identity as rules
from cairn.referral.rules.persons_contact import PersonSex
from cairn.referral.rules.persons_identity import LABELS, PaperKind
from cairn.ui.forms import offer

PAPERS = (1, 2, 3)


def _sealed(label: Any, **more: Any) -> forms.CharField:
    attributes = {"dir": "auto", "autocomplete": "off"}
    return forms.CharField(
        label=label,
        max_length=rules.LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs=attributes),
        **more,
    )


def _lines(label: Any, **more: Any) -> forms.CharField:
    attributes = {"rows": 2, "dir": "auto", "autocomplete": "off"}
    return forms.CharField(
        label=label,
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs=attributes),
        **more,
    )


def _paper_kind(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=PaperKind.choices, required=False)


class IdentityForm(forms.Form):
    """Who a person is. A name of a field is the name of the fact, but for papers and sex."""

    given = _sealed(LABELS["given"])
    family = _sealed(LABELS["family"])
    others = _lines(LABELS["others"], help_text=_("One in each line, in any script."))
    birth = _sealed(
        LABELS["birth"], help_text=_("As much as is known: 1998, 1998-04 or 1998-04-03.")
    )
    born_sex = forms.ChoiceField(
        label=LABELS["sex"],
        choices=[("", pgettext_lazy("answer", "Not asked")), *PersonSex.choices],
        required=False,
    )
    nationality = forms.ChoiceField(label=LABELS["nationality"], required=False)
    mother = _sealed(LABELS["mother"])
    paper_kind_1 = _paper_kind(_("First paper"))
    paper_number_1 = _sealed(_("Number of the first paper"))
    paper_kind_2 = _paper_kind(_("Second paper"))
    paper_number_2 = _sealed(_("Number of the second paper"))
    paper_kind_3 = _paper_kind(_("Third paper"))
    paper_number_3 = _sealed(_("Number of the third paper"))
    phones = _lines(LABELS["phones"], help_text=_("One in each line. They are not called."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [
            (each.alpha3, geography.country_name(each.alpha3, language()))
            for each in geography.countries()
        ]
        choices = [("", pgettext_lazy("answer", "Not asked"))]
        offer(self.fields["nationality"], choices + sorted(named, key=lambda pair: pair[1]))

    @property
    def identity_fields(self) -> Iterator[forms.BoundField]:
        """The fields of the identity, in order, for a template."""
        return (self[name] for name in IdentityForm.base_fields if name in self.fields)

    def clean_birth(self) -> str:
        """Told at its field before anything is looked for."""
        given: str = self.cleaned_data["birth"].strip()
        try:
            rules.check_birth(given, today=timezone.localdate(clock.now()))
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="birth") from None
        return given

    def identity(self) -> dict[str, Any]:
        """The facts of a valid form, without what is empty."""
        given = self.cleaned_data
        papers = [
            {"kind": given[f"paper_kind_{each}"], "number": given[f"paper_number_{each}"]}
            for each in PAPERS
        ]
        return rules.tidied(
            {
                **{name: given[name] for name in ("given", "family", "birth", "mother")},
                "nationality": given["nationality"],
                "sex": given.get("born_sex", ""),
                "others": given["others"].splitlines(),
                "phones": given["phones"].splitlines(),
                "documents": papers,
            }
        )

    @staticmethod
    def initial_of(facts: Mapping[str, Any]) -> dict[str, Any]:
        """What the form holds of an opened identity."""
        papers = facts.get("documents") or []
        found: dict[str, Any] = {
            name: facts.get(name, "")
            for name in ("given", "family", "birth", "mother", "nationality")
        }
        for number, paper in zip(PAPERS, papers, strict=False):
            found[f"paper_kind_{number}"] = paper["kind"]
            found[f"paper_number_{number}"] = paper["number"]
        return found | {
            "born_sex": facts.get("sex", ""),
            "others": "\n".join(facts.get("others") or ()),
            "phones": "\n".join(facts.get("phones") or ()),
        }


class WriteIdentityForm(IdentityForm):
    """An identity that is written anew. `seen`: its version as it was read."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
