"""Addresses of recipients without an account, exchange formats, and counts."""

from django.urls import path

from cairn.referral.views import outside

urlpatterns = [
    path("answer/<str:token>/", outside.answer, name="answer-outside"),
]
