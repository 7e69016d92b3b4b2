"""What the platform is told of recipients without an account, exchange formats, counts."""

from django.utils.translation import pgettext_lazy

from cairn.referral.registry.told import Entry, Told

TOLD = Told(
    entries=(
        Entry(
            "counts", pgettext_lazy("navigation", "Counts of assistance"), "ASSISTANCE_COUNT", 340
        ),
    ),
)
