"""Invented national figures and answered questions; repeated digits, so that nobody takes them
for real ones.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import numpy as np

from cairn.core.tables import write_csv
from cairn.imports.actions import import_file
from cairn.observatory.actions.interactive import ask
from cairn.observatory.models import NationalFigure
from cairn.observatory.queries.interactive import closed_years, is_open
from cairn.observatory.rules.indicators import GLOTIP_COLUMNS
from cairn.observatory.sources_invented import INVENTED
from cairn.web.demo_protection import Home

BRINGS = "statistics-officer"
FIRST = "Invented figures for the demonstration, edition 1"
SECOND = "Invented figures for the demonstration, edition 2"
VICTIMS = "Detected trafficking victims"
NEPAL = ("NPL", "Nepal", "", "")
MALAWI = ("MWI", "Malawi", "", "")
ALL = ("Total", "Total")
# Place, indicator, breakdown, category, sex and age, year, figure, source.
FIGURES = (
    *(
        (NEPAL, VICTIMS, *ALL, ALL, year, figure, FIRST)
        for year, figure in (("2018", "111"), ("2019", "222"), ("2020", "<5"), ("2021", "333"))
    ),
    (NEPAL, VICTIMS, *ALL, ALL, "2021", "444", SECOND),
    (NEPAL, VICTIMS, *ALL, ("Female", "Total"), "2021", "222", FIRST),
    (NEPAL, VICTIMS, *ALL, ("Male", "Total"), "2021", "111", FIRST),
    (NEPAL, VICTIMS, "by form of exploitation", "Forced labour", ALL, "2021", "1,111", SECOND),
    (NEPAL, VICTIMS, "by citizenship", "Nepal", ALL, "2021", "222", FIRST),
    (NEPAL, VICTIMS, "by citizenship", "INDYA", ALL, "2021", "<5", FIRST),
    (NEPAL, VICTIMS, "by citizenship", "Guinee", ALL, "2021", "<5", FIRST),
    (NEPAL, "Persons convicted", *ALL, ALL, "2021", "22", FIRST),
    (MALAWI, VICTIMS, *ALL, ALL, "2020", "55", FIRST),
    (MALAWI, VICTIMS, *ALL, ALL, "2021", "66", FIRST),
)
QUESTIONS = (["sex"], ["age", "form"])


def make_indicators(home: Home) -> int:
    """The figures and the answers, once; how many that makes."""
    if NationalFigure.objects.exists() or BRINGS not in home.actors:
        return 0
    rows = [
        (*place, indicator, breakdown, category, *whom, year, "Counts", figure, source)
        for place, indicator, breakdown, category, whom, year, figure, source in FIGURES
    ]
    people = [
        ("NPL", "Nepal", str(year), "Total", "Total", "11,111,111", FIRST)
        for year in closed_years(home.today)
    ]
    columns = ("Iso3_code", "Country", "Year", "Sex", "Age", "Persons", "Source")
    made = _brought(home, "glotip", GLOTIP_COLUMNS, rows)
    made += _brought(home, "population", columns, people)
    return made + _answers(home.today, home)


def _brought(home: Home, kind: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    stream = BytesIO("".join(write_csv(columns, rows)).encode())
    return import_file(home.actors[BRINGS], kind, f"{kind}.csv", stream).counts["created"]


def _answers(today: date, home: Home) -> int:
    """What somebody asked of the newest year of which a release is public."""
    actor = home.actors[BRINGS]
    years = [year for year in closed_years(today) if is_open(actor, INVENTED.code, year)]
    if not years:
        return 0
    for columns in QUESTIONS:
        ask(actor, INVENTED.code, years[0], columns, today=today, mechanism=_invented)
    return len(QUESTIONS)


def _invented(counts: Sequence[int], epsilon: Decimal) -> list[int]:
    """Noise of the right size on persons who do not exist: repeatable, and so no protection."""
    draw = np.random.default_rng(1_511)
    chance = 1 - float(np.exp(-float(epsilon)))
    noise = draw.geometric(chance, len(counts)) - draw.geometric(chance, len(counts))
    return [number + int(moved) for number, moved in zip(counts, noise, strict=True)]
