"""Steps of tours around reports, phones and decisions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.web.tour_task import Task


def equip_phone() -> Task:
    return Task(
        _("Equip an officer with a phone"),
        _("A code that is used once, or its picture to scan; the name behind it stays sealed."),
        reverse("field:devices"),
    )


def try_phone() -> Task:
    return Task(
        _("Open the app as an officer sees it"),
        _("It asks for the code of a phone; practising needs none, and reaches nobody."),
        reverse("field:app"),
    )


def held() -> Task:
    return Task(
        _("Settle what could not be taken"),
        _("Each envelope with its reason; what can be released becomes a report."),
        reverse("identification:held"),
    )


def read_report() -> Task:
    return Task(
        _("Read a report that came in sealed"),
        _("It opens with your reading passphrase, which in the demo is the pass phrase."),
        reverse("identification:reports"),
    )


def signs() -> Task:
    return Task(
        _("See which signs officers look for"),
        _("By kind of place, each with its source and with what is usually asked next."),
        reverse("identification:indicators"),
    )


def duty_check() -> Task:
    return Task(
        _("Ask whether removal is barred"),
        _("One question by a token that the person carries, one sentence as the answer."),
        reverse("identification:duty"),
    )


def access_points() -> Task:
    return Task(
        _("See where somebody can be sent"),
        _("Access points only, with the day on which somebody said that they are right."),
        reverse("referral:access-points"),
    )


def print_paper() -> Task:
    return Task(
        _("Print paper forms, and enter one"),
        _("In the order of the app, each with a serial; sealed when entered, then shredded."),
        reverse("field:paper"),
    )


def send_report() -> Task:
    return Task(
        _("Send a report in a form, or many as a file"),
        _("Sealed at once: after that you see its reference and its state, and no word of it."),
        reverse("field:submit"),
    )
