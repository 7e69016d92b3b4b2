"""Addresses of what follows a decision: telling, review, time for reflection, care for children."""

from django.urls import path

from cairn.identification.views import care, duty, rights

urlpatterns = [
    path("procedures/<str:code>/decisions/<int:number>/told/", rights.tell, name="procedure-tell"),
    path("procedures/<str:code>/review/", rights.review, name="procedure-review"),
    path("procedures/<str:code>/reflection/", rights.reflect, name="procedure-reflection"),
    path("procedures/<str:code>/age/", rights.age, name="procedure-age"),
    path("procedures/<str:code>/guardians/new/", care.appoint, name="guardian-new"),
    path("procedures/<str:code>/guardians/<int:number>/end/", care.end, name="guardian-end"),
    path("procedures/<str:code>/best-interests/new/", care.assess, name="best-interests-new"),
    path("procedures/<str:code>/interviews/new/", care.plan, name="interview-new"),
    path("procedures/<str:code>/interviews/<int:number>/", care.settle, name="interview-settle"),
    path("procedures/<str:code>/token/", duty.token, name="procedure-token"),
    path("procedures/<str:code>/token/end/", duty.end_token, name="procedure-token-end"),
]
