"""Why a file is refused as a bundle, each in words and with what to do."""

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken


def not_a_bundle() -> RuleBroken:
    return RuleBroken(
        "bundle.not-a-bundle",
        _("This file is not a bundle of Cairn, or its beginning was changed."),
        _("Choose the file that ends in .cairn-bundle, and copy it again if it is that one."),
    )


def truncated() -> RuleBroken:
    return RuleBroken(
        "bundle.truncated",
        _("The end of this bundle is missing: it was not copied to its end."),
        _("Copy the file again, and wait until copying has ended before you remove the stick."),
    )


def altered() -> RuleBroken:
    return RuleBroken(
        "bundle.altered",
        _("This bundle was changed after it was made: not every byte is as it was written."),
        _(
            "Copy the file again. If it is refused again, make the bundle again, and tell whoever "
            "is responsible for the equipment."
        ),
    )


def other_recipient() -> RuleBroken:
    return RuleBroken(
        "bundle.other-recipient",
        _("This bundle was made for another machine, and cannot be opened here."),
        _("Take it to the machine that it was made for, or make one for this machine."),
    )


def unknown_signer() -> RuleBroken:
    return RuleBroken(
        "bundle.signature",
        _("This bundle is not signed by the machine that it should come from."),
        _("Compare the marks of both machines; do not use this file before they agree."),
    )


def too_large() -> RuleBroken:
    return RuleBroken(
        "bundle.too-large",
        _("This file holds a piece that is larger than any bundle of one event."),
        _("Make the bundle again on the machine that it comes from."),
    )


def uncounted() -> RuleBroken:
    return RuleBroken(
        "bundle.count",
        _("This bundle does not hold the records that its first line counts."),
        _("Make the bundle again on the machine that it comes from."),
    )
