"""Payloads of documents about invented projects, with every part of the contract."""

from typing import Any

MADE_ON = "2026-03-04"

PLEDGES: list[dict[str, Any]] = [
    {
        "donor": "Inventia",
        "donor_is_recipient": True,
        "date": "2024-05-06",
        "amount": 200000,
        "currency": "EUR",
        "usd": 220000.5,
    },
    {
        "donor": None,
        "donor_is_recipient": False,
        "date": None,
        "amount": 80000,
        "currency": "USD",
        "usd": 80000,
    },
]
EVENTS: list[dict[str, Any]] = [
    {
        "id": "E1",
        "title": "Invented workshop",
        "place": "Invented town",
        "dates": "2025-02-03",
        "participants": 30,
        "women": 12,
        "source": "invented source",
    },
    {
        "id": "E2",
        "title": "Second invented workshop",
        "place": "",
        "dates": {"starts": "2025-02-10", "ends": "2025-02-12"},
        "participants": 22,
        "women": None,
        "source": "invented source",
    },
]

RESULTS: dict[str, list[dict[str, Any]]] = {
    "outcomes": [
        {
            "text": "Invented trainers selected",
            "value": 5,
            "unit": "people",
            "place": "Inventia",
            "period": "2024",
            "source": "invented source",
            "note": "of 22",
        }
    ],
    "requests": [
        {
            "id": "R1",
            "by": "Invented school",
            "country": "Inventia",
            "text": "more invented training",
            "state": "Invented request state",
        }
    ],
    "indicators": [
        {
            "name": "Invented indicator",
            "unit": "people",
            "baseline": 0,
            "target": 1200,
            "latest": 81,
            "period": "2024",
            "source": "invented source",
        }
    ],
    "findings": [
        {
            "field": "shortfall",
            "printed": 610000,
            "computed": 613350.5,
            "difference": -3350.5,
            "reason": "Invented reason",
        }
    ],
}


def invented_project(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A project with every part of the payload contract; visibly invented."""
    project: dict[str, Any] = {
        "id": f"X{number:04}",
        "code": f"INV{number:04}",
        "title": f"Invented project {number:04}",
        "title_language": "en",
        "programme": "",
        "part_of": None,
        "parts": [],
        "lead_entities": ["Invented lead entity"],
        "partners": [{"name": "Invented partner", "role": "hosts the workshops"}],
        "duration": {"text": "", "starts": "2024-02-01", "ends": "2026-01-31"},
        "location": {
            "as_printed": "Selected invented countries",
            "countries": [{"code": "XXA", "name": "Inventia"}],
            "groups": ["Invented Union"],
            "undetermined": ["two countries not chosen yet"],
            "text": "",
        },
        "regions": [{"code": "002", "name": "Invented region"}],
        "region_as_printed": "Invented region as printed",
        "budget": 913351,
        "budget_as_printed": "$ 913,351",
        "pledged": 300000.5,
        "pledges": [dict(each) for each in PLEDGES],
        "shortfall": 613350.5,
        "shortfall_as_printed": 610000,
        "funded_share": 0.3285,
        "outline": "First invented paragraph.\n\nSecond invented paragraph.",
        "objectives": "An invented objective.",
        "components": [
            {
                "number": 1,
                "title": "Invented component",
                "text": "Invented component text.",
                "activities": ["Invented activity"],
            }
        ],
        "achievements": "Invented achievements.",
        "impact": "Invented impact.",
        "status": {"code": "active", "label": "Invented state"},
        "themes": ["Invented theme"],
        "beneficiaries": ["Invented officers"],
        "mandates": [{"code": "S/RES/0000", "title": "Invented mandate"}],
        "offices": [{"kind": "Field office", "name": "Invented office"}],
        "events": [dict(each) for each in EVENTS],
        **{name: [dict(each) for each in rows] for name, rows in RESULTS.items()},
        "source": "Invented source document",
        "reduced": False,
    }
    return project | changes


def page(project: dict[str, Any], language: str = "en", **extra: Any) -> dict[str, Any]:
    return {
        "document": "project-page",
        "language": language,
        "generated_on": MADE_ON,
        "project": project,
        **extra,
    }


def folder(projects: list[dict[str, Any]], language: str = "en", **changes: Any) -> dict[str, Any]:
    half = len(projects) // 2
    payload: dict[str, Any] = {
        "document": "partnership-folder",
        "language": language,
        "generated_on": MADE_ON,
        "title": "Invented folder",
        "introduction": ["An invented introduction.", "What the totals include is invented."],
        "chapters": [
            {"code": "002", "title": "Invented north", "projects": projects[:half]},
            {"code": "142", "title": "Invented south", "projects": projects[half:]},
        ]
        if projects
        else [],
        "totals": {
            "overall": {
                "budget": 913351 * len(projects),
                "pledged": 300000.5 * len(projects),
                "shortfall": 613350.5 * len(projects),
                "projects": len(projects),
                "includes": "Every invented project.",
                "excludes": "Parts of invented programmes.",
            },
            "by_region": [
                {
                    "name": "Invented north",
                    "budget": 7654321,
                    "pledged": 1234567,
                    "shortfall": 6419754,
                    "projects": half,
                }
            ],
            "by_donor": [{"name": "Inventia", "pledged": 1234567, "projects": 1}],
        },
        "findings": [],
    }
    return payload | changes


SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)
