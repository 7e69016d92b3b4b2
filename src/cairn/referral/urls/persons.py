"""Addresses of persons of concern."""

from django.urls import path

from cairn.oversight.views import records
from cairn.referral.subjects import PERSON
from cairn.referral.views import listing, person, persons_conflicts, persons_identity
from cairn.referral.views import persons_rows as rows

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
    path("persons/<str:code>/identity/", rows.identity, name="person-identity"),
    path(
        "persons/<str:code>/identity/write/", persons_identity.write, name="person-identity-write"
    ),
    path("persons/<str:code>/names/new/", rows.new_alias, name="person-alias-new"),
    path("persons/<str:code>/names/<int:number>/end/", rows.stop_alias, name="person-alias-end"),
    path("persons/<str:code>/guardians/", rows.guardians, name="person-guardians"),
    path("persons/<str:code>/guardians/new/", rows.new_guardian, name="person-guardian-new"),
    path(
        "persons/<str:code>/guardians/<int:number>/end/",
        rows.stop_guardian,
        name="person-guardian-end",
    ),
    path("persons/<str:code>/best-interests/new/", rows.new_interests, name="person-interests-new"),
    path("persons/<str:code>/needs/", rows.needs, name="person-needs"),
    path("persons/<str:code>/needs/new/", rows.new_needs, name="person-needs-new"),
    path("persons/<str:code>/danger/new/", rows.new_risk, name="person-risk-new"),
    path("persons/<str:code>/conflicts/", persons_conflicts.conflicts, name="person-conflicts"),
    path(
        "persons/<str:code>/conflicts/<int:number>/",
        persons_conflicts.resolve,
        name="person-conflict",
    ),
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
