"""Addresses: the chain of results, and the measures it is made of."""

from django.urls import URLPattern, path

from cairn.results.views import chain

urlpatterns: list[URLPattern] = [
    path("results/", chain.programme, name="programme"),
    path("results/countries/<str:code>/", chain.country, name="country"),
    path("results/projects/<str:reference>/", chain.project, name="project"),
    path("results/measures/", chain.register, name="measures"),
    path("results/measures/<str:code>/", chain.measure, name="measure"),
]
