"""Definitions of figures for their pages, and where each figure is used."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.training.measures.definitions import Definition, all_definitions, definition_of

# Where figures are shown: words, and the address where it has one without a record.
PLACES: dict[str, tuple[str | Promise, str]] = {
    "results": (_("Results of the tests of an event"), "training:events"),
    "closing": (_("Closing report of an event"), "training:events"),
    "cascade": (_("Cascade"), "training:cascade"),
    "people": (_("Way of nominees from call to deployment"), "training:people"),
    "overview": (_("Figures of training"), "training:overview"),
    "outcomes": (_("Outcomes from the field"), "training:outcomes"),
    "project": (_("Page of a project"), "portfolio:projects"),
}

USED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("gain", "adjusted-gain", "score-before", "score-after", "score-later", "pass-rate"),
            *("normalised-gain", "personal-gain", "effect-size", "form-effect", "gain-gap"),
            *("rater-agreement", "retention", "item-change", "facility", "discrimination"),
            *("discriminative-efficiency", "effective-weight", "distractors", "reliability"),
            *("measurement-error", "cut-score"),
        ),
        ("results", "closing"),
    ),
    **dict.fromkeys(
        ("completion-rate", "response-rate", "reaction", "cost-passed"),
        ("closing",),
    ),
    **dict.fromkeys(
        (
            *("reach", "effective-reach", "reproduction", "activation", "activation-median"),
            *("quality-by-generation", "quality-step", "trainer-concentration"),
        ),
        ("cascade",),
    ),
    "women": ("closing", "people", "project"),
    "women-change": ("people",),
    "random-guess": ("results",),
    "application": ("closing",),
    "outcome-rate": ("outcomes", "project"),
    **dict.fromkeys(("trainer-use", "coverage", "parity", "design-effect"), ("overview",)),
    "gain": ("results", "closing", "overview"),
    "pass-rate": ("results", "closing", "overview"),
    "application-bounds": ("closing",),
    **dict.fromkeys(
        ("trainings", "people-trained", "countries-together", "team-chosen", "pilot-courses"),
        ("project",),
    ),
    "requests-raised": ("project",),
    "cost-completed": ("closing", "project"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page on which a figure is shown. `name`: of its address."""

    label: str
    name: str


def definition(code: str) -> Definition | None:
    """The definition of a figure, None for a code that has none."""
    try:
        return definition_of(code)
    except KeyError:
        return None


def definitions() -> list[Definition]:
    """Every definition, by label in the active language."""
    return sorted(all_definitions(), key=lambda each: str(each.label))


def places(code: str) -> list[Place]:
    """Where the figure is shown; nothing for one that is shown on request only."""
    return [Place(str(PLACES[key][0]), PLACES[key][1]) for key in USED.get(code, ())]
