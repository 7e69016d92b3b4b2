"""What the platform is told of shares, hand-overs, and the duty list."""

from django.utils.translation import pgettext_lazy

from cairn.referral.registry.told import Entry, Told

TOLD = Told(
    entries=(Entry("today", pgettext_lazy("duty", "Today"), "REFERRAL_VIEW", 295),),
)
