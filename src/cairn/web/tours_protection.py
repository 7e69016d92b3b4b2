"""Steps of tours around services, referrals and what goes with them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.web.tour_task import Task


def refer() -> Task:
    return Task(
        _("Refer somebody to a service"),
        _("Choose a person, see which services fit and why others do not, and send."),
        reverse("referral:persons") + "?mine=1",
    )


def sent() -> Task:
    return Task(
        _("Follow the referrals that you sent"),
        _("Each has a clock and an end; nobody's silence is the last word."),
        reverse("referral:referrals"),
    )


def answer() -> Task:
    return Task(
        _("Answer a referral"),
        _("First the need in five words; what is sealed opens when you accept."),
        reverse("referral:referrals-received"),
    )


def duplicates() -> Task:
    return Task(
        _("Decide whether two files are about one person"),
        _("The system says what agrees. It never joins anything by itself."),
        reverse("referral:duplicates"),
    )


def services() -> Task:
    return Task(
        _("Say whether a service has room"),
        _("What nobody confirms for a while is not offered any more."),
        reverse("referral:services"),
    )


def sign_protocol() -> Task:
    return Task(
        _("Sign a protocol on what is shared"),
        _("Without one in force between two organisations, nothing is sent."),
        reverse("referral:protocols"),
    )


def left_out() -> Task:
    return Task(
        _("See who is left out as a recipient"),
        _("Why is shown to those who may know; nothing is sent there by anybody."),
        reverse("referral:risks"),
    )


def experts() -> Task:
    return Task(
        _("Find somebody who knows"),
        _("The roster by field and language; a name opens with a reason."),
        reverse("referral:experts"),
    )
