"""Addresses of referrals and their clocks."""

from django.urls import path

from cairn.referral.views import referrals as lists
from cairn.referral.views import referrals_answering as answering
from cairn.referral.views import referrals_page as page
from cairn.referral.views import referrals_sending as sending

urlpatterns = [
    path("referrals/", lists.sent, name="referrals"),
    path("referrals/received/", lists.received, name="referrals-received"),
    path("referrals/<str:code>/", page.referral, name="referral"),
    path("referrals/<str:code>/open/", page.open_sealed, name="referral-open"),
    path("referrals/<str:code>/edit/", sending.edit, name="referral-edit"),
    path("referrals/<str:code>/send/", sending.send, name="referral-send"),
    path("referrals/<str:code>/recall/", sending.recall, name="referral-recall"),
    path("referrals/<str:code>/reply/", sending.reply, name="referral-reply"),
    path("referrals/<str:code>/again/", sending.again, name="referral-again"),
    path("referrals/<str:code>/close/", sending.close, name="referral-close"),
    path("referrals/<str:code>/seen/", answering.seen, name="referral-seen"),
    path("referrals/<str:code>/accept/", answering.accept, name="referral-accept"),
    path("referrals/<str:code>/begin/", answering.begin, name="referral-begin"),
    path("referrals/<str:code>/say/<slug:verb>/", answering.say, name="referral-say"),
    path("referrals/<str:code>/file/", answering.own_file, name="referral-file"),
    path("persons/<str:code>/refer/", sending.create, name="referral-new"),
]
