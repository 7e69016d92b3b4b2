"""The sources that every installation has: victims identified, and persons assisted."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cairn.core import geography
from cairn.core.language import language
from cairn.identification import statistics as identification
from cairn.observatory.rules.pipeline import Period
from cairn.observatory.rules.series import (
    UNKNOWN,
    Aspect,
    Code,
    CountingUnit,
    Dimension,
    FieldClass,
    Series,
)
from cairn.observatory.sources import Completeness, Row, Source
from cairn.referral import statistics as referral


def unknown() -> Code:
    return Code(UNKNOWN, pgettext("category", "not known"))


def age() -> Dimension:
    codes = (
        Code("child", _("children, under 18")),
        Code("adult", _("adults")),
        unknown(),
    )
    return Dimension("age", _("Age"), FieldClass.CATEGORY, codes, frozenset({Aspect.CHILD}))


def sex() -> Dimension:
    codes = (
        Code("female", pgettext("persons counted", "female")),
        Code("male", pgettext("persons counted", "male")),
        Code("other", pgettext("persons counted", "other")),
        unknown(),
    )
    return Dimension("sex", _("Sex"), FieldClass.CATEGORY, codes, frozenset({Aspect.SEX}))


def country(label: str) -> Dimension:
    """All countries of M49 under their sub-regions: the list is never made from the records."""
    spoken = language()
    places = geography.countries()
    used = {place.sub_region for place in places} - {""}
    alone = {region for region in used if sum(each.sub_region == region for each in places) < 2}
    wider = [
        Code(f"m49-{code}", geography.region_name(code, spoken)) for code in sorted(used - alone)
    ]
    codes = [
        Code(
            place.alpha3,
            geography.country_name(place.alpha3, spoken),
            f"m49-{place.sub_region}" if place.sub_region in used - alone else "",
        )
        for place in places
    ]
    return Dimension(
        "country", label, FieldClass.AREA, (*wider, *codes, unknown()), frozenset({Aspect.PLACE})
    )


def identified_series() -> Series:
    return Series(
        "identified",
        _("Victims of trafficking whom an authority identified"),
        (age(), country(_("Country of the decision"))),
        CountingUnit.PERSON,
        _("Trafficking in persons as national law has it, after the Palermo Protocol (2000)"),
        _("identified by a conclusive decision of the competent authority"),
        _("once for each procedure, on the day of its first decision that identifies the person"),
        _("decisions entered in this platform by the authorities that use it"),
        _("countries whose authorities use this platform; others are not in it"),
        (),
    )


def assisted_series() -> Series:
    displaced = (
        Code("not-displaced", _("not displaced")),
        Code("internally", _("displaced inside the country")),
        Code("asylum-seeker", _("asylum seekers")),
        Code("refugee", _("refugees")),
        Code("protected", _("under other international protection")),
        Code("stateless", _("stateless")),
        Code("migrant", _("migrants")),
        Code("returnee", _("returned")),
        unknown(),
    )
    return Series(
        "assisted",
        _("Persons for whom a service began"),
        (
            age(),
            sex(),
            Dimension("displacement", _("Displacement"), FieldClass.CATEGORY, displaced),
            country(_("Country of the service")),
        ),
        CountingUnit.PERSON,
        _("Presumed and identified victims of trafficking, and others who were referred"),
        _("assisted: a service began, whether or not anybody was identified"),
        _("once in each period, however many services began"),
        _("records of the organisations that assist through this platform"),
        _("organisations that use this platform; others are not in it"),
        (),
    )


def _identified(period: Period) -> Iterator[Row]:
    yield from identification.formally_identified(period.since, period.until)


def _assisted(period: Period) -> Iterator[Row]:
    yield from referral.persons_assisted(period.since, period.until)


def _identified_completeness(period: Period) -> Sequence[Completeness]:
    found = identification.identified_months(period.since, period.until)
    return _named(period, found)


def _assisted_completeness(period: Period) -> Sequence[Completeness]:
    return _named(period, referral.assisted_months(period.since, period.until))


def _named(period: Period, found: Sequence[tuple[str, int]]) -> Sequence[Completeness]:
    """Countries that have enough records to be named; of others it is not said whether any."""
    months = 12 if period.is_year else 3
    return [
        (geography.country_name(code, language()), reported, months)
        for code, reported in found
        if code
    ]


IDENTIFIED = Source(
    "identified",
    gettext_lazy("Victims identified by an authority"),
    identified_series,
    _identified,
    _identified_completeness,
    is_once=True,
)
ASSISTED = Source(
    "assisted",
    gettext_lazy("Persons assisted"),
    assisted_series,
    _assisted,
    _assisted_completeness,
)
