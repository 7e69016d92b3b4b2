"""What the portfolio keeps: projects, money, requests, results. Nothing about persons of concern.

Public is what even a reduced project shows; the rest goes out only for projects that somebody
decided to publish whole (decision record 8).
"""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Scrub, Zone, declare, keep
from cairn.core.retention_rules import kept

_AMOUNT = "amount currency rate rate_source usd"
_SEEN = f"{EVERYBODY} portfolio:view"
_TELL = _("Say what the programme does, where, with whom and what came of it.")
_PAY = _("Follow the money from a donor's word to what was spent.")


def _declare_projects() -> None:
    declare(
        "portfolio.SourceDocument",
        Zone.PROGRAMME,
        _("Documents whose printed figures were read in."),
        purpose=_("Say where a printed figure comes from."),
        retention=kept("catalogue"),
        public="id code title kind year",
        seen_with=EVERYBODY,
    )
    declare(
        "portfolio.Programme",
        Zone.PROGRAMME,
        _("Programmes that bundle projects."),
        purpose=_TELL,
        retention=kept("programme-record"),
        public="id code title",
        seen_with=_SEEN,
    )
    declare(
        "portfolio.Project",
        Zone.PROGRAMME,
        _("Projects. For each it is decided whether the public sees it whole, reduced or not."),
        purpose=_TELL,
        retention=kept("programme-record"),
        public="id public_id public_title language state publication chapter budget_usd",
        internal=(
            "reference code title programme part_of starts ends duration_months "
            "duration_as_printed location_as_printed region_as_printed outline objectives "
            "achievements impact beneficiaries status_as_printed note source search version "
            "updated_at"
        ),
        seen_with=_SEEN,
    )
    declare(
        "portfolio.PrintedFigure",
        Zone.PROGRAMME,
        _("Figures as a source printed them."),
        purpose=_("Show print and computation side by side."),
        retention=kept("programme-record", follows="project"),
        internal="id project field text value",
        seen_with=_SEEN,
    )
    for model, about, names in (
        ("ProjectTheme", _("Service areas of a project."), "id project theme"),
        ("ProjectSubject", _("Subjects of a project."), "id project subject"),
    ):
        declare(
            f"portfolio.{model}",
            Zone.PROGRAMME,
            about,
            purpose=_TELL,
            retention=kept("programme-record", follows="project"),
            public=names,
            seen_with=_SEEN,
        )


def _declare_parts_of_projects() -> None:
    for model, about, names in (
        ("Component", _("What a project consists of."), "id project number title text"),
        (
            "Activity",
            _("What a project does."),
            "id project component_number number title",
        ),
        ("Milestone", _("Dated deliverables of a project."), "id project title due done"),
        ("Partner", _("Organisations that work on a project."), "id project organisation role"),
        (
            "Office",
            _("Focal offices of a project: units, never persons."),
            "id project kind name country",
        ),
        ("ProjectMandate", _("Which mandate a project rests on."), "id project mandate"),
        (
            "Document",
            _("Documents of a project and where they are kept."),
            "id project title kind language dated address",
        ),
        (
            "ProjectPlace",
            _("Where a project works, as printed and as read."),
            "id project number printed kind codes minimum maximum",
        ),
        ("ProjectCountry", _("Countries that a project reaches."), "id project country via"),
        (
            "ProjectRegion",
            _("Regions that a project touches."),
            "id project region is_continent",
        ),
    ):
        declare(
            f"portfolio.{model}",
            Zone.PROGRAMME,
            about,
            purpose=_TELL,
            retention=kept("programme-record", follows="project"),
            internal=names,
            seen_with=_SEEN,
        )


def _declare_decisions() -> None:
    declare(
        "portfolio.Mandate",
        Zone.PROGRAMME,
        _("Resolutions, protocols and plans that ask for the work."),
        purpose=_TELL,
        retention=kept("catalogue"),
        public="id code kind title year body",
        seen_with=EVERYBODY,
    )
    declare(
        "portfolio.Decision",
        Zone.PROGRAMME,
        _("Who moved a project from which state to which, and why."),
        purpose=_("Decisions are records: the state of a project is computed from them."),
        retention=kept("programme-record", follows="project"),
        internal="id project kind before after decided_at basis",
        personal="author_id author_name",
        scrub=keep("author_id"),
        seen_with="portfolio:view",
    )
    declare(
        "portfolio.Remark",
        Zone.PROGRAMME,
        _("Something odd that a reader of a source noticed."),
        purpose=_("Ask the source about contradictions and gaps."),
        retention=kept("programme-record"),
        internal="id project kind field printed remark source",
        seen_with="portfolio:view",
    )


