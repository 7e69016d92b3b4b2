"""Addresses of shares, hand-overs, and the duty list."""

from django.urls import path

from cairn.referral.views import sharing, sharing_moved, sharing_transfer, today
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
    path("hand-overs/other/", sharing_transfer.other, name="hand-over-other"),
    path("hand-overs/<str:code>/", handing.hand_over, name="hand-over"),
    path("hand-overs/<str:code>/answer/", sharing_transfer.answer, name="hand-over-answer"),
    path("hand-overs/<str:code>/decline/", sharing_transfer.refuse, name="hand-over-decline"),
    path("hand-overs/<str:code>/back/", sharing_transfer.take_back, name="hand-over-back"),
    path("hand-overs/<str:code>/progress/", sharing_transfer.progress, name="hand-over-progress"),
    path("moved/", sharing_moved.all_moved, name="all-moved"),
    path("moved/<str:code>/", sharing_moved.moved, name="moved"),
    path("persons/<str:code>/late-notes/", sharing_moved.late_notes, name="late-notes"),
    path("persons/<str:code>/share/", sharing.new, name="share-new"),
]
