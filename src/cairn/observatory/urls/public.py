"""Addresses of published statistics: pages, files, bulletins, and what programs ask."""

from django.urls import URLPattern, path, register_converter

from cairn.observatory.views import bulletins, public, public_api


class ReleaseCode:
    """Such as R-2026-01. No other part of these addresses has a hyphen."""

    regex = "[0-9A-Za-z]+(?:-[0-9A-Za-z]+)+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ReleaseCode, "release")

urlpatterns: list[URLPattern] = [
    path("statistics/", public.releases, name="statistics"),
    path("statistics/api/", public_api.about, name="api-about"),
    path("statistics/series/<str:series>/", public.over_time, name="statistics-series"),
    path("statistics/bulletins/", bulletins.bulletins, name="bulletins"),
    path("statistics/bulletins/<int:year>/<int:number>/", bulletins.bulletin, name="bulletin"),
    path(
        "statistics/bulletins/<int:year>/<int:number>/issue/",
        bulletins.issue,
        name="bulletin-issue",
    ),
    path(
        "statistics/bulletins/<int:year>/<int:number>/bulletin-<str:language>.pdf",
        bulletins.bulletin_file,
        name="bulletin-file",
    ),
    path("statistics/<release:code>/", public.release, name="statistics-release"),
    path("statistics/<release:code>/table/", public.table, name="statistics-table"),
    path("statistics/<release:code>/flows/", public.flows, name="statistics-flows"),
    path("statistics/<release:code>/files/<str:kind>", public.file, name="statistics-file"),
    path("api/statistics/", public_api.releases, name="api-releases"),
    path("api/statistics/openapi.json", public_api.openapi, name="api-openapi"),
    path("api/statistics/<release:code>/", public_api.release, name="api-release"),
    path("api/statistics/<release:code>/data/", public_api.data, name="api-data"),
]
