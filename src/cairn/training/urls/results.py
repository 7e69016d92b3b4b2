"""Addresses of training: results of tests, the closing report, definitions of figures."""

from django.urls import path

from cairn.training.views import closing, figures, results

_OF = "training/events/<str:reference>/"

urlpatterns = [
    path("training/overview/", figures.overview, name="overview"),
    path("training/figures/", figures.figures, name="figures"),
    path("training/figures/<slug:code>/", figures.figure, name="figure"),
    path(_OF + "results/", results.results, name="results"),
    path(_OF + "results/rows/", results.rows, name="results-rows"),
    path(_OF + "results/questions/", results.items, name="results-items"),
    path(_OF + "closing/", closing.closing, name="closing"),
    path(_OF + "closing/<slug:kind>/", closing.closing_file, name="closing-file"),
]
