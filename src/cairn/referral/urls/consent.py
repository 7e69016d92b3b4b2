"""Addresses of consent, and the rights of the person."""

from django.urls import path

from cairn.referral.views import consent, consent_rights, consent_steps

ONE = "persons/<str:code>/consents/<int:number>/"
urlpatterns = [
    path("persons/<str:code>/consents/", consent.consents, name="consents"),
    path("persons/<str:code>/consents/new/", consent_steps.ask, name="consent-new"),
    path(ONE, consent.consent, name="consent"),
    path(f"{ONE}explain/", consent_steps.explain, name="consent-explain"),
    path(f"{ONE}answer/", consent_steps.answer, name="consent-answer"),
    path(f"{ONE}withdraw/", consent_steps.take_back, name="consent-withdraw"),
    path(f"{ONE}open/", consent.open_sealed, name="consent-open"),
    path(f"{ONE}slip/", consent.slip, name="consent-slip"),
    path(f"{ONE}receipt/", consent.receipt, name="consent-receipt"),
    path("persons/<str:code>/rights/", consent_rights.rights, name="rights"),
    path("persons/<str:code>/rights/ask/", consent_rights.ask, name="rights-ask"),
    path("persons/<str:code>/rights/copy/", consent_rights.file, name="rights-file"),
]
