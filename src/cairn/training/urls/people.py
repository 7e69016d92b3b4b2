"""Addresses of training: people, calls, nominations, vetting, selection, deployments."""

from django.urls import URLPattern, path

from cairn.oversight.views import records
from cairn.training.subjects import TRAINEE
from cairn.training.views import (
    deployments,
    merges,
    nominations,
    nominations_files,
    nominations_steps,
    people,
    selection,
    vetting,
)

LISTED = {"kind": TRAINEE.key, "back": "training:people"}
CALL = "training/calls/<str:reference>/"
PERSON = "training/people/<str:code>/"
PAIR = "training/doubles/<str:left>/<str:right>/"
NOMINATION = "training/nominations/<uuid:pk>/"
CHECK = "training/vetting/<str:code>/"
urlpatterns: list[URLPattern] = [
    path("training/people/", people.people, name="people"),
    path("training/people/find/", people.find, name="person-find"),
    path("training/people/search/", people.search, name="people-search"),
    path("training/people/new/", people.create, name="person-new"),
    path("training/people/file/", people.people_file, name="people-file"),
    path("training/people/export/", records.export, LISTED, name="people-export"),
    path("training/doubles/", merges.doubles, name="duplicates"),
    path("training/doubles/<uuid:pk>/undo/", merges.undo, name="merge-undo"),
    path(PAIR, merges.pair, name="pair"),
    path(PAIR + "apart/", merges.apart, name="pair-apart"),
    path(PERSON, people.person, name="person"),
    path(PERSON + "open/", people.open_sealed, name="person-open"),
    path(PERSON + "edit/", people.edit, name="person-edit"),
    path(PERSON + "service/", people.service, name="person-service"),
    path(PERSON + "consent/", people.consent, name="person-consent"),
    path(PERSON + "consent/withdraw/", people.withdraw_consent, name="person-consent-withdraw"),
    path("training/calls/", nominations.calls, name="calls"),
    path(CALL, nominations.call, name="call"),
    path(CALL + "names/", nominations.open_names, name="call-names"),
    path(CALL + "edit/", nominations.edit, name="call-edit"),
    path(CALL + "seats/", nominations.seats, name="call-seats"),
    path(CALL + "nominate/", nominations.nominate, name="nominate"),
    path(CALL + "file/", nominations_files.nominate_file, name="nominate-file"),
    path(CALL + "empty.<str:form>", nominations_files.empty_file, name="nominate-empty"),
    path(CALL + "women/", nominations.funnel, name="call-funnel"),
    path(CALL + "enrol/", nominations.enrol_confirmed, name="call-enrol"),
    path(CALL + "settle/", nominations.settle, name="call-settle"),
    path(CALL + "vetting/", vetting.ask, name="call-vetting"),
    path(CALL + "selection/", selection.selection, name="selection"),
    path(CALL + "scores/", selection.scores, name="selection-scores"),
    path(CALL + "people/", people.people_file, name="participants-file"),
    path(NOMINATION, nominations_steps.nomination, name="nomination"),
    path(NOMINATION + "complete/", nominations_steps.motivation, name="nomination-complete"),
    path(NOMINATION + "vetting/", vetting.ask_one, name="nomination-vetting"),
    path(NOMINATION + "step/<str:to>/", nominations_steps.step, name="nomination-step"),
    path("training/files/<uuid:pk>/", nominations_files.staged, name="staged"),
    path("training/files/<uuid:pk>/apply/", nominations_files.apply, name="staged-apply"),
    path("training/files/<uuid:pk>/discard/", nominations_files.discard, name="staged-discard"),
    path("training/vetting/", vetting.checks, name="vetting"),
    path(CHECK, vetting.check, name="vetting-check"),
    path(CHECK + "open/", vetting.open_note, name="vetting-open"),
    path(CHECK + "result/", vetting.result, name="vetting-result"),
    path(CHECK + "receipt/", vetting.receipt, name="vetting-receipt"),
    path(CHECK + "close/", vetting.close, name="vetting-close"),
    path("training/deployments/", deployments.deployments, name="deployments"),
    path("training/deployments/new/", deployments.plan, name="deployment-new"),
    path("training/deployments/file/", deployments.deployments_file, name="deployments-file"),
    path("training/deployments/rotation/", deployments.rotation, name="rotation"),
    path("training/deployments/<uuid:pk>/", deployments.deployment, name="deployment"),
    path("training/deployments/<uuid:pk>/<str:to>/", deployments.step, name="deployment-step"),
]
