"""Schema, code lists and ruleset: what breaks a rule is found, and by the rule that it breaks."""

import json
from datetime import date
from io import BytesIO

import pytest

from cairn.portfolio.iati.parsing import Document
from cairn.portfolio.iati.standard import Finding, Standard
from cairn.portfolio.tests.iati_files import STANDARD, activity, document, needs_standard

pytestmark = needs_standard
TODAY = date(2025, 6, 1)
IN_2024 = '<period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>'
VALUE = '<value value-date="2024-03-01">5</value>'
PAID = f'<transaction-type code="4"/><transaction-date iso-date="2024-03-01"/>{VALUE}'

REFERENCE = '<reference vocabulary="1" code="1"/>'


@pytest.fixture(scope="module")
def standard() -> Standard:
    return Standard(STANDARD, today=TODAY)


def check(standard: Standard, content: bytes) -> list[Finding]:
    return list(standard.check_file(Document(BytesIO(content))))


def organisation(inner: str, attributes: str = 'default-currency="USD" xml:lang="en"') -> bytes:
    return f"""<iati-organisations version="2.03"><iati-organisation {attributes}>
<organisation-identifier>XM-DAC-41128</organisation-identifier><name><narrative>I</narrative></name>
<reporting-org ref="XM-DAC-41128" type="40"><narrative>I</narrative></reporting-org>{inner}
</iati-organisation></iati-organisations>""".encode()


def test_every_case_of_the_ruleset_is_there(standard: Standard) -> None:
    assert standard.ruleset.cases == 107


def test_the_smallest_files_break_nothing(standard: Standard) -> None:
    assert check(standard, document(activity())) == []
    assert check(standard, organisation("")) == []


def indicator(inner: str, measure: str = "1") -> str:
    return (
        '<result type="1"><title><narrative>R</narrative></title>'
        f'<indicator measure="{measure}"><title><narrative>I</narrative></title>{inner}</indicator>'
        "</result>"
    )


def in_period(inner: str, measure: str = "1") -> str:
    return indicator(f"<period>{IN_2024}{inner}</period>", measure)


