"""What the figures of cascade, trainers, cost and outcomes mean."""

from django.utils.translation import gettext_lazy as _

from cairn.training.measures.definitions.book import GROUPS, NEVER, STUDY, UNDER_FIVE, register

register(
    "reach",
    _("Reach"),
    _(
        "People who completed a training in one generation. Counts without names and counts that "
        "are not verified are said apart."
    ),
    _("count of people; each event is credited in parts to its trainers, so that sums are true"),
    _("Training study, section 6.5"),
    NEVER,
)
register(
    "effective-reach",
    _("Effective reach"),
    _("People reached, each generation weighed with its measured pass rate."),
    _("sum over generations of people · pass rate; bounds from each rate's interval"),
    STUDY,
    _("Generations with fewer than five tests count as none and are said."),
)
register(
    "reproduction",
    _("Reproduction number"),
    _("People whom each qualified trainer of a generation trained within 12 months, on average."),
    _("people trained / qualified trainers of the generation; t interval over trainers"),
    _("Branching processes. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "activation",
    _("Activation"),
    _(
        "Share of the graduates of a training of trainers who delivered a first session by a day. "
        "Who left for other duties counts until that day and is said."
    ),
    _("1 − S(t), product over days of (1 − deliveries / still waiting); log-log interval"),
    _("Kaplan and Meier 1958. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "activation-median",
    _("Median days to a first session"),
    _("The day by which half of the graduates had delivered a first session."),
    _("first day with S(t) ≤ 0.5"),
    _("Kaplan and Meier 1958. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "quality-by-generation",
    _("Quality by generation"),
    _("The pass rate in the test at the end of each generation: measured, not assumed."),
    _("passed / tested; Wilson's interval"),
    STUDY,
    UNDER_FIVE,
)
register(
    "quality-step",
    _("Change of quality from one generation to the next"),
    _("The pass rate of one generation less that of the generation before."),
    _("difference of two shares; Newcombe's interval"),
    _("Newcombe 1998. Training study, section 7"),
    GROUPS,
)
register(
    "trainer-concentration",
    _("Dependence on few trainers"),
    _("How unevenly deliveries of 12 months are spread: 0 for all alike, near 1 for one alone."),
    _("Gini: sum over pairs |x − y| / (2 · n² · mean)"),
    STUDY,
    UNDER_FIVE,
)
register(
    "trainer-use",
    _("Use of trainers"),
    _("Days on which trainers delivered among the days on which they were available."),
    _("days delivered / days available"),
    STUDY,
    NEVER,
)
register(
    "cost-completed",
    _("Cost for each person who completed"),
    _("Direct cost of the training for each person who completed it. What is included is said."),
    _("direct cost / completed"),
    STUDY,
    NEVER,
)
register(
    "cost-passed",
    _("Cost for each person who passed"),
    _("Direct cost of the training for each person who passed. What is included is said."),
    _("direct cost / passed"),
    STUDY,
    NEVER,
)
register(
    "cost-effective-reach",
    _("Cost for each person effectively reached"),
    _("Cost of the first training and of the cascade for each person effectively reached."),
    _("(root cost + cascade cost) / effective reach"),
    STUDY,
    NEVER,
)
register(
    "return",
    _("Return"),
    _("Benefit in money less cost, for each dollar of cost. Shown on request, with assumptions."),
    _("(benefit − cost) / cost"),
    _("UN peace operations guidelines 2019/14, evaluation level 5. Training study, section 7"),
    NEVER,
)
register(
    "outcome-rate",
    _("Outcomes for every 100 trained"),
    _(
        "Potential cases or actions that trained officers reported from the field, for every 100 "
        "officers trained. Training contributed; it is not shown to be the cause."
    ),
    _("100 · reports / trained; exact Poisson interval"),
    _("Garwood 1936. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "outcome-rate-months",
    _("Outcomes for every 100 months in post"),
    _("The same, for every 100 months that trained officers were in post."),
    _("100 · reports / months in post; exact Poisson interval"),
    _("Garwood 1936. Training study, section 7"),
    UNDER_FIVE,
)
