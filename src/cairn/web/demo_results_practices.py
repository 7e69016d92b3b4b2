"""What the demonstration invents: practices, versions of tools, what was made of them."""

from datetime import date
from typing import Any, Final

from cairn.core.actor import Actor
from cairn.library.actions import practices as actions
from cairn.library.actions import tools as tool_actions
from cairn.library.models import Practice, Tool, ToolDownloads
from cairn.web.demo_protection import Home

SOURCE: Final = "Invented for this demonstration"
# Title, type, countries, stakeholder, its types, crises, phases, guidelines, description.
PRACTICES: Final = (
    (
        "A telephone tree of village teachers before the rains",
        "preparedness",
        ["NPL"],
        "Invented Teachers' Circle",
        ["civil-society"],
        ["disaster"],
        ["preparedness"],
        ["1", "5", "6"],
        "Teachers in forty invented villages agree before each rainy season who calls whom when a "
        "river rises. Seasonal workers from elsewhere are on the list too. The lesson drawn: ask "
        "employers for the numbers early, and try the tree once before it is needed.",
    ),
    (
        "One desk for consular help at an invented border station",
        "coordination",
        ["KEN", "UGA"],
        "Invented Border Forum",
        ["state", "regional"],
        ["conflict"],
        ["emergency"],
        ["7", "9", "10"],
        "Officials of two invented services sit at one desk and take turns, so that people who "
        "flee are asked once. A leaflet in four languages says who may be asked for what. The "
        "lesson drawn: agree on the opening hours in writing before the first crisis.",
    ),
    (
        "Interpreters who are called within the hour",
        "assistance",
        ["JOR", "LBN"],
        "Invented Language Pool",
        ["migrants", "civil-society"],
        ["conflict", "disaster"],
        ["emergency", "after"],
        ["11", "12"],
        "A pool of trained interpreters answers calls of shelters and clinics within the hour. "
        "Each signs that nothing is passed on. The lesson drawn: pay for waiting time as well, or "
        "the pool is empty when it is needed.",
    ),
)
IN_REVIEW: Final = (
    "Savings groups for workers who came home",
    "recovery",
    ["PHL"],
    "Invented Return Office",
    ["state"],
    ["disaster"],
    ["after"],
    ["14", "15"],
    "Workers who came home from an invented disaster save together with their neighbours, and "
    "decide together on the first loans. The lesson drawn: begin within three months of return.",
)
NAMES: Final = (
    "title",
    "type",
    "countries",
    "stakeholder",
    "stakeholder_types",
    "crisis_types",
    "crisis_phases",
    "guidelines",
    "description",
)
# Title of a tool of the sources -> edition, language, since, how often taken in each month.
VERSIONS: Final = (
    ("Toolkit to Combat Trafficking in Persons, 2nd edition", "demonstration", "en", "2025-01", 31),
    ("Toolkit to Combat Trafficking in Persons, 2nd edition", "demonstration", "fr", "2025-03", 17),
    ("Human Trafficking Indicators", "demonstration", "ar", "2025-06", 24),
)
MONTHS: Final = (date(2026, 9, 1), date(2026, 10, 1))


def make_practices(home: Home) -> int:
    """Practices that two people brought into the registry, one that waits, and tools in use."""
    writer, colleague = (
        home.actors.get(name) for name in ("programme-officer", "programme-officer-2")
    )
    if writer is None or Practice.objects.filter(source=SOURCE).exists():
        return 0
    for sketch in PRACTICES:
        code = _sent(writer, sketch)
        if colleague is not None:
            actions.publish_practice(colleague, code, version=1)
    _sent(writer, IN_REVIEW)
    return len(PRACTICES) + 1 + _make_tools(writer)


def _sent(writer: Actor, sketch: tuple[Any, ...]) -> str:
    values = dict(zip(NAMES, sketch, strict=True)) | {"language": "en", "source": SOURCE}
    return actions.send_practice(writer, actions.draft_practice(writer, values).code).code


def _make_tools(keeper: Actor) -> int:
    made = 0
    known = {tool.title: tool for tool in Tool.objects.visible_to(keeper)}
    for title, edition, language, since, taken in VERSIONS:
        if title not in known:
            continue
        values = {
            "edition": edition,
            "language": language,
            "since": since,
            "link": f"https://example.org/invented-{language}.pdf",
            "source": SOURCE,
        }
        version = tool_actions.enter_version(keeper, known[title], values)
        ToolDownloads.objects.bulk_create(
            ToolDownloads(version=version, month=month, count=taken + number)
            for number, month in enumerate(MONTHS)
        )
        made += 1
    if tool := known.get("Human Trafficking Indicators"):
        tool_actions.enter_adaptation(
            keeper,
            tool,
            {
                "country": "NPL",
                "languages": ["ne", "en"],
                "adapted_by": "Invented Police Academy",
                "changed": "Invented: examples from brick kilns, and drawings beside each line.",
                "since": "2025-09",
                "source": SOURCE,
            },
        )
        made += 1
    return made
