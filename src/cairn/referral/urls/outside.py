"""Addresses of recipients without an account, exchange formats, and counts."""

from django.urls import path

from cairn.referral.views import counts, outside

urlpatterns = [
    path("answer/<str:token>/", outside.answer, name="answer-outside"),
    path("assistance/counts/", counts.counts, name="counts"),
    path("assistance/counts/csv/", counts.counts_file, name="counts-file"),
]
