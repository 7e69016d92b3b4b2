"""What each permission is called on the page of roles, in words that need no programmer."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Group:
    """Permissions that belong to one sort of work, in the order in which the page shows them."""

    label: Promise
    permissions: tuple[P, ...]


GROUPS = (
    Group(
        _("Projects"),
        (
            P.PORTFOLIO_VIEW,
            P.PORTFOLIO_EXPORT,
            P.PORTFOLIO_EDIT,
            P.PORTFOLIO_IMPORT,
            P.PORTFOLIO_DECIDE,
            P.PORTFOLIO_PUBLISH,
        ),
    ),
    Group(_("Money"), (P.FUNDING_EDIT, P.FINDING_EXPLAIN)),
    Group(_("Requests and results"), (P.REQUEST_VIEW, P.REQUEST_EDIT, P.RESULT_RECORD)),
    Group(_("Library"), (P.LIBRARY_EDIT,)),
    Group(_("Oversight"), (P.ROLE_VIEW, P.AUDIT_VIEW)),
)

WORDS: dict[P, Promise] = {
    P.AUDIT_VIEW: _("See the log of who did what, and the files that others brought"),
    P.FINDING_EXPLAIN: _("Explain why a printed figure differs from the computed one"),
    P.FUNDING_EDIT: _("Record pledges, signed agreements, money received and money spent"),
    P.LIBRARY_EDIT: _("Add and change entries of the library"),
    P.PORTFOLIO_DECIDE: _("Decide the state of a project, for example that it is active"),
    P.PORTFOLIO_EDIT: _("Enter projects and change their texts, places, dates and budget"),
    P.PORTFOLIO_EXPORT: _("Take the list of projects out as a file"),
    P.PORTFOLIO_IMPORT: _("Bring files of projects, pledges and what belongs to them"),
    P.PORTFOLIO_PUBLISH: _("Decide what the public sees of a project"),
    P.PORTFOLIO_VIEW: _("See every project whole, also those that the public does not see"),
    P.REQUEST_EDIT: _("Enter requests for assistance and take them from step to step"),
    P.REQUEST_VIEW: _("See requests for assistance"),
    P.RESULT_RECORD: _("Record measurements of results, with their source"),
    P.ROLE_VIEW: _("See this page, and who has which role"),
}
