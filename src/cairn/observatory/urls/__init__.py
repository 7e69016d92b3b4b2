"""Every address of this context, by part."""

from cairn.observatory.urls import indicators, interactive, pipeline, public

app_name = "observatory"
urlpatterns = [
    *pipeline.urlpatterns,
    *public.urlpatterns,
    *indicators.urlpatterns,
    *interactive.urlpatterns,
]