# The rule that must speak, and what it must speak about: (changes of the text, what is added).
COUNTRY, SECTOR = '<recipient-country code="NP"/>', '<sector code="15130"/>'
START = '<activity-date type="1" iso-date="2024-02-01"/>'
CASES: list[tuple[str, dict[str, str], str]] = [
    ("1.1.3", {">XM-DAC-41128-X01<": ">XM-DAC-41128<"}, ""),
    ("1.1.21", {">XM-DAC-41128-X01<": ">XX-1-X01<"}, ""),
    ("1.3.1", {">XM-DAC-41128-X01<": ">XM-DAC-41128-X01 <"}, ""),
    ("1.3.13", {">XM-DAC-41128-X01<": ">XM-DAC-41128-X/01<"}, ""),
    ("1.14.1", {'ref="XM-DAC-41128"': 'ref=" XM-DAC-41128"'}, ""),
    ("1.14.13", {'ref="XM-DAC-41128"': 'ref="XM-DAC?41128"'}, ""),
    ("1.8.1", {'participating-org role="2"': 'participating-org ref="XX-1 " role="2"'}, ""),
    ("1.8.13", {'participating-org role="2"': 'participating-org ref="XX|1" role="2"'}, ""),
    ("1.9.1", {'participating-org role="2"': 'participating-org activity-id="X " role="2"'}, ""),
    ("1.7.1", {}, '<related-activity ref="XX-1 " type="1"/>'),
    ("4.1.1", {' xml:lang="en"': ""}, ""),
    ("4.3.1", {"<title><narrative>Invented activity</narrative>": "<title><narrative/>"}, ""),
    ("4.4.1", {"<narrative>Invented.</narrative>": "<narrative/>"}, ""),
    ("6.2.2", {SECTOR: ""}, ""),
    ("6.7.2", {SECTOR: ""}, f"<transaction>{PAID}</transaction>"),
    ("6.6.2", {}, f'<transaction>{PAID}<sector code="15130"/></transaction>'),
    ("6.10.1", {'role="2"><narrative>Invented</narrative><': 'role="2"><'}, ""),
    ("6.11.1", {START: '<activity-date type="3" iso-date="2024-02-01"/>'}, ""),
    ("6.9.1", {}, f"<transaction>{PAID}<provider-org/></transaction>"),
    ("6.9.2", {}, f"<transaction>{PAID}<receiver-org/></transaction>"),
    ("1.10.1", {}, f'<transaction>{PAID}<provider-org ref="X "/></transaction>'),
    ("1.10.13", {}, f'<transaction>{PAID}<provider-org ref="X?"/></transaction>'),
    ("1.4.1", {}, f'<transaction>{PAID}<provider-org ref="X" provider-activity-id=" X"/>'
     "</transaction>"),
    ("1.15.1", {}, f'<transaction>{PAID}<receiver-org ref="X "/></transaction>'),
    ("1.15.13", {}, f'<transaction>{PAID}<receiver-org ref="X|"/></transaction>'),
    ("1.5.1", {}, f'<transaction>{PAID}<receiver-org ref="X" receiver-activity-id=" X"/>'
     "</transaction>"),
    ("11.2.1", {'-date iso-date="2024-03': '-date iso-date="2031-03'},
     f"<transaction>{PAID}</transaction>"),
    ("11.2.2", {'value-date="2024': 'value-date="2031'}, f"<transaction>{PAID}</transaction>"),
    ("3.6.2", {}, f'<transaction>{PAID}<recipient-country code="NP"/></transaction>'),
    ("3.7.1", {COUNTRY: ""}, ""),
    ("3.7.2", {COUNTRY: ""}, f"<transaction>{PAID}</transaction>"),
    ("3.1.1", {COUNTRY: COUNTRY + '<recipient-country code="KE"/>'}, ""),
    ("3.1.2", {COUNTRY: '<recipient-country code="NP" percentage="50"/>'
               '<recipient-country code="KE" percentage="49"/>'}, ""),
    ("3.1.4", {COUNTRY: '<recipient-country code="NP" percentage="50"/>'}, ""),
    ("3.4.1", {COUNTRY: '<recipient-region code="298" vocabulary="1"/>'
               '<recipient-region code="498" vocabulary="1"/>'}, ""),
    ("3.4.2", {COUNTRY: '<recipient-country code="NP" percentage="50"/>'
               '<recipient-region code="298" vocabulary="1" percentage="40"/>'}, ""),
    ("3.4.4", {COUNTRY: '<recipient-region code="298" vocabulary="1" percentage="40"/>'}, ""),
    ("12.1.1", {COUNTRY: '<recipient-country code="NP" percentage="101"/>'}, ""),
    ("12.3.1", {SECTOR: '<sector code="15130" percentage="-1"/>'}, ""),
    ("12.2.1", {}, '<capital-spend percentage="101"/>'),
    ("2.1.1", {SECTOR: SECTOR + '<sector code="15160"/>'}, ""),
    ("2.1.2", {SECTOR: '<sector code="15130" percentage="50"/>'
               '<sector code="15160" percentage="60"/>'}, ""),
    ("2.1.4", {SECTOR: '<sector code="15130" percentage="50"/>'}, ""),
    ("2.2.1", {}, '<sector vocabulary="99" code="X"/>'),
    ("102.1.1", {SECTOR: '<sector vocabulary="2" code="151"/>'}, ""),
    ("6.13.1", {}, '<policy-marker vocabulary="99" code="1"/>'),
    ("6.14.1", {}, '<policy-marker vocabulary="1" code="1"/>'),
    ("107.1.2", {}, '<default-aid-type code="A01"/><default-aid-type code="A02"/>'),
    ("107.1.1", {}, '<default-aid-type vocabulary="2" code="1"/>'),
    ("107.2.1", {}, f'<transaction>{PAID}<aid-type vocabulary="2" code="1"/></transaction>'),
    ("107.2.2", {}, f'<transaction>{PAID}<aid-type code="A01"/><aid-type code="A02"/>'
     "</transaction>"),
    ("7.5.3", {}, f"<budget>{IN_2024}{VALUE}</budget>".replace("2024-12-31", "2025-01-02")),
    ("8.6.3", {}, f"<budget>{IN_2024}{VALUE}</budget>".replace("2024-01-01", "2025-01-01")),
    ("7.8.1", {'default-currency="USD" ': ""}, f"<budget>{IN_2024}{VALUE}</budget>"),
    ("7.9.1", {}, '<country-budget-items vocabulary="1"><budget-item code="1"/>'
     '<budget-item code="2"/></country-budget-items>'),
    ("7.9.2", {}, '<country-budget-items vocabulary="1"><budget-item code="1" percentage="1"/>'
     '<budget-item code="2" percentage="1"/></country-budget-items>'),
    ("7.9.4", {}, '<country-budget-items vocabulary="1"><budget-item code="1" percentage="1"/>'
     "</country-budget-items>"),
    ("11.1.1", {"<iati-activity ":
                '<iati-activity last-updated-datetime="2031-01-01T00:00:00Z" '}, ""),
    ("11.1.2", {START: START + '<activity-date type="3" iso-date="2023-01-01"/>'}, ""),
    ("11.1.3", {START: '<activity-date type="2" iso-date="2024-02-01"/>'
                '<activity-date type="4" iso-date="2024-01-01"/>'}, ""),
    ("11.1.4", {START: '<activity-date type="2" iso-date="2031-02-01"/>'}, ""),
    ("11.1.5", {START: START + '<activity-date type="4" iso-date="2031-02-01"/>'}, ""),
    ("8.8.1", {}, indicator('<baseline year="2024"/>')),
    ("8.8.2", {}, indicator('<baseline year="2024" value="many"/>')),
    ("8.8.3", {}, indicator('<baseline year="2024" value="1"/>', "5")),
    ("8.9.1", {}, in_period("<target/>")),
    ("8.9.2", {}, in_period('<target value="many"/>')),
    ("8.9.3", {}, in_period('<target value="1"/>', "5")),
    ("8.10.1", {}, in_period("<actual/>")),
    ("8.10.2", {}, in_period('<actual value="many"/>')),
    ("8.10.3", {}, in_period('<actual value="1"/>', "5")),
    ("8.6.1", {}, in_period("").replace("2024-12-31", "2023-12-31")),
    ("8.11.1", {}, in_period("").replace("<indicator", f"{REFERENCE}<indicator")
     .replace("<period>", f"{REFERENCE}<period>")),
    ("6.8.1", {}, '<other-identifier ref="X" type="A1"><owner-org/></other-identifier>'),
    ("1.11.1", {}, '<other-identifier ref="X" type="A1"><owner-org ref="X "/></other-identifier>'),
    ("1.11.13", {}, '<other-identifier ref="X" type="A1"><owner-org ref="X/"/></other-identifier>'),
    ("1.16.1", {}, '<other-identifier ref="X " type="B1"/>'),
    ("1.6.1", {}, '<other-identifier ref="X " type="A3"/>'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "inner"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_of_activities_speaks_where_it_is_broken(
    standard: Standard, rule: str, changes: dict[str, str], inner: str
) -> None:
    text = activity(inner=inner)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    found = check(standard, document(text))
    assert rule in {each.code for each in found if each.layer == "rule"}
    assert all(each.line for each in found)


COUNTRY_BUDGET = '<recipient-country code="NP"/>'
ORGANISATIONS: list[tuple[str, bytes]] = [
    ("11.4.1", organisation("", 'last-updated-datetime="2031-01-01T00:00:00Z" xml:lang="en"')),
    ("4.5.1", organisation("", 'default-currency="USD"')),
    ("7.8.2", organisation(f"<total-budget>{IN_2024}{VALUE}</total-budget>", 'xml:lang="en"')),
    ("1.12.1", organisation("").replace(b"41128</org", b"41128 </org")),
    ("1.12.13", organisation("").replace(b"41128</org", b"41128?</org")),
    ("1.18.1", organisation("").replace(b'"XM-DAC-41128"', b'" XM-DAC-41128"')),
    ("1.18.13", organisation("").replace(b'"XM-DAC-41128"', b'"XM-DAC/41128"')),
    ("1.17.1", organisation(f'<recipient-org-budget><recipient-org ref="X "/>{IN_2024}{VALUE}'
                            "</recipient-org-budget>")),
    ("11.3.1", organisation(
        f"<recipient-country-budget>{COUNTRY_BUDGET}{IN_2024}{VALUE}<budget-line>"
        '<value value-date="2023-01-01">1</value></budget-line></recipient-country-budget>')),
    *[
        (rule, organisation(f"<{name}>{first}{IN_2024}{VALUE}</{name}>".replace(old, new)))
        for name, first in (
            ("total-budget", ""),
            ("recipient-org-budget", '<recipient-org ref="X"/>'),
            ("recipient-region-budget", '<recipient-region code="298"/>'),
            ("recipient-country-budget", COUNTRY_BUDGET),
            ("total-expenditure", ""),
        )
        for rule, old, new in (
            ("8.6.3", "2024-01-01", "2025-01-01"),
            ("7.5.3", "2024-12-31", "2025-02-01"),
        )
    ],
]  # fmt: skip


@pytest.mark.parametrize(("rule", "content"), ORGANISATIONS)
def test_a_rule_of_organisations_speaks_where_it_is_broken(
    standard: Standard, rule: str, content: bytes
) -> None:
    assert rule in {each.code for each in check(standard, content) if each.layer == "rule"}


def test_a_year_may_be_a_leap_year(standard: Standard) -> None:
    budget = f"<budget>{IN_2024}{VALUE}</budget>"
    for first, last in (("2024-02-29", "2025-02-28"), ("2024-01-01", "2025-01-01")):
        text = budget.replace("2024-01-01", first).replace("2024-12-31", last)
        assert check(standard, document(activity(inner=text))) == []


def test_schema_and_lists_name_the_line(standard: Standard) -> None:
    text = activity(inner='\n<budget type="7"/>')
    found = check(standard, document(text))
    assert {(each.layer, each.line) for each in found} == {("schema", 12), ("codelist", 12)}


@pytest.mark.parametrize(
    ("text", "severity"),
    [('<collaboration-type code="99"/>', "error"), ('<collaboration-type code="1"/>', "")],
)
def test_a_code_outside_a_complete_list_is_an_error(
    standard: Standard, text: str, severity: str
) -> None:
    found = check(standard, document(activity(inner=text)))
    assert [each.severity for each in found if each.layer == "codelist"] == (
        [severity] if severity else []
    )


def test_a_code_outside_an_open_list_is_a_warning(standard: Standard) -> None:
    text = activity().replace('code="NP"', 'code="QQ"')
    [found] = check(standard, document(text))
    assert (found.layer, found.code, found.severity) == ("codelist", "Country", "warning")


# A prefix of a register is looked up in a list that the folder does not hold.
NOT_ASKED = {"1.14.8", "1.18.8"}


def test_no_rule_is_left_out_here() -> None:
    told: set[str] = set()

    def gather(part: object) -> None:
        if isinstance(part, dict):
            if "ruleInfo" in part:
                told.add(part["ruleInfo"]["id"])
            for each in part.values():
                gather(each)
        elif isinstance(part, list):
            for each in part:
                gather(each)

    gather(json.loads((STANDARD / "ruleset-standard-2.03.json").read_text()))
    shown = {case[0] for case in CASES} | {rule for rule, _content in ORGANISATIONS}
    assert told - shown == NOT_ASKED


def test_the_example_with_bad_codes_is_valid_but_for_its_codes(standard: Standard) -> None:
    path = STANDARD / "examples" / "IATI-CoVE-sample-activity-standard-BadCodes.xml"
    found = check(standard, path.read_bytes())
    assert {each.layer for each in found} == {"codelist", "rule"}
    bad = {each.code for each in found if each.layer == "codelist"}
    assert {"ActivityDateType", "ActivityStatus", "BudgetType", "OrganisationRole"} <= bad
    assert all(each.line > 1 for each in found)
