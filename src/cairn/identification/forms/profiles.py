"""The form of a country's profile: who decides, by which standard, what opens and what ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core import geography
from cairn.core.language import language
from cairn.identification.forms.rights import languages
from cairn.identification.rules.procedures import Stage, Standard, State
from cairn.identification.rules.profiles import (
    FLOOR,
    WITHOUT_DAYS,
    AuthorityKind,
    Profile,
    Right,
)
from cairn.ui.forms import offer

# Stage -> name of its field. What reasonable grounds open everywhere is not asked.
OPENS = {
    Stage.OPENING: "opens_opening",
    Stage.REASONABLE_GROUNDS: "opens_grounds",
    Stage.CONCLUSIVE: "opens_conclusive",
}
ENDS = {
    State.NO_REASONABLE_GROUNDS: "ends_no_grounds",
    State.CONCLUSIVE_NEGATIVE: "ends_negative",
    State.DISCONTINUED: "ends_discontinued",
}
WITH_DAYS = {
    right: f"days_{right.name.lower()}"
    for right in Right
    if right not in WITHOUT_DAYS | {Right.REFLECTION}
}
_ENDED = [(each.value, each.label) for each in Right if each != Right.ASSISTANCE]
_ADDED = [(each.value, each.label) for each in Right if each not in FLOOR]


def _several(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


def _days(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=3_660,
        required=required,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ProfileForm(forms.Form):
    """What the law of a country says about identification and the rights that it opens."""

    country = forms.ChoiceField(label=_("Country"))
    source = forms.CharField(
        label=_("Law or order"),
        max_length=300,
        help_text=_("With its article and date."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    deciders = _several(
        _("Who decides"), AuthorityKind, _("None chosen: whatever authority has the procedure.")
    )
    investigator_may_decide = forms.BooleanField(
        label=_("Whoever investigates a procedure may also decide it"), required=False
    )
    conclusive_standards = _several(
        _("Standard of the conclusive decision"),
        [(each.value, each.label) for each in (Standard.BALANCE, Standard.SURE)],
        _("None chosen: either. The first decision always takes reasonable grounds to believe."),
    )
    opens_opening = _several(_("Rights that the opening of the assessment opens"), Right)
    opens_grounds = _several(
        _("Rights that reasonable grounds open"),
        _ADDED,
        _("Assistance, no removal and time for reflection open everywhere, without being chosen."),
    )
    opens_conclusive = _several(_("Rights that a positive conclusive decision opens"), Right)
    days_residence = _days(
        _("Days of a residence permit"), _("Empty: until a decision ends the right.")
    )
    days_legal_aid = _days(_("Days of legal aid"), _("Empty: until a decision ends the right."))
    days_non_punishment = _days(
        _("Days in which non-punishment is considered"),
        _("Empty: until a decision ends the right."),
    )
    ends_no_grounds = _several(
        _("Rights that end by law where no reasonable grounds are found"),
        _ENDED,
        _("Assistance is never ended by a decision on identification."),
    )
    ends_negative = _several(
        _("Rights that end by law after a negative conclusive decision"), _ENDED
    )
    ends_discontinued = _several(
        _("Rights that end by law when the person ends the procedure"), _ENDED
    )
    reflection_days = _days(
        _("Days for recovery and reflection"),
        _("At least 30: Article 13 of the Council of Europe Convention of 2005."),
        required=True,
    )
    review_days = _days(
        _("Days in which a review can be asked for"),
        _("From the day on which the person is told. Rights go on until then."),
        required=True,
    )
    languages = _several(
        _("Languages in which a decision is told without an interpreter"), [], _("None: every one.")
    )
    mandatory_reporting = forms.CharField(
        label=_("Whom officers must tell by law"),
        max_length=2_000,
        required=False,
        help_text=_("Shown on the phones of officers. In plain words."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [
            (each.alpha3, geography.country_name(each.alpha3, language()))
            for each in geography.countries()
        ]
        names.sort(key=lambda pair: pair[1])
        offer(self.fields["country"], [("", _("Choose")), *names])
        self.fields["languages"].widget = forms.SelectMultiple(attrs={"size": 6})
        offer(self.fields["languages"], languages())

    def profile(self) -> Profile:
        """What a valid form says."""
        given = self.cleaned_data
        lengths = {right: given[name] or None for right, name in WITH_DAYS.items()}
        opens = {
            stage: {right: lengths.get(right) for right in map(Right, given[name])}
            for stage, name in OPENS.items()
        }
        chosen = frozenset(map(Standard, given["conclusive_standards"]))
        return Profile(
            country=given["country"],
            deciders=frozenset(map(AuthorityKind, given["deciders"])),
            standards={Stage.CONCLUSIVE: chosen} if chosen else {},
            opens={stage: rights for stage, rights in opens.items() if rights},
            ends={
                outcome: frozenset(map(Right, given[name]))
                for outcome, name in ENDS.items()
                if given[name]
            },
            reflection_days=given["reflection_days"],
            review_days=given["review_days"],
            investigator_may_decide=given["investigator_may_decide"],
            mandatory_reporting=given["mandatory_reporting"].strip(),
            languages=tuple(given["languages"]),
            source=given["source"].strip(),
        )


def typed(law: Profile) -> dict[str, Any]:
    """A profile as the form shows it at first, so that only what changed is typed."""
    lengths: dict[str, int | None] = {}
    for given in law.opens.values():
        lengths |= {WITH_DAYS[right]: days for right, days in given.items() if right in WITH_DAYS}
    return {
        "country": law.country,
        "source": law.source,
        "deciders": sorted(law.deciders),
        "investigator_may_decide": law.investigator_may_decide,
        "conclusive_standards": sorted(law.standards.get(Stage.CONCLUSIVE, ())),
        **{name: sorted(law.opens.get(stage, ())) for stage, name in OPENS.items()},
        **{name: sorted(law.ends.get(outcome, ())) for outcome, name in ENDS.items()},
        **lengths,
        "reflection_days": law.reflection_days,
        "review_days": law.review_days,
        "languages": list(law.languages),
        "mandatory_reporting": law.mandatory_reporting,
    }
