"""Addresses of recipients without an account, exchange formats, and counts."""

from django.urls import path

from cairn.referral.views import counts, exchange, exchange_brought, exchange_files, outside

urlpatterns = [
    path("answer/<str:token>/", outside.answer, name="answer-outside"),
    path("schemas/referral-1.json", exchange.schema, name="referral-schema"),
    path("referrals/<str:code>/export/", exchange.take_out, name="referral-export"),
    path("exchange/", exchange_files.exchange, name="exchange"),
    path("exchange/persons/", exchange_files.ask_persons, name="exchange-persons"),
    path("exchange/persons/bring/", exchange_files.bring, name="exchange-bring"),
    path("exchange/referrals/", exchange_files.ask_referrals, name="exchange-referrals"),
    path("persons/<str:code>/file/", exchange_files.person_file, name="person-file"),
    path("exchange/brought/", exchange_brought.brought_list, name="brought-list"),
    path("exchange/brought/new/", exchange_brought.bring, name="brought-new"),
    path("exchange/brought/<str:code>/", exchange_brought.brought, name="brought"),
    path("exchange/brought/<str:code>/open/", exchange_brought.open_sealed, name="brought-open"),
    path("exchange/brought/<str:code>/answer/", exchange_brought.answer, name="brought-answer"),
    path("exchange/brought/<str:code>/outcome/", exchange_brought.finish, name="brought-finish"),
    path("exchange/brought/<str:code>/file/", exchange_brought.begin_file, name="brought-begin"),
    path(
        "exchange/brought/<str:code>/answer-file/",
        exchange_brought.answer_file,
        name="brought-answer-file",
    ),
    path("assistance/counts/", counts.counts, name="counts"),
    path("assistance/counts/csv/", counts.counts_file, name="counts-file"),
]
