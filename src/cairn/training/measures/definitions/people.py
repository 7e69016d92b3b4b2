"""What the figures about shares of people, answers and follow-up mean."""

from django.utils.translation import gettext_lazy as _

from cairn.training.measures.definitions.book import GROUPS, NEVER, STUDY, UNDER_FIVE, register

register(
    "women",
    _("Share of women"),
    _("Women among the people whose sex is recorded as woman or man."),
    _("women / (women + men); Wilson's interval"),
    _("Wilson 1927. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "women-change",
    _("Change of the share of women"),
    _("The share of women at one step less that at the step before."),
    _("difference of two shares; Newcombe's interval"),
    _("Newcombe 1998. Training study, section 7"),
    GROUPS,
)
register(
    "gain-gap",
    _("Gap in gain between women and men"),
    _("The mean learning gain of women less that of men."),
    _("mean gain of women − mean gain of men; Welch's interval"),
    STUDY,
    GROUPS,
)
register(
    "parity",
    _("Parity index"),
    _(
        "The share of women among those trained against their share in the unit. One means as in "
        "the unit, two twice as often."
    ),
    _("share among those trained / share in the unit's strength; Wilson's interval, divided"),
    STUDY,
    UNDER_FIVE,
)
register(
    "completion-rate",
    _("Completed"),
    _("People who completed the training among those who started it."),
    _("completed / started; Wilson's interval"),
    STUDY,
    UNDER_FIVE,
)
register(
    "pass-rate",
    _("Passed"),
    _("People at or above the cut score among those who sat the test at the end."),
    _("passed / tested; Wilson's interval"),
    STUDY,
    UNDER_FIVE,
)
register(
    "share",
    _("Share"),
    _("A part of a whole, both counts of people."),
    _("part / whole; Wilson's interval"),
    _("Wilson 1927. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "difference",
    _("Difference of two shares"),
    _("One share less another, in percentage points."),
    _("difference of two shares; Newcombe's interval"),
    _("Newcombe 1998. Training study, section 7"),
    GROUPS,
)
register(
    "coverage",
    _("Coverage"),
    _("People trained and still current among the strength of the units to be reached."),
    _("trained and current / strength on its day; Wilson's interval"),
    STUDY,
    _("Hidden when the unit has fewer than five people."),
)
register(
    "response-rate",
    _("Response"),
    _("People who answered among those who could: invited, eligible and reached."),
    _("answered / (invited − ineligible − undeliverable); Wilson's interval"),
    _("American Association for Public Opinion Research. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "reaction",
    _("Favourable reaction"),
    _("People who chose one of the two best answers among those who answered the question."),
    _("favourable answers / answers; Wilson's interval"),
    STUDY,
    UNDER_FIVE,
)
register(
    "application",
    _("Applied in practice"),
    _("People who say, or whose supervisors say, that they apply what they learnt."),
    _("applied / answered; Wilson's interval"),
    STUDY,
    UNDER_FIVE,
)
register(
    "application-bounds",
    _("Applied in practice: worst and best case"),
    _("How low and how high it would be among all invited, if every silent person differed."),
    _("applied / invited to (applied + silent) / invited"),
    _("Manski's bounds. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "retention",
    _("Half-life of knowledge"),
    _("Days after which half of the score would be gone, if it went on falling at this pace."),
    _("ln 2 · days / ln(score at the end / score later)"),
    _("Exponential forgetting. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "design-effect",
    _("Design effect"),
    _("By how much answers of people who sat in one class tell less than those of strangers."),
    _("1 + (people in a class − 1) · correlation within classes"),
    _("Survey sampling. Training study, section 7"),
    NEVER,
)
