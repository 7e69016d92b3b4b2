"""What entries of the log about tests say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "keyed_sheet.entered": _("keyed in an answer sheet, entry %(entry)s."),
    "keyed_sheet.settled": _("settled an answer sheet; entries differed in %(differed)s places."),
    "question.retired": _("took the question out of use."),
    "question.returned": _("put the question back into use."),
    "question.written": _("wrote version %(number)s of the question."),
    "response.marked": _("marked a short answer, as marker %(marker)s."),
    "test_blueprint.saved": _("saved the plan of a test."),
    "test_form.cut_set": _("set the cut score to %(percent)s %%."),
    "test_form.drawn": _("drew forms A and B, edition %(edition)s."),
    "test_form.judged": _("estimated the questions of a form as a judge."),
    "test_sitting.begun": _("began a test."),
    "test_sitting.handed_in": _("handed in a test."),
    "test_window.closed": _("closed the test."),
    "test_window.opened": _("opened the test."),
    "test_window.released": _("released the results of the test."),
    "test_window.set": _("chose the forms of the test, edition %(edition)s."),
}