def _declare_money() -> None:
    declare(
        "portfolio.Phase",
        Zone.PROGRAMME,
        _("Phases of a project."),
        purpose=_PAY,
        retention=kept("money", follows="project"),
        internal="id project number name starts ends",
        seen_with=_SEEN,
    )
    declare(
        "portfolio.BudgetLine",
        Zone.PROGRAMME,
        _("What a phase or a period costs."),
        purpose=_PAY,
        retention=kept("money", follows="project"),
        internal=f"id {_AMOUNT} project phase starts ends",
        seen_with=_SEEN,
    )
    declare(
        "portfolio.Pledge",
        Zone.PROGRAMME,
        _("What donors, which are States and organisations, said that they will give."),
        purpose=_PAY,
        retention=kept("money"),
        internal=f"id {_AMOUNT} project donor pledged withdrawn_on withdrawn_reason note",
        seen_with=_SEEN,
    )
    declare(
        "portfolio.Agreement",
        Zone.PROGRAMME,
        _("Signed agreements on a pledge."),
        purpose=_PAY,
        retention=kept("money"),
        internal=f"id {_AMOUNT} pledge reference signed_on",
        seen_with="portfolio:view",
    )
    declare(
        "portfolio.Receipt",
        Zone.PROGRAMME,
        _("Money that came in."),
        purpose=_PAY,
        retention=kept("money"),
        internal=f"id {_AMOUNT} agreement received_on",
        seen_with="portfolio:view",
    )
    declare(
        "portfolio.Expenditure",
        Zone.PROGRAMME,
        _("Money that was spent, by kind of cost and without names of persons."),
        purpose=_PAY,
        retention=kept("money"),
        internal=f"id {_AMOUNT} agreement spent_on what",
        seen_with="portfolio:view",
    )
    declare(
        "portfolio.Finding",
        Zone.PROGRAMME,
        _("Where a printed figure differs from the computed one, and who explained it."),
        purpose=_("Keep figures honest."),
        retention=kept("money", follows="project"),
        internal="id project field printed printed_text computed reason explanation explained_at",
        personal="explained_by",
        seen_with=_SEEN,
    )


def _declare_requests() -> None:
    declare(
        "portfolio.AssistanceRequest",
        Zone.PROGRAMME,
        _("What States and institutions ask the programme for. Institutions, not persons."),
        purpose=_("Answer each request, and show how it went on."),
        retention=kept("programme-record"),
        internal=(
            "id reference requested_by countries request after_event project received_on state "
            "source version"
        ),
        scrub={"requested_by": Scrub.INVENT, "request": Scrub.INVENT},
        seen_with="request:view",
    )
    declare(
        "portfolio.RequestMove",
        Zone.PROGRAMME,
        _("Steps of a request: who decided, when and why."),
        purpose=_("Decisions are records: the state of a request is computed from them."),
        retention=kept("programme-record", follows="request"),
        internal="id request before after reason moved_at",
        personal="author_id author_name",
        scrub=keep("author_id"),
        seen_with="request:view",
    )


def _declare_results() -> None:
    for model, about, names in (
        (
            "Event",
            _("Workshops, trainings and meetings, with how many people came; no names."),
            "id reference project kind subject place place_countries from_countries starts ends "
            "participants women agencies partners source",
        ),
        (
            "OutcomeRecord",
            _("Figures that a source reports as having come of the work."),
            "id reference project event countries place period kind value unit note source",
        ),
    ):
        declare(
            f"portfolio.{model}",
            Zone.PROGRAMME,
            about,
            purpose=_TELL,
            retention=kept("programme-record"),
            internal=names,
            seen_with=_SEEN,
        )
    declare(
        "portfolio.Result",
        Zone.PROGRAMME,
        _("Outcomes and outputs of a project."),
        purpose=_TELL,
        retention=kept("programme-record", follows="project"),
        internal="id project level number parent statement",
        seen_with=_SEEN,
    )
    declare(
        "portfolio.Indicator",
        Zone.PROGRAMME,
        _("What is measured of a result."),
        purpose=_TELL,
        retention=kept("programme-record", follows="result"),
        internal=(
            "id result number name unit baseline baseline_period target disaggregation measure"
        ),
        seen_with=_SEEN,
    )
    declare(
        "portfolio.Measurement",
        Zone.PROGRAMME,
        _("Values of an indicator, with source and who recorded them."),
        purpose=_TELL,
        retention=kept("programme-record", follows="indicator"),
        internal=(
            "id indicator period_start period_end dimension value origin source provenance "
            "recorded_at"
        ),
        personal="author_id",
        scrub=keep("author_id"),
        seen_with=_SEEN,
    )


_declare_projects()
_declare_parts_of_projects()
_declare_decisions()
_declare_money()
_declare_requests()
_declare_results()
