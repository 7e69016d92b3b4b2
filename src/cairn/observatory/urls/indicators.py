"""Addresses: indicators."""

from django.urls import path

from cairn.observatory.views import indicators, indicators_files

urlpatterns = [
    path("statistics/national/", indicators.national, name="national"),
    path("statistics/national/names/", indicators.names, name="national-names"),
    path("statistics/national/lines/", indicators.lines, name="national-lines"),
    path("statistics/national/lines/keep/", indicators.keep_lines, name="national-keep"),
    path("statistics/national/<str:code>/", indicators.country, name="national-country"),
    path("statistics/layouts/", indicators_files.layouts, name="layouts"),
    path("statistics/layouts/lines/", indicators_files.give, name="layouts-lines"),
    path("statistics/layouts/invented/", indicators_files.invented, name="layouts-invented"),
    path("statistics/layouts/<str:layout>.csv", indicators_files.file, name="layouts-file"),
]
