"""Rules of the roster of experts: what they know, whether they can be asked. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken

# A judgement: whoever agreed to be asked is asked whether that still holds.
KEEP_FOR = timedelta(days=365)
KEEP_AT_MOST = timedelta(days=3 * 365)


class ExpertField(TextChoices):
    """What an expert is asked about."""

    CHILD = "child", pgettext_lazy("expertise", "Children and guardianship")
    CULTURE = "culture", pgettext_lazy("expertise", "Culture and community")
    DOCUMENTS = "documents", pgettext_lazy("expertise", "Papers and identity")
    FAMILY_TRACING = "family-tracing", pgettext_lazy("expertise", "Finding families")
    HEALTH = "health", pgettext_lazy("expertise", "Health")
    INTERPRETING = "interpreting", pgettext_lazy("expertise", "Interpreting")
    LABOUR = "labour", pgettext_lazy("expertise", "Work and wages")
    LAW = "law", pgettext_lazy("expertise", "Law")
    MENTAL_HEALTH = "mental-health", pgettext_lazy("expertise", "Mental health")
    ORGAN_REMOVAL = "organ-removal", pgettext_lazy("expertise", "Removal of organs")
    RETURN = "return", pgettext_lazy("expertise", "Return and reintegration")
    SEXUAL_VIOLENCE = "sexual-violence", pgettext_lazy("expertise", "Sexual violence in conflict")


class Availability(TextChoices):
    AVAILABLE = "available", pgettext_lazy("expert", "Can be asked")
    BUSY = "busy", pgettext_lazy("expert", "Answers late")
    AWAY = "away", pgettext_lazy("expert", "Cannot be asked now")


def check_expert(
    title: str, fields: Collection[str], name: str, keep_until: date, today: date
) -> None:
    """Raise RuleBroken("expert.title", "expert.fields", "expert.keep") for what helps nobody.

    `name`: it must not stand in the title, which everybody with the roster reads.
    """
    if not title.strip():
        raise RuleBroken("expert.title", _("Say what kind of expert it is, without a name."))
    words = {word for word in name.casefold().split() if len(word) > 1}
    if words & set(title.casefold().split()):
        raise RuleBroken(
            "expert.title",
            _("The title holds a part of the name, and everybody with the roster reads it."),
            _("Write the profession only; the name is sealed."),
        )
    if not fields or set(fields) - set(ExpertField.values):
        raise RuleBroken("expert.fields", _("Say what the expert is asked about."))
    if not today < keep_until <= today + KEEP_AT_MOST:
        raise RuleBroken(
            "expert.keep",
            _("An entry is kept until a day within the next three years."),
            _("Ask the expert again when the day comes."),
        )


def check_in_use(erased_on: date | None) -> None:
    """Raise RuleBroken("expert.erased") for an entry that was erased."""
    if erased_on is not None:
        raise RuleBroken("expert.erased", _("This entry was erased."))
