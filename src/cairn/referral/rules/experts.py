"""Rules of the roster of experts: what they know, whether they can be asked. Pure."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


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
