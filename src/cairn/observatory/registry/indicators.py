"""What the platform is told of: indicators."""

from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.oversight import wording
from cairn.ui import navigation

SENTENCES = {
    "statistics.name_answered": _("said which country a printed name is."),
    "statistics.figures_brought": _("kept the counts of a file of national figures."),
    "statistics.lines_given": _("took a published table as lines in the layout of CTDC."),
}


def tell() -> None:
    """Register what this part gives to others."""
    from cairn.observatory.imports.indicators import register_kinds

    register_kinds()
    navigation.register(
        navigation.Item(
            "national",
            _("National figures"),
            "observatory:national",
            Permission.STATISTICS_VIEW,
            order=372,
        )
    )
    wording.SENTENCES.update(SENTENCES)
