"""The choices that reports, devices and units share: profiles, settings, channels, states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy


class WorkerProfile(TextChoices):
    """What kind of officer reports: it decides which cards and signs a phone shows."""

    POLICE = "police", gettext_lazy("Police")
    PEACEKEEPER = "peacekeeper", gettext_lazy("Peacekeeper or United Nations police")
    BORDER = "border", gettext_lazy("Border guard")
    HEALTH = "health", gettext_lazy("Health worker")
    CAMP = "camp", gettext_lazy("Camp manager or registrar")
    LABOUR = "labour", gettext_lazy("Labour inspector")
    SOCIAL = "social", gettext_lazy("Social worker")
    OTHER = "other", pgettext_lazy("profile of a worker", "Other")


class Setting(TextChoices):
    """Where somebody was met: it decides which signs are asked about."""

    CHECKPOINT = "checkpoint", gettext_lazy("Checkpoint")
    BORDER_POST = "border-post", gettext_lazy("Border post")
    MINE = "mine", gettext_lazy("Mine or quarry")
    WORKPLACE = "workplace", gettext_lazy("Workplace")
    BAR = "bar", gettext_lazy("Bar, hotel or brothel")
    CAMP = "camp", gettext_lazy("Camp or reception centre")
    DETENTION = "detention", gettext_lazy("Place of detention")
    CLINIC = "clinic", gettext_lazy("Clinic or hospital")
    ARMED_GROUP = "armed-group", gettext_lazy("With an armed group")
    ORGAN = "organ", gettext_lazy("Removal of organs")
    HOUSEHOLD = "household", gettext_lazy("Private household")
    ROUTE = "route", gettext_lazy("Route or transport")
    OTHER = "other", pgettext_lazy("place where somebody was met", "Other")


class Channel(TextChoices):
    """By which way a report came in. A courier's items count as those of the device."""

    DEVICE = "device", gettext_lazy("Phone")
    PAPER = "paper", gettext_lazy("Paper form")
    WEB = "web", gettext_lazy("Web form")
    PARTNER = "partner", gettext_lazy("File of a partner")


class ReportState(TextChoices):
    """Where a report stands at the unit; what was before (draft, sealed) only the phone knows."""

    RECEIVED = "received", gettext_lazy("Received, not opened")
    OPENED = "opened", gettext_lazy("Opened")
    LINKED = "linked", gettext_lazy("Linked to a procedure")
    NO_CONCERN = "no-concern", gettext_lazy("Closed: no concern")
    INSUFFICIENT = "insufficient", gettext_lazy("Closed: not enough known")
    DUPLICATE = "duplicate", gettext_lazy("Closed: reported already")


class HeldReason(TextChoices):
    """Why an envelope was kept apart instead of becoming a report."""

    OVERSIZE = "oversize", gettext_lazy("Too large")
    UNREADABLE = "unreadable", gettext_lazy("Cannot be read as an envelope")
    TRUNCATED = "truncated", gettext_lazy("Cut off on its way")
    WRONG_VERSION = "wrong-version", gettext_lazy("Version of the envelope is not known")
    REPLAYED = "replayed", gettext_lazy("Came before with another content")
    FOREIGN_KEY = "foreign-key", gettext_lazy("Sealed for a key that is not known here")
    BAD_SIGNATURE = "bad-signature", gettext_lazy("Signature does not fit")
    UNKNOWN_DEVICE = "unknown-device", gettext_lazy("Phone is not known here")
    REVOKED = "revoked", gettext_lazy("Phone was revoked")
    EXPIRED = "expired", gettext_lazy("Enrolment of the phone had run out")
    UNKNOWN_LIST = "unknown-list", gettext_lazy("List of indicators is not known")
    FUTURE_DATE = "future-date", gettext_lazy("Made on a day to come")


class RevokeReason(TextChoices):
    """Why a phone may not report any more."""

    LOST = "lost", gettext_lazy("Lost")
    TAKEN = "taken", gettext_lazy("Taken by somebody")
    LEFT_SERVICE = "left-service", gettext_lazy("The officer left the service")
    MISUSE = "misuse", gettext_lazy("Misuse")
    OTHER = "other", pgettext_lazy("reason of a revocation", "Other")


class Need(TextChoices):
    """What somebody needs now; the same codes as the directory of services has."""

    SAFE_PLACE = "safe-place", gettext_lazy("A safe place")
    HEALTH = "health", gettext_lazy("Health care")
    COUNSELLING = "counselling", gettext_lazy("Counselling")
    LEGAL = "legal", gettext_lazy("Legal advice")
    CHILD = "child", gettext_lazy("Protection of a child")
    ASYLUM = "asylum", gettext_lazy("Asylum or refugee status")
    BASIC_NEEDS = "basic-needs", gettext_lazy("Food, clothes, money")
    FAMILY = "family", gettext_lazy("Finding or telling the family")
    WORK_RIGHTS = "work-rights", gettext_lazy("Wages and rights at work")
    RETURN = "return", pgettext_lazy("need", "Return")
    INTERPRETER = "interpreter", gettext_lazy("An interpreter")
    HOTLINE = "hotline", gettext_lazy("Somebody to call")


class StepTaken(TextChoices):
    """What the officer did at once."""

    AWAY = "away", gettext_lazy("Moved to a safer place")
    CALLED = "called", gettext_lazy("Called for help")
    MEDICAL = "medical", gettext_lazy("First aid or a doctor")
    TOLD_LEAD = "told-lead", gettext_lazy("Told the commander")
    STOPPED = "stopped", gettext_lazy("Stopped asking questions")
    GUARDIAN = "guardian", gettext_lazy("Called the guardian")
    CHILD_FOCAL = "child-focal", gettext_lazy("Called the focal point for children")
    INTRODUCED = "introduced", gettext_lazy("Said who I am and what I can do")


class JudgementReason(TextChoices):
    """Why the officer sees less concern than the guidance."""

    EXPLAINED = "explained", gettext_lazy("It was explained in a way that convinces")
    MISTAKEN = "mistaken", gettext_lazy("A sign was marked by mistake")
    OTHER_SOURCE = "other-source", gettext_lazy("Something else is known")
    OTHER = "other", pgettext_lazy("reason of a judgement", "Other")
