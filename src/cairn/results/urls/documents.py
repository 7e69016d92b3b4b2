"""Addresses: documents, their issues, highlights."""

from django.urls import URLPattern, path

from cairn.results.views import document_issues as issues
from cairn.results.views import documents, highlights

_ONE = "documents/<slug:code>/"
_ISSUE = "documents/<slug:code>/issues/<int:number>"

urlpatterns: list[URLPattern] = [
    path("documents/", documents.listing, name="documents"),
    path("documents/new/<slug:kind>/", documents.create, name="document-new"),
    path(_ONE, documents.page, name="document"),
    path(f"{_ONE}edit/", documents.edit, name="document-edit"),
    path(f"{_ONE}preview/", documents.preview, name="document-preview"),
    path(f"{_ONE}sections/new/", documents.section_new, name="section-new"),
    path(f"{_ONE}sections/<uuid:pk>/", documents.section_edit, name="section"),
    path(f"{_ONE}sections/<uuid:pk>/remove/", documents.section_remove, name="section-remove"),
    path(f"{_ONE}issues/compute/", issues.compute, name="issue-compute"),
    path(f"{_ISSUE}/", issues.page, name="issue"),
    path(f"{_ISSUE}.<slug:kind>", issues.as_file, name="issue-file"),
    path(f"{_ISSUE}/compare/", issues.compare, name="issue-compare"),
    path(f"{_ISSUE}/send/", issues.send, name="issue-send"),
    path(f"{_ISSUE}/approve/", issues.approve, name="issue-approve"),
    path(f"{_ISSUE}/publish/", issues.publish, name="issue-publish"),
    path(f"{_ISSUE}/return/", issues.give_back, name="issue-return"),
    path(f"{_ISSUE}/withdraw/", issues.withdraw, name="issue-withdraw"),
    path("highlights/", highlights.listing, name="highlights"),
    path("highlights/new/", highlights.create, name="highlight-new"),
    path("highlights/<slug:code>/", highlights.page, name="highlight"),
    path("highlights/<slug:code>/edit/", highlights.edit, name="highlight-edit"),
    path("highlights/<slug:code>/publish/", highlights.publish, name="highlight-publish"),
]
