"""Which elements stand where in IATI 2.03, and which attributes they need.

Source: iati-activities-schema.xsd and iati-organisations-schema.xsd, version 2.03 (IATI Standard,
CC BY 4.0): xsd:sequence of iati-activity and iati-organisation, minOccurs, maxOccurs, use.
"""

from dataclasses import dataclass

from cairn.portfolio.iati.codes import COMPLETE


@dataclass(frozen=True, slots=True)
class Structure:
    """`order`: element -> its place; `required`: at least once; `single`: at most once."""

    order: dict[str, int]
    required: tuple[str, ...]
    single: tuple[str, ...]


def _places(names: str) -> dict[str, int]:
    return {name: place for place, name in enumerate(names.split())}


ACTIVITY = Structure(
    order=_places(
        """iati-identifier reporting-org title description participating-org other-identifier
        activity-status activity-date contact-info activity-scope recipient-country
        recipient-region location sector tag country-budget-items humanitarian-scope policy-marker
        collaboration-type default-flow-type default-finance-type default-aid-type
        default-tied-status budget planned-disbursement capital-spend transaction document-link
        related-activity legacy-data conditions result crs-add fss"""
    ),
    required=(
        "iati-identifier", "reporting-org", "title", "description", "participating-org",
        "activity-status", "activity-date",
    ),
    single=(
        "iati-identifier", "reporting-org", "title", "activity-status", "activity-scope",
        "collaboration-type", "default-flow-type", "default-finance-type", "default-tied-status",
        "capital-spend", "conditions",
    ),
)  # fmt: skip
ORGANISATION = Structure(
    order=_places(
        """organisation-identifier name reporting-org total-budget recipient-org-budget
        recipient-region-budget recipient-country-budget total-expenditure document-link"""
    ),
    required=("organisation-identifier", "name", "reporting-org"),
    single=("organisation-identifier", "name", "reporting-org"),
)
_NEEDED: dict[str, tuple[str, ...]] = {
    "reporting-org": ("ref", "type"),
    "participating-org": ("role",),
    "activity-status": ("code",),
    "activity-date": ("type", "iso-date"),
    "activity-scope": ("code",),
    "contact-info": ("type",),
    "recipient-country": ("code",),
    "recipient-region": ("code",),
    "tag": ("vocabulary", "code"),
    "policy-marker": ("code", "significance"),
    "budget": ("type", "status"),
    "period-start": ("iso-date",),
    "period-end": ("iso-date",),
    "transaction-type": ("code",),
    "transaction-date": ("iso-date",),
    "related-activity": ("ref", "type"),
    "result": ("type",),
    "indicator": ("measure",),
    "document-link": ("url", "format"),
}
# Attributes whose codes are looked at, but which may be left out.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "budget": ("type", "status"),
    "contact-info": ("type",),
    "policy-marker": ("significance",),
}
# Element -> (attribute, the codes of its complete list or None).
ATTRIBUTES: dict[str, tuple[tuple[str, frozenset[str] | None], ...]] = {
    element: tuple((name, COMPLETE.get((element, name))) for name in names)
    for element, names in _NEEDED.items()
}
