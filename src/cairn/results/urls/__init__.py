"""Every address of this context, by part."""

from cairn.results.urls import chain, documents

app_name = "results"
urlpatterns = [*chain.urlpatterns, *documents.urlpatterns]
