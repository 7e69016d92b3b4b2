"""Addresses of agreements on sharing, risks of recipients, routing, experts."""

from django.urls import path

from cairn.referral.views import experts, protocols, protocols_signing, risks, routing

urlpatterns = [
    path("protocols/", protocols.protocols, name="protocols"),
    path("protocols/new/", protocols.create, name="protocol-new"),
    path("protocols/<str:code>/", protocols.protocol, name="protocol"),
    path("protocols/<str:code>/edit/", protocols.edit, name="protocol-edit"),
    path("protocols/<str:code>/version/", protocols.later, name="protocol-later"),
    path("protocols/<str:code>/sign/", protocols_signing.sign, name="protocol-sign"),
    path("protocols/<str:code>/paper/", protocols_signing.paper, name="protocol-paper"),
    path("protocols/<str:code>/end/", protocols_signing.end, name="protocol-end"),
    path("recipients/", risks.risks, name="risks"),
    path("recipients/new/", risks.create, name="risk-new"),
    path("recipients/<str:code>/", risks.risk, name="risk"),
    path("recipients/<str:code>/open/", risks.open_sealed, name="risk-open"),
    path("recipients/<str:code>/end/", risks.end, name="risk-end"),
    path("experts/", experts.experts, name="experts"),
    path("experts/new/", experts.create, name="expert-new"),
    path("experts/<str:code>/", experts.expert, name="expert"),
    path("experts/<str:code>/open/", experts.open_sealed, name="expert-open"),
    path("experts/<str:code>/edit/", experts.edit, name="expert-edit"),
    path("persons/<str:code>/route/", routing.route, name="route"),
]
