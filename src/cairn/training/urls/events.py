"""Addresses of training: events."""

from django.urls import URLPattern, path

from cairn.training.views import (
    attendance,
    attendance_desk,
    calendar,
    enrolments,
    events,
    events_parts,
    events_print,
    events_reports,
    sessions,
)

EVENT = "training/events/<str:reference>/"
PERSON = "training/participants/<uuid:pk>/"

urlpatterns: list[URLPattern] = [
    path("training/", events.events, name="events"),
    path("training/events/new/", events.create, name="event-new"),
    path("training/events/export/<str:kind>/", events.export, name="events-export"),
    path(EVENT, events.event, name="event"),
    path(f"{EVENT}edit/", events.edit, name="event-edit"),
    path(f"{EVENT}step/", events.move, name="event-move"),
    path(f"{EVENT}parties/new/", events_parts.party_new, name="party-new"),
    path(f"{EVENT}parties/remove/", events_parts.party_remove, name="party-remove"),
    path(f"{EVENT}documents/new/", events_parts.material_new, name="material-new"),
    path(
        "training/documents/<uuid:pk>/remove/",
        events_parts.material_remove,
        name="material-remove",
    ),
    path(f"{EVENT}agenda/", sessions.agenda, name="agenda"),
    path(f"{EVENT}agenda/new/", sessions.session_new, name="session-new"),
    path("training/sessions/<uuid:pk>/", sessions.session_edit, name="session-edit"),
    path("training/sessions/<uuid:pk>/remove/", sessions.session_remove, name="session-remove"),
    path(f"{EVENT}staff/new/", sessions.staff_new, name="staff-new"),
    path("training/staff/<uuid:pk>/remove/", sessions.staff_remove, name="staff-remove"),
    path(f"{EVENT}print/", events_print.printing_page, name="event-print"),
    path(f"{EVENT}print/<str:kind>/", events_print.file, name="event-print-file"),
    path(f"{EVENT}calendar/", calendar.calendar_page, name="event-calendar"),
    path("training/calendar/<str:secret>.ics", calendar.feed, name="calendar"),
    path(f"{EVENT}attendance/", attendance.attendance, name="attendance"),
    path("training/sessions/<uuid:pk>/window/", attendance.window, name="session-window"),
    path("training/sessions/<uuid:pk>/badges/", attendance.scan, name="scan"),
    path("training/marks/", attendance.marks, name="marks"),
    path(f"{EVENT}attendance/sheet/", attendance_desk.sheet, name="attendance-sheet"),
    path(f"{EVENT}refused/", attendance_desk.refused, name="refused"),
    path("training/refused/<uuid:pk>/", attendance_desk.refused_resolve, name="refused-resolve"),
    path("training/marks/<uuid:pk>/", attendance_desk.mark_correct, name="mark-correct"),
    path(f"{EVENT}participants/", enrolments.participants, name="participants"),
    path(f"{EVENT}participants/enrol/", enrolments.enrol, name="enrol"),
    path(f"{EVENT}participants/new/", enrolments.walk_in, name="walk-in"),
    path(f"{EVENT}participants/settle/", enrolments.settle, name="settle"),
    path(f"{PERSON}marks/", attendance_desk.person_marks, name="participant-marks"),
    path(f"{PERSON}withdraw/", enrolments.withdraw, name="participant-withdraw"),
    path(f"{PERSON}absent/", enrolments.no_show, name="participant-no-show"),
    path(f"{PERSON}completion/", enrolments.completion, name="participant-completion"),
    path(f"{PERSON}completion/rule/", enrolments.completion_lift, name="completion-lift"),
    path("training/reports/", events_reports.reports, name="reports"),
    path("training/reports/new/", events_reports.report_new, name="report-new"),
    path("training/reports/<uuid:pk>/", events_reports.report, name="report"),
    path("training/reports/<uuid:pk>/step/", events_reports.report_move, name="report-move"),
    path("training/reports/<uuid:pk>/sample/", events_reports.report_sample, name="report-sample"),
    path(f"{EVENT}report/", events_reports.event_report, name="event-report"),
]
