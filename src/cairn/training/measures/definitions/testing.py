"""What the figures of tests mean: gain, items, reliability, raters."""

from django.utils.translation import gettext_lazy as _

from cairn.training.measures.definitions.book import GROUPS, NEVER, STUDY, UNDER_FIVE, register

register(
    "gain",
    _("Learning gain"),
    _(
        "How many percentage points people scored more at the end than before, on average. Only "
        "people who sat both tests count."
    ),
    _("mean(d) ± t(n−1; 0.975) · s / √n, with d = (after − before) / highest mark · 100"),
    _("Paired t interval. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "gain-marks",
    _("Learning gain in marks"),
    _("The same as the learning gain, in marks of the test."),
    _("mean(d) ± t(n−1; 0.975) · s / √n, with d = after − before"),
    _("Paired t interval. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "normalised-gain",
    _("Normalised gain"),
    _(
        "The part of what could still be gained after the first test that the group gained. It "
        "lets groups that started at different levels be compared."
    ),
    _("(mean after − mean before) / (highest mark − mean before); Fieller's interval"),
    _("Hake 1998; Navarrete and others 2024. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "personal-gain",
    _("Mean of personal normalised gains"),
    _(
        "The normalised gain of each person, averaged. Errors of measurement bias it, so the form "
        "for the group comes first."
    ),
    _("mean of (after − before) / (highest mark − before)"),
    _("Navarrete and others 2024. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "effect-size",
    _("Effect size"),
    _("The gain measured in standard deviations of the gains, corrected for small groups."),
    _("mean(d) / s(d) · (1 − 3 / (4(n−1) − 1)); interval from the noncentral t distribution"),
    _("Hedges' correction. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "form-effect",
    _("Difference between the forms"),
    _(
        "Half of the group takes form A first and half form B. What they score apart before the "
        "training is what one form is easier than the other, as far as chance allows to tell."
    ),
    _("mean of form A − mean of form B before the training; Welch's interval"),
    _("Crossed forms. Training study, section 7"),
    GROUPS,
)
register(
    "adjusted-gain",
    _("Learning gain, forms taken out"),
    _(
        "The mean of the gains of both orders of the forms. What one form is easier than the other "
        "adds in one order and takes away in the other, so it drops out."
    ),
    _("(mean gain of A then B + mean gain of B then A) / 2; Welch's interval"),
    _("Two-period crossover design. Training study, section 7"),
    GROUPS,
)
register(
    "score-before",
    _("Score before"),
    _("The mean share of marks that people reached before the training."),
    _("mean(mark / highest mark) ± t(n−1; 0.975) · s / √n"),
    STUDY,
    UNDER_FIVE,
)
register(
    "score-after",
    _("Score at the end"),
    _("The mean share of marks that people reached at the end of the training."),
    _("mean(mark / highest mark) ± t(n−1; 0.975) · s / √n"),
    STUDY,
    UNDER_FIVE,
)
register(
    "score-later",
    _("Score some months later"),
    _("The mean share of marks that people reached in the test some months later."),
    _("mean(mark / highest mark) ± t(n−1; 0.975) · s / √n"),
    STUDY,
    UNDER_FIVE,
)
register(
    "item-change",
    _("Change of one question"),
    _(
        "How often chance alone would turn right and wrong answers as unevenly as they turned "
        "between both tests. Small means that the change is hardly chance."
    ),
    _("exact binomial test of improved against worsened"),
    _("McNemar 1947. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "facility",
    _("Facility"),
    _(
        "The mean mark as a share of the highest mark of a question. At the end of a training, "
        "under 20% is too hard and over 90% too easy."
    ),
    _("mean mark / highest mark"),
    _("Moodle, quiz statistics calculations. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "discrimination",
    _("Discrimination"),
    _(
        "Whether people who do well in the rest of the test do well in this question too. Under "
        "0.20 it hardly tells people apart; below zero the question has to be looked at."
    ),
    _(
        "correlation of the question's mark with the mark of the rest of the test; Fisher's "
        "interval"
    ),
    _("Moodle, quiz statistics calculations; Ebel's thresholds. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "discriminative-efficiency",
    _("Discriminative efficiency"),
    _("Discrimination as a part of the most that the same marks would allow, however easy."),
    _("covariance with the rest / covariance of both after sorting each"),
    _("Moodle, quiz statistics calculations"),
    UNDER_FIVE,
)
register(
    "effective-weight",
    _("Effective weight"),
    _("How much of the differences between totals a question makes up."),
    _("√covariance(question, total) / sum of these roots over all questions"),
    _("Moodle, quiz statistics calculations"),
    UNDER_FIVE,
)
register(
    "distractors",
    _("Wrong options"),
    _(
        "Who chose which option, in the upper and in the lower 27% of the group by total. A wrong "
        "option that under 5% choose, or that the upper group prefers, calls for a look."
    ),
    _("share choosing the option among all, the upper 27% and the lower 27%"),
    _("Kelley 1939. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "random-guess",
    _("Score by guessing"),
    _("The share of marks that somebody who guesses gets on average."),
    _("1 / options for a single choice and for matching; one half for true or false"),
    _("Moodle, quiz statistics calculations"),
    NEVER,
)
register(
    "reliability",
    _("Reliability"),
    _(
        "How far the questions measure the same. For questions that are right or wrong it is the "
        "same as KR-20."
    ),
    _("p / (p−1) · (1 − sum of question variances / variance of totals); Feldt's interval"),
    _("Kuder and Richardson 1937; Cronbach 1951. Training study, section 7"),
    UNDER_FIVE,
)
register(
    "measurement-error",
    _("Standard error of measurement"),
    _("How many marks up or down a person's total is uncertain. It stands beside the cut score."),
    _("s · √(1 − reliability)"),
    STUDY,
    UNDER_FIVE,
)
register(
    "cut-score",
    _("Cut score"),
    _(
        "The marks that judges expect of somebody who just passes. What stands behind it is the "
        "lowest and the highest judge."
    ),
    _("mean over judges of the sum of their estimates, rounded to whole marks"),
    _("Modified Angoff method. Training study, section 7"),
    NEVER,
)
register(
    "rater-agreement",
    _("Agreement of raters"),
    _("How far two raters of the same tasks agree beyond chance; near misses count less."),
    _("Cohen's kappa with quadratic weights"),
    _("Cohen 1968. Training study, section 7"),
    _("Not hidden: it is about tasks. Exploratory under thirty tasks."),
)
