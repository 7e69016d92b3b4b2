"""How a person may be reached, what else is called them, what needs and dangers are noted. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy


class ContactRule(TextChoices):
    """By which ways contact is made at all. From the freest to the strictest, see `merging`."""

    ANY = "any", pgettext_lazy("contact", "Any way that the person gave")
    NOT_ASKED = "not-asked", pgettext_lazy("contact", "Not asked yet: ask before any contact")
    THROUGH_US = "through-us", pgettext_lazy("contact", "Only through us")
    IN_PERSON = "in-person", pgettext_lazy("contact", "Only in person")
    NONE = "none", pgettext_lazy("contact", "No contact: the person comes to us")


# Said large on the page of a person: whoever reads nothing else reads this.
STRICT = frozenset({ContactRule.THROUGH_US, ContactRule.IN_PERSON, ContactRule.NONE})


class PersonSex(TextChoices):
    """The codes of `Sex`, in words for one person."""

    FEMALE = "female", pgettext_lazy("person", "Female")
    MALE = "male", pgettext_lazy("person", "Male")
    OTHER = "other", pgettext_lazy("person", "Other")


class AdultGround(TextChoices):
    """On what it rests that somebody who counted as a child is an adult."""

    PAPERS = "papers", pgettext_lazy("adult", "Papers that were checked")
    DECIDED = "decided", pgettext_lazy("adult", "A decision of a court or an authority")
    ASSESSED = "assessed", pgettext_lazy("adult", "An age assessment by several professions")
    MISTAKE = "mistake", pgettext_lazy("adult", "The age was entered by mistake")


class AliasKind(TextChoices):
    """Where another name of a person comes from."""

    CALLED = "called", pgettext_lazy("other name", "What friends and family say")
    WORK = "work", pgettext_lazy("other name", "Used at work or given by others there")
    PAPERS = "papers", pgettext_lazy("other name", "Stands in papers")
    FORMER = "former", pgettext_lazy("other name", "Used earlier")
    OTHER = "other", pgettext_lazy("other name", "Other")


class RiskLevel(TextChoices):
    """How great the danger is. From the least to the greatest."""

    LOW = "low", pgettext_lazy("danger", "Low")
    MEDIUM = "medium", pgettext_lazy("danger", "Medium")
    HIGH = "high", pgettext_lazy("danger", "High")
    EXTREME = "extreme", pgettext_lazy("danger", "Extreme")


class RiskFactor(TextChoices):
    """What makes the danger greater. Coded, so that the story is not told again.

    After the WHO ethical and safety recommendations for interviewing trafficked women (2003),
    recommendations 1 and 2: harm to the person, to the family, by reprisal, by debt, by oneself.
    """

    NEAR = "near", gettext_lazy("Those who exploited are near")
    KNOWN_PLACE = "known-place", gettext_lazy("They know where the person lives or works")
    THREATS = "threats", gettext_lazy("Threats against the person")
    FAMILY = "family", gettext_lazy("Threats against the family")
    ARMED = "armed", gettext_lazy("An armed group or officials are involved")
    DEBT = "debt", gettext_lazy("A debt is claimed")
    PAPERS = "papers", gettext_lazy("Papers or telephone are in other hands")
    REMOVAL = "removal", gettext_lazy("May be detained or removed from the country")
    REPRISAL = "reprisal", gettext_lazy("Has spoken, or may speak, as a witness")
    PARTNER = "partner", gettext_lazy("Violence at home or in the place of stay")
    SELF_HARM = "self-harm", gettext_lazy("May harm themselves")
    HEALTH = "health", gettext_lazy("Ill, injured or pregnant")
    ALONE = "alone", gettext_lazy("A child without a grown-up who cares for it")
    NO_PLACE = "no-place", gettext_lazy("No safe place to sleep")


class PanelKind(TextChoices):
    """Which of the two procedures about a child's best interests this is.

    UNHCR Best Interests Procedure Guidelines (2021): an assessment by whoever works with the child
    before each action that affects it; a determination by several professions for the gravest ones.
    """

    ASSESSMENT = "assessment", pgettext_lazy("best interests", "Assessment")
    DETERMINATION = "determination", pgettext_lazy("best interests", "Determination by a panel")
