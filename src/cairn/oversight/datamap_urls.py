"""Addresses of the data map and the impact-assessment sheet; `urls` takes them in."""

from django.urls import path

from cairn.oversight.views import datamap

urlpatterns = [
    path("data-map/", datamap.data_map, name="data-map"),
    path("data-map.csv", datamap.data_map_csv, name="data-map-csv"),
    path("impact-assessment/", datamap.impact_sheet, name="impact-sheet"),
    path("impact-assessment.<slug:kind>", datamap.impact_sheet_file, name="impact-sheet-file"),
]
