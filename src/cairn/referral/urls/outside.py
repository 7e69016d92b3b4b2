"""Addresses of recipients without an account, exchange formats, and counts."""

from django.urls import path

from cairn.referral.views import counts, exchange, outside

urlpatterns = [
    path("answer/<str:token>/", outside.answer, name="answer-outside"),
    path("schemas/referral-1.json", exchange.schema, name="referral-schema"),
    path("referrals/<str:code>/export/", exchange.take_out, name="referral-export"),
    path("assistance/counts/", counts.counts, name="counts"),
    path("assistance/counts/csv/", counts.counts_file, name="counts-file"),
]
