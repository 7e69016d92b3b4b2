"""Addresses of shares, hand-overs, and the duty list."""

from django.urls import path

from cairn.referral.views import sharing, today
from cairn.referral.views import sharing_hand_over as handing

urlpatterns = [
    path("today/", today.today, name="today"),
    path("shares/", sharing.shares, name="shares"),
    path("shares/<str:code>/", sharing.share, name="share"),
    path("shares/<str:code>/open/", sharing.open_sealed, name="share-open"),
    path("shares/<str:code>/change/", sharing.amend, name="share-amend"),
    path("shares/<str:code>/say/<slug:verb>/", sharing.say, name="share-say"),
    path("hand-overs/", handing.hand_overs, name="hand-overs"),
    path("hand-overs/new/", handing.new, name="hand-over-new"),
    path("hand-overs/<str:code>/", handing.hand_over, name="hand-over"),
    path("persons/<str:code>/share/", sharing.new, name="share-new"),
]
