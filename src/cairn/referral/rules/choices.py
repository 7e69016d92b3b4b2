"""The choices that the parts of assistance share: what is shared, for what, on what ground."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.referral.rules.access_points import Need, Sex

__all__ = [
    "DataCategory",
    "Displacement",
    "Interpreter",
    "LegalBasis",
    "Need",
    "Purpose",
    "Sex",
    "Urgency",
]


class DataCategory(TextChoices):
    """What may be told of a person; each agreement and each consent names those that it covers."""

    NEED = "need", gettext_lazy("What help is needed")
    CONTACT = "contact", gettext_lazy("How to make contact safely")
    IDENTITY = "identity", gettext_lazy("Name and papers")
    FAMILY = "family", gettext_lazy("Age and family")
    HEALTH = "health", gettext_lazy("Health")
    SAFETY = "safety", gettext_lazy("Dangers")
    LEGAL = "legal", gettext_lazy("Legal situation")
    ACCOUNT = "account", gettext_lazy("What happened to the person")
    ASSISTANCE = "assistance", gettext_lazy("Help given so far")


class Purpose(TextChoices):
    """For what something about a person is told to somebody else."""

    ASSISTANCE = "assistance", gettext_lazy("To give help")
    HEALTH = "health", gettext_lazy("To treat")
    LEGAL_AID = "legal-aid", gettext_lazy("To advise and represent")
    CHILD_CARE = "child-care", gettext_lazy("To care for a child")
    FAMILY_TRACING = "family-tracing", gettext_lazy("To find the family")
    IDENTIFICATION = "identification", gettext_lazy("To have a victim identified")
    RETURN = "return", gettext_lazy("To prepare return and reintegration")
    SAFETY = "safety", gettext_lazy("To keep somebody safe")
    TRANSFER = "transfer", gettext_lazy("To take over the help and the file")

    @classmethod
    def of_words(cls) -> list[tuple[str, Promise]]:
        """Choices for what is told beside the file, which is taken over by a hand-over alone."""
        return [(each.value, each.label) for each in cls if each is not cls.TRANSFER]


class LegalBasis(TextChoices):
    """What makes the handling lawful. Distinct from consent to a service, and always named.

    Source: Regulation (EU) 2016/679 (27 April 2016), Art. 6(1); ICRC Handbook on Data Protection
    in Humanitarian Action (third edition, 2024), chapter on legal bases.
    """

    CONSENT = "consent", gettext_lazy("Consent of the person")
    VITAL_INTEREST = "vital-interest", gettext_lazy("Danger to life or health")
    LEGAL_DUTY = "legal-duty", gettext_lazy("Duty under the law")
    PUBLIC_INTEREST = "public-interest", gettext_lazy("Task in the public interest")
    CONTRACT = "contract", gettext_lazy("An agreement with the person")
    LEGITIMATE_INTEREST = "legitimate-interest", gettext_lazy("Legitimate interest")


class Interpreter(TextChoices):
    """Whether somebody interpreted, and was checked so as to endanger nobody."""

    NONE = "none", pgettext_lazy("interpreter", "None was needed")
    CHECKED = "checked", pgettext_lazy("interpreter", "Yes, checked for ties and trust")
    UNCHECKED = "unchecked", pgettext_lazy("interpreter", "Yes, not checked")


class Urgency(TextChoices):
    EMERGENCY = "emergency", pgettext_lazy("urgency", "Emergency")
    URGENT = "urgent", pgettext_lazy("urgency", "Urgent")
    ROUTINE = "routine", pgettext_lazy("urgency", "Not urgent")


class Displacement(TextChoices):
    """Whether and how somebody was driven from home; the words follow HTCDS 2.0, guidance 7."""

    NOT_DISPLACED = "not-displaced", gettext_lazy("Not displaced")
    INTERNALLY = "internally", gettext_lazy("Displaced inside the country")
    ASYLUM_SEEKER = "asylum-seeker", gettext_lazy("Asylum seeker")
    REFUGEE = "refugee", gettext_lazy("Refugee")
    PROTECTED = "protected", gettext_lazy("Other international protection")
    STATELESS = "stateless", gettext_lazy("Stateless")
    MIGRANT = "migrant", gettext_lazy("Migrant")
    RETURNEE = "returnee", gettext_lazy("Returned")
    SEPARATED_CHILD = "separated-child", gettext_lazy("Child alone or separated")
    FORMER_COMBATANT = "former-combatant", gettext_lazy("Formerly with an armed group")
    UNKNOWN = "unknown", pgettext_lazy("displacement", "Not known")
