"""Addresses of training: tests."""

from django.urls import URLPattern, path, register_converter

from cairn.training.rules.choices import TestWave
from cairn.training.views import questions, tests, tests_forms, tests_participant


class WaveConverter:
    """A wave of a test in an address: pre, post or follow-up."""

    regex = "|".join(TestWave.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(WaveConverter, "wave")

_OF = "training/events/<str:reference>/tests/"

urlpatterns: list[URLPattern] = [
    path(_OF, tests.event_tests, name="tests"),
    path(_OF + "marking/", tests.marking, name="test-marking"),
    path(_OF + "marking/<uuid:pk>/", tests.mark, name="test-mark"),
    path(_OF + "<wave:wave>/sheets/<str:code>/", tests.key_sheet, name="test-sheet"),
    path(_OF + "<wave:wave>/print/<slug:kind>/", tests.print_test, name="test-print"),
    path(_OF + "<wave:wave>/<slug:act>/", tests.move, name="test-move"),
    path("training/questions/", questions.questions, name="questions"),
    path("training/questions/new/<slug:kind>/", questions.create, name="question-new"),
    path("training/questions/<str:code>/", questions.question, name="question"),
    path("training/questions/<str:code>/edit/", questions.edit, name="question-edit"),
    path("training/questions/<str:code>/compare/", questions.compare, name="question-compare"),
    path("training/questions/<str:code>/retire/", questions.retire, name="question-retire"),
    path(
        "training/questions/<str:code>/in/<slug:language>/",
        questions.translate,
        name="question-translate",
    ),
    path("training/tests/", tests_forms.plans, name="test-plans"),
    path("training/tests/new/", tests_forms.plan_new, name="test-plan-new"),
    path("training/tests/<uuid:pk>/", tests_forms.plan, name="test-plan"),
    path("training/tests/<uuid:pk>/edit/", tests_forms.plan_edit, name="test-plan-edit"),
    path("training/tests/<uuid:pk>/draw/", tests_forms.draw, name="test-plan-draw"),
    path("training/tests/forms/<uuid:pk>/", tests_forms.form, name="test-form"),
    path("training/tests/forms/<uuid:pk>/judge/", tests_forms.judge, name="test-form-judge"),
    path("training/tests/forms/<uuid:pk>/cut/", tests_forms.set_cut, name="test-form-cut"),
    path("t/", tests_participant.join, name="join"),
    path("t/leave/", tests_participant.leave, name="own-leave"),
    path("t/tests/", tests_participant.own_tests, name="own-tests"),
    path("t/tests/<wave:wave>/", tests_participant.begin, name="own-test"),
    path("t/tests/<wave:wave>/<int:number>/", tests_participant.question, name="own-question"),
    path(
        "t/tests/<wave:wave>/<int:number>/language/",
        tests_participant.choose_language,
        name="own-language",
    ),
    path("t/tests/<wave:wave>/review/", tests_participant.review, name="own-review"),
    path("t/tests/<wave:wave>/result/", tests_participant.result, name="own-result"),
    path("t/<str:event_code>/<str:personal_code>/", tests_participant.join_as, name="join-as"),
]
