"""Forms of releases: what is to be released, a signature, a reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.observatory.actions.releases import Plan
from cairn.observatory.queries.releases import period_words
from cairn.observatory.rules.pipeline import Period, Way, check_period, quarter_of
from cairn.observatory.rules.series import MAY_GROUP, Series
from cairn.ui.forms import offer

YEARS_OFFERED = 3


def periods(today: date) -> list[Period]:
    """Years and quarters that can be counted today, the newest first."""
    found = []
    for year in range(today.year, today.year - YEARS_OFFERED - 1, -1):
        wanted = [Period(date(year, 1, 1), date(year, 12, 31))]
        wanted += [quarter_of(date(year, month, 1)) for month in (10, 7, 4, 1)]
        found += [each for each in wanted if _is_open(each, today)]
    return found


def _is_open(period: Period, today: date) -> bool:
    try:
        check_period(period, today)
    except RuleBroken:
        return False
    return True


class ReleaseForm(forms.Form):
    """What is to be released from one source."""

    title = forms.CharField(
        label=pgettext_lazy("release", "Title"),
        max_length=160,
        help_text=_("As the public will read it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    period = forms.ChoiceField(
        label=_("Period"),
        help_text=_("Whole quarters and years only, and none that late entries still reach."),
    )
    way = forms.ChoiceField(
        label=_("How counts are protected"),
        choices=Way.choices,
        initial=Way.CUBE,
        widget=forms.RadioSelect,
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        help_text=_("Of an open cube, or of the first fixed table (at most three)."),
        widget=forms.CheckboxSelectMultiple,
    )
    second = forms.MultipleChoiceField(
        label=_("Columns of a second fixed table"),
        help_text=_("Left empty for an open cube. Tables that go out together hide together."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_merged = forms.BooleanField(
        label=_("Put areas of too few persons together"),
        required=False,
        initial=True,
        help_text=_("Each area that is drawn then has enough persons; no point is ever drawn."),
    )

    def __init__(self, *args: Any, series: Series, source: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        self.offered = {
            each.since.isoformat() + "/" + each.until.isoformat(): each for each in periods(today)
        }
        offer(
            self.fields["period"], [(key, period_words(each)) for key, each in self.offered.items()]
        )
        named = [
            (each.name, each.label) for each in series.dimensions if each.field_class in MAY_GROUP
        ]
        for name in ("columns", "second"):
            offer(self.fields[name], named)

    def plan(self) -> Plan:
        """What a valid form says."""
        given = self.cleaned_data
        columns: list[Sequence[str]] = [given["columns"]]
        if given["second"]:
            columns.append(given["second"])
        return Plan(
            title=given["title"],
            source=self.source,
            way=Way(given["way"]),
            period=self.offered[given["period"]],
            columns=columns,
            is_merged=given["is_merged"],
        )


class SignForm(forms.Form):
    """A signature over what the page shows. `seen`: the hash that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agrees = forms.BooleanField(
        label=_("I have looked at the figures and at what the attack asked, and I stand for them")
    )


class PublishForm(forms.Form):
    """Nothing to fill in."""


class ReasonForm(forms.Form):
    """Why a release is refused or withdrawn."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=480,
        help_text=_(
            "It stays beside the release for good. No name and no figure of a small group."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
