"""Every word that the documents print of their own, translated before layout."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def labels(language: str) -> dict[str, str]:
    """Labels in `language` by key. Values in braces, such as "{page}", are filled in later."""
    with translation.override(language):
        return {**_shared(), **_facts(), **_money(), **_results(), **_tables(), **_folder()}


def _shared() -> dict[str, str]:
    return {
        "project_page": _("Project page"),
        "partnership_folder": _("Partnership folder"),
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "made_on": _("%(document)s, made on %(date)s")
        % {"document": "{document}", "date": "{date}"},
        "unknown": _("Not recorded"),
        "dash": "—",
        "dash_note": _("A dash means that nothing was recorded, not that it was zero."),
        "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
        % {"sign": "\ufffd"},
        "withheld": _("Country withheld for safety"),
        "withheld_note": _("The country and other details are withheld for safety."),
        "source": _("Source"),
        "source_line": _("Source: %(source)s") % {"source": "{source}"},
        "colon": _("%(name)s: %(value)s") % {"name": "{name}", "value": "{value}"},
        "comma": pgettext("between the items of a list", ", "),
        "in_brackets": _("%(text)s (%(remark)s)") % {"text": "{text}", "remark": "{remark}"},
    }


def _facts() -> dict[str, str]:
    return {
        "lead": _("Lead entity"),
        "leads": _("Lead entities"),
        "partners": _("Collaborating partners"),
        "duration": _("Duration"),
        "location": _("Location"),
        "country": _("Country"),
        "countries": _("Countries"),
        "region": _("Region"),
        "undetermined": _("To be determined: %(text)s") % {"text": "{text}"},
        "as_printed": _("As printed: %(text)s") % {"text": "{text}"},
        "programme": _("Programme"),
        "part_of": _("Part of"),
        "parts": _("Parts"),
        "themes": _("Service areas"),
        "beneficiaries": _("Beneficiaries"),
        "status": _("Status"),
        "offices": _("Offices"),
        "code": _("Project number"),
        "outline": _("Description and outline"),
        "objectives": _("Objectives"),
        "components": _("Components"),
        "achievements": _("Main achievements"),
        "impact": _("Impact"),
        "mandates": _("Mandates"),
    }


def _money() -> dict[str, str]:
    return {
        "budget": _("Approved budget"),
        "budget_short": _("Budget"),
        "pledged": _("Total pledges"),
        "pledged_short": _("Pledged"),
        "pledges": _("Pledges"),
        "shortfall": _("Shortfall"),
        "surplus": _("Pledged above the budget: %(amount)s") % {"amount": "{amount}"},
        "funded": _("%(share)s of the budget is pledged") % {"share": "{share}"},
        "no_pledges": _("No current pledges"),
        "donor_unnamed": _("Donor not named"),
        "donor_recipient": _("also the recipient State"),
        "printed_short": _("printed: %(value)s") % {"value": "{value}"},
        "funding": _("Funding"),
        "funding_note": _(
            "The shortfall is computed: the approved budget less all pledges, in US dollars."
        ),
        "parts_note": _(
            "Parts of this programme lie inside its budget; they are not added to it: %(parts)s."
        )
        % {"parts": "{parts}"},
        "inside_note": _("The budget lies inside that of %(programme)s.")
        % {"programme": "{programme}"},
    }


def _results() -> dict[str, str]:
    return {
        "events": _("Training and other events"),
        "event": _("Event"),
        "place": _("Place"),
        "dates": _("Dates"),
        "participants": _("Participants"),
        "women": _("Women"),
        "all_events": _("All events"),
        "women_known": _(
            "Women were counted in %(counted)s of %(all)s events; the total covers those only."
        )
        % {"counted": "{counted}", "all": "{all}"},
        "participants_known": _(
            "Participants were counted in %(counted)s of %(all)s events; the total covers "
            "those only."
        )
        % {"counted": "{counted}", "all": "{all}"},
        "outcomes": _("Outcomes"),
        "outcome": _("Outcome"),
        "figure": _("Figure"),
        "value": _("Value"),
        "says": _("What it says"),
        "period": _("Period"),
        "requests": _("Requests received"),
        "request": _("Request"),
        "requested_by": _("Requested by"),
        "state": _("State"),
        "indicators": _("Indicators"),
        "indicator": _("Indicator"),
        "unit": _("Unit"),
        "baseline": _("Baseline"),
        "target": _("Target"),
        "latest": _("Latest"),
    }


def _tables() -> dict[str, str]:
    return {
        "donor": _("Donor"),
        "date": _("Date"),
        "amount": _("Amount"),
        "amount_usd": _("Amount in US$"),
        "total": _("Total"),
        "findings": _("As printed and as computed"),
        "findings_intro": _(
            "Figures are kept as the source printed them. Where they do not agree with what the "
            "records add up to, both are shown."
        ),
        "field": _("Figure"),
        "printed": _("Printed"),
        "computed": _("Computed"),
        "difference": _("Difference"),
        "reason": _("Likely reason"),
        "project": _("Project"),
        "projects": _("Projects"),
        "field_budget": _("Budget"),
        "field_shortfall": _("Shortfall"),
        "field_pledged": _("Total pledges"),
        "field_pledges": _("Total pledges"),
        "field_duration": _("Duration"),
        "field_region": _("Region"),
        "field_country": _("Country"),
        "field_countries": _("Countries"),
    }


def _folder() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "introduction": _("Introduction"),
        "totals": _("Totals"),
        "by_region": _("By region"),
        "by_donor": _("By donor"),
        "all_projects": _("All projects, each counted once"),
        "includes": _("What the totals include"),
        "excludes": _("What is not counted twice"),
        "annex": _("Annex: figures that do not agree"),
        "no_findings": _("All printed figures agree with the records."),
        "no_projects": _("There is no project to show."),
        "no_chapter_projects": _("There is no project in this chapter."),
        "bars_caption": _("Budget by region: pledged (dark) and not yet pledged (light)."),
        "bars_row": _("%(name)s: budget %(budget)s, pledged %(pledged)s")
        % {"name": "{name}", "budget": "{budget}", "pledged": "{pledged}"},
        "bars_alt": _("Bar chart of budget and pledges by region. %(rows)s.") % {"rows": "{rows}"},
        "in_us_dollars": _("All amounts are in US dollars."),
        "volume": _("Volume %(number)s of %(all)s") % {"number": "{number}", "all": "{all}"},
        "volume_short": _("Volume"),
        "first_and_last": _("First and last project"),
        "volumes": _("Volumes"),
        "continued": _("%(title)s (continued)") % {"title": "{title}"},
    }
