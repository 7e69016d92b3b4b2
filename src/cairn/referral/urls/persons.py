"""Addresses of persons of concern."""

from django.urls import path

from cairn.oversight.views import records
from cairn.referral.subjects import PERSON
from cairn.referral.views import listing, person

KIND = {"kind": PERSON.key}
LISTED = {"kind": PERSON.key, "back": "referral:persons"}
urlpatterns = [
    path("persons/", listing.persons, name="persons"),
    path("persons/find/", listing.find, name="person-find"),
    path("persons/duty/", listing.duty, name="duty"),
    path("persons/new/", person.create, name="person-new"),
    path("persons/export/", records.export, LISTED, name="person-export"),
    path("persons/<str:code>/", person.person, name="person"),
    path("persons/<str:code>/open/", person.open_sealed, name="person-open"),
    path("persons/<str:code>/edit/", person.edit, name="person-edit"),
    path("persons/<str:code>/close/", person.close, name="person-close"),
    path("persons/<str:code>/caseworker/", person.hand_over, name="person-hand-over"),
    path("persons/<str:code>/links/new/", records.new_link, KIND, name="person-link-new"),
    path(
        "persons/<str:code>/links/<uuid:link>/end/", records.end_link, KIND, name="person-link-end"
    ),
    path(
        "persons/<str:code>/links/<uuid:link>/open/",
        records.open_link,
        KIND,
        name="person-link-open",
    ),
]
