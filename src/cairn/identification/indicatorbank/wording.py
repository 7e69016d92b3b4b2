"""Sentences of the guidance and of the printed rule: bands, reasons, kinds, patterns."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.identification.indicatorbank.delphi import Dimension, Pattern, Weight
from cairn.identification.indicatorbank.guidance import Kind, Reason

# Band -> (its name, what to do).
BANDS: dict[str, tuple[Promise, Promise]] = {
    "none": (
        _("No concern now"),
        _("What was seen gives no reason to refer. Help that is needed is offered all the same."),
    ),
    "unclear": (
        _("Unclear"),
        _("Offer information and say where to find help later. The person decides."),
    ),
    "concern": (
        _("Concern"),
        _("Offer a referral to a service. This is no finding: others look at it with the person."),
    ),
}
REASONS: dict[Reason, Promise] = {
    Reason.DANGER: _("Somebody is in danger now. Safety comes before everything else."),
    Reason.MEANS_WITH_EXPLOITATION: _("Signs of control and signs of exploitation were seen."),
    Reason.MEANS_WITH_ACT: _("Signs of control were seen in somebody who is moved or kept."),
    Reason.CHILD_EXPLOITED: _("For a child, exploitation is enough: no force is needed."),
    Reason.CHILD_SEVERAL: _("Several different signs were seen, and this may be a child."),
    Reason.NO_MEANS_SEEN: _(
        "Signs of exploitation were seen, but none of control. It may be a matter of rights at "
        "work."
    ),
    Reason.ONE_PART: _("Only one part of the picture was seen. That alone says little."),
    Reason.NOT_IN_LIST: _("A sign was noted that is not in this list."),
    Reason.NOT_CHECKED: _(
        "Some signs could not be checked. That does not mean that they are absent."
    ),
    Reason.NOTHING_ANSWERED: _("No sign was answered. That says nothing, in either direction."),
    Reason.NOTHING_SEEN: _("None of the signs that were looked at was seen."),
    Reason.CONTEXT_ONLY: _("Flight and hardship alone are no sign of exploitation."),
    Reason.CONTEXT_BESIDE: _("Flight and hardship explain much. They were not counted."),
}
KINDS: dict[Kind, Promise] = {
    Kind.ACT: _("Being moved, recruited or kept"),
    Kind.MEANS: _("Control, force or deception"),
    Kind.EXPLOITATION: pgettext_lazy("kind of sign", "Exploitation"),
    Kind.DANGER: _("Danger now"),
    Kind.CHILD: _("A child without those who care for it"),
    Kind.CONTEXT: _("Circumstances"),
}
DIMENSIONS: dict[Dimension, Promise] = {
    Dimension.DECEPTIVE_RECRUITMENT: _("Deceptive recruitment"),
    Dimension.COERCIVE_RECRUITMENT: _("Coercive recruitment"),
    Dimension.VULNERABILITY_RECRUITMENT: _("Recruitment by abuse of vulnerability"),
    Dimension.EXPLOITATION: pgettext_lazy("dimension", "Exploitation"),
    Dimension.COERCION_DESTINATION: _("Coercion at destination"),
    Dimension.VULNERABILITY_DESTINATION: _("Abuse of vulnerability at destination"),
}
WEIGHTS: dict[Weight, Promise] = {
    Weight.STRONG: pgettext_lazy("weight of a sign", "strong"),
    Weight.MEDIUM: pgettext_lazy("weight of a sign", "medium"),
    Weight.WEAK: pgettext_lazy("weight of a sign", "weak"),
}
PATTERNS: dict[Pattern, Promise] = {
    Pattern.COERCED_LABOUR: _(
        "An act, exploitation and coercion at destination: what the source describes as "
        "trafficking for forced labour. An authority decides."
    ),
    Pattern.DECEIVED_AND_EXPLOITED: _(
        "Deception and exploitation without coercion: what the source describes as deceived and "
        "exploited. An authority decides."
    ),
    Pattern.MEANS_AND_EXPLOITATION: _(
        "An act, a means and exploitation, without coercion at destination. An authority decides."
    ),
    Pattern.ACT_NOT_KNOWN: _(
        "Exploitation and a means. How the person came there is usually asked next."
    ),
    Pattern.EXPLOITATION_ONLY: _(
        "Exploitation alone: a matter of rights at work. How the person is held there is usually "
        "asked next."
    ),
    Pattern.CHILD_MOVED_AND_EXPLOITED: _(
        "A child: an act and exploitation are enough, no means is needed. An authority decides."
    ),
    Pattern.CHILD_EXPLOITED: _(
        "A child in exploitation. How the child came there is for those who care for children to "
        "find out."
    ),
    Pattern.INCOMPLETE: _(
        "The printed rule is not met by what was seen. That proves nothing: much may be unseen."
    ),
}
NOTE = _(
    "Signs are an aid. None of them proves anything, and their absence proves nothing either. "
    "The rule of the ILO is for labour; for sexual exploitation no weights are known here, so "
    "that nothing is weighed."
)
