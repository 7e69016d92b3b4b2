"""Every address of this context, by part."""

from cairn.results.urls import chain, documents, publications

app_name = "results"
urlpatterns = [*chain.urlpatterns, *documents.urlpatterns, *publications.urlpatterns]
