"""A file of this publisher taken in: what it writes, what it leaves, and what it refuses."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import router
from django.test import Client
from django.utils import timezone
from lxml import etree

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry
from cairn.portfolio.actions.iati import compare_iati, take_iati
from cairn.portfolio.exports import iati
from cairn.portfolio.models import (
    Agreement,
    BudgetLine,
    Decision,
    Expenditure,
    Pledge,
    Project,
    Receipt,
)
from cairn.portfolio.queries.iati_comparison import Comparison
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories
from cairn.portfolio.tests.iati_files import activity, document

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ADDRESS = "/aid-data/compare/"
GIVER = "<provider-org><narrative>Invented Giver</narrative></provider-org>"


def money(kind: int, day: str, value: str, giver: str = GIVER, currency: str = "USD") -> str:
    return (
        f'\n<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f'<value currency="{currency}" value-date="{day}">{value}</value>{giver}</transaction>'
    )


def budget(first: str, last: str, value: str, currency: str = "USD", kind: int = 1) -> str:
    return (
        f'\n<budget type="{kind}" status="1"><period-start iso-date="{first}"/>'
        f'<period-end iso-date="{last}"/>'
        f'<value currency="{currency}" value-date="{first}">{value}</value></budget>'
    )


STEPS = (
    money(13, "2024-02-01", "900")
    + money(11, "2024-03-01", "800")
    + money(1, "2024-04-01", "500.25")
    + money(4, "2024-05-01", "20", giver="")
)


def take(content: bytes) -> Comparison:
    return take_iati(SYSTEM, BytesIO(content), today=timezone.localdate())


def look(content: bytes) -> Comparison:
    return compare_iati(SYSTEM, BytesIO(content), today=timezone.localdate())


def counted(found: Comparison) -> dict[str, int]:
    return {name: count for name, count in found.counts.items() if count}


def codes(found: Comparison) -> list[str]:
    return [each["code"] for line in found.lines for each in line.complaints]


def out() -> bytes:
    return b"".join(iati.every_activity(now=NOW))


def test_a_new_project_comes_in_with_its_money_and_stays_withheld() -> None:
    text = activity(inner=budget("2024-02-01", "2024-12-31", "1000.10") + STEPS)
    found = take(document(text))
    assert (found.applied, counted(found)) == (True, {"created": 1})
    made = Project.objects.get()
    assert (made.reference, made.title, made.publication) == (
        "X01", "Invented activity", Publication.WITHHELD,
    )  # fmt: skip
    assert (made.starts, made.outline, made.budget_usd) == (
        "2024-02-01", "Invented.", Decimal("1000.10"),
    )  # fmt: skip
    assert [place.country for place in made.countries.all()] == ["NPL"]
    pledge = Pledge.objects.get()
    assert (str(pledge.donor), pledge.usd, pledge.pledged) == (
        "Invented Giver",
        Decimal(900),
        "2024-02-01",
    )
    agreed = Agreement.objects.get()
    assert (agreed.pledge, agreed.usd, agreed.signed_on) == (pledge, Decimal(800), date(2024, 3, 1))
    assert [each.usd for each in Receipt.objects.all()] == [Decimal("500.25")]
    assert [each.usd for each in Expenditure.objects.all()] == [20]
    assert Decision.objects.filter(project=made, kind="state").exists()
    assert AuditEntry.objects.filter(code="portfolio.taken_in").count() == 1
    # It is not published by being read in.
    assert b"X01" not in out()


def test_the_second_time_changes_nothing() -> None:
    content = document(
        activity(inner=budget("2024-02-01", "2024-12-31", "1000") + STEPS),
        activity("XM-DAC-41128-X02").replace("2024-02-01", "1900-01-01"),
    )
    assert take(content).applied
    before = [*Project.objects.values_list("version", "updated_at")]
    again = take(content)
    # The state of a project is decided here: an activity that says another one stays told of.
    assert counted(again) == {"kept": 2}
    assert [*Project.objects.values_list("version", "updated_at")] == before
    assert (Pledge.objects.count(), Agreement.objects.count(), Receipt.objects.count()) == (1, 1, 1)


def test_what_went_out_comes_in_unchanged_and_builds_the_same_again() -> None:
    made = factories.project(
        "X01", places=["Nepal", "Western Africa"], budget=913_351, starts="2024-02", ends="2026-01",
        outline="Outline & more\nsecond line", objectives="=Objective",
    )  # fmt: skip
    giver = factories.donor("Norway", country="NOR")
    pledge = factories.pledge(made, giver, usd=900_000, pledged="2024-01")
    factories.pledge(made, usd=5)
    agreed = Agreement.objects.create(
        pledge=pledge, reference="A-1", signed_on=date(2024, 2, 1), amount=800, usd=800
    )
    Receipt.objects.create(agreement=agreed, received_on=date(2024, 3, 1), amount=300, usd=300)
    Expenditure.objects.create(
        agreement=agreed, spent_on=date(2024, 4, 1), amount=30, usd=30, what="invented"
    )
    lined = factories.project("X02", budget=300, starts="2024", ends="2025")
    for year, amount in ((2024, 100), (2025, 200)):
        BudgetLine.objects.create(
            project=lined, starts=str(year), ends=str(year), amount=amount, usd=amount
        )
    factories.project("X03", budget=400)  # no period
    first = out()
    assert counted(take(first)) == {"unchanged": 3}
    for model in (Expenditure, Receipt, Agreement, Pledge, BudgetLine, Project):
        model.objects.all().delete()
    found = take(first)
    assert found.applied, found.lines
    assert counted(found) == {"created": 3}
    again = Project.objects.get(reference="X01")
    assert (again.starts, again.ends, again.objectives) == ("2024-02", "2026-01", "=Objective")
    assert set(Pledge.objects.values_list("pledged", "usd")) == {
        ("2024-01", Decimal(900_000)),
        ("", Decimal(5)),
    }
    assert Project.objects.get(reference="X03").budget_usd == 400
    Project.objects.update(publication=Publication.PUBLIC, state="approved")
    assert _told(out()) == _told(first)


def _told(content: bytes) -> list[list[bytes]]:
    """What a file says: elements of each activity; who gives first depends on the draw of keys."""
    return [sorted(etree.tostring(child) for child in each) for each in etree.fromstring(content)]


def test_one_activity_that_is_refused_refuses_the_file() -> None:
    content = document(
        activity(), activity("XM-DAC-41128-X02", inner=money(13, "2024-02-01", "9", currency="EUR"))
    )
    found = take(content)
    assert (found.applied, found.blocking, found.can_be_taken) == (False, 1, False)
    assert codes(found) == ["iati.rate"]
    assert not Project.objects.exists()
    assert not AuditEntry.objects.filter(code="portfolio.taken_in").exists()


def test_a_file_that_ends_half_way_changes_nothing() -> None:
    found = take(document(activity())[:-20] + b"<iati-activity>")
    assert found.refusal["code"] == "iati.xml"
    assert not found.applied
    assert not Project.objects.exists()


def test_comparing_writes_nothing_and_says_what_taking_in_would_refuse() -> None:
    reference = "XM-DAC-41128-" + "X" * 30
    found = look(document(activity(reference)))
    assert (counted(found), codes(found)) == ({"refused": 1}, ["cell.long"])
    assert counted(look(document(activity()))) == {"created": 1}
    assert not Project.objects.exists()


def test_a_preview_leaves_one_entry_of_the_log_and_nothing_else(
    django_capture_on_commit_callbacks: Any,
) -> None:
    kept = [each for each in apps.get_models() if router.db_for_read(each) == "default"]

    def rows() -> Counter[str]:
        return Counter({each._meta.label: each._base_manager.count() for each in kept})

    before = rows()
    with django_capture_on_commit_callbacks() as waiting:
        found = look(document(activity(inner=STEPS)))
    assert found.can_be_taken
    assert rows() - before == Counter({AuditEntry._meta.label: 1})
    assert (before - rows(), waiting) == (Counter(), [])
    assert AuditEntry.objects.latest("sequence").code == "portfolio.compared"


def test_corrections_are_taken_and_what_is_not_told_stays() -> None:
    made = factories.project("X01", starts="2024-02-01", ends="2025", objectives="Stays")
    pledge = factories.pledge(made, factories.donor("Invented Giver"), usd=5, pledged="2024-02-01")
    Agreement.objects.create(
        pledge=pledge, reference="A-1", signed_on=date(2024, 3, 1), amount=5, usd=5
    )
    found = take(
        document(activity(inner=money(13, "2024-02-01", "9") + money(11, "2024-03-01", "7")))
    )
    assert (found.applied, counted(found)) == (True, {"changed": 1})
    [line] = found.lines
    assert set(line.kept) == {"budget", "ends", "objectives", "status"}
    made.refresh_from_db()
    assert (made.title, made.ends, made.objectives) == ("Invented activity", "2025", "Stays")
    assert [each.usd for each in Pledge.objects.all()] == [9]
    assert [(each.reference, each.usd) for each in Agreement.objects.all()] == [("A-1", Decimal(7))]


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (money(1, "2024-04-01", "6"), "iati.agreement"),
        (money(11, "2024-04-01", "6"), "iati.pledge"),
        (money(4, "2023-04-01", "6", giver=""), "iati.agreement"),
        (money(13, "2024-04-01", "6", currency="EUR"), "iati.rate"),
        (budget("2024-01-01", "2024-12-31", "6", currency="EUR"), "iati.rate"),
        (budget("2024-12-31", "2024-01-01", "6"), "iati.period"),
        (money(13, "2024-13-01", "6"), "iati.date"),
        (money(13, "2024-04-01", "0"), "cell.zero"),
    ],
)
def test_money_that_cannot_be_placed_is_refused_with_its_line(inner: str, code: str) -> None:
    factories.project("X01", starts="2024-02-01")
    found = look(document(activity(inner=inner)))
    refused = [
        each for line in found.lines for each in line.complaints if each["severity"] == "error"
    ]
    assert [each["code"] for each in refused] == [code]
    assert refused[0]["line"] == 12
    assert refused[0]["remedy"]


def test_a_payment_that_may_be_a_correction_is_not_added_a_second_time() -> None:
    made = factories.project("X01", starts="2024-02-01")
    pledge = factories.pledge(
        made, factories.donor("Invented Giver"), usd=900, pledged="2024-02-01"
    )
    agreed = Agreement.objects.create(
        pledge=pledge, reference="A-1", signed_on=date(2024, 3, 1), amount=800, usd=800
    )
    Receipt.objects.create(agreement=agreed, received_on=date(2024, 3, 9), amount=500, usd=500)
    found = take(document(activity(inner=STEPS)))
    assert not found.applied
    assert "iati.replaced" in codes(found)
    assert Receipt.objects.count() == 1


def test_a_withdrawn_pledge_stays_withdrawn() -> None:
    made = factories.project("X01", starts="2024-02-01")
    factories.pledge(
        made, factories.donor("Invented Giver"), usd=9, pledged="2024-02-01",
        withdrawn_on=date(2025, 1, 1),
    )  # fmt: skip
    found = take(document(activity(inner=money(13, "2024-02-01", "9"))))
    assert "iati.withdrawn" in codes(found)
    assert not Pledge.objects.current().exists()


def test_periods_of_a_budget_become_lines_where_the_total_alone_would_not_give_them() -> None:
    uneven = budget("2024-02-01", "2024-12-31", "10") + budget("2025-01-01", "2025-06-30", "90")
    content = document(activity(inner=uneven))
    assert take(content).applied
    assert [(each.starts, each.usd) for each in BudgetLine.objects.all()] == [
        ("2024-02-01", Decimal(10)), ("2025-01-01", Decimal(90)),
    ]  # fmt: skip
    assert counted(take(content)) == {"kept": 1}
    more = document(activity(inner=uneven.replace(">90<", ">95<")))
    assert take(more).applied
    assert Project.objects.get().budget_usd == 105
    other = document(activity(inner=budget("2024-02-01", "2024-11-30", "105")))
    assert "iati.budget_kept" in codes(take(other))


def test_a_revised_budget_stands_for_the_original_of_its_period() -> None:
    text = activity(
        inner=budget("2024-02-01", "2024-12-31", "10")
        + budget("2024-02-01", "2024-12-31", "12", kind=2)
    )
    assert take(document(text)).applied
    assert Project.objects.get().budget_usd == 12


def test_activities_of_others_are_told_of_and_never_taken_in() -> None:
    strange = activity("XM-DAC-41128-X02").replace('ref="XM-DAC-41128"', 'ref="XX-1"')
    found = take(document(activity("XX-1-X01"), strange))
    assert (counted(found), found.applied, found.can_be_taken) == ({"other": 2}, True, False)
    assert not Project.objects.exists()


def test_a_reduced_project_is_neither_changed_nor_made_again() -> None:
    factories.project("X01", publication=Publication.REDUCED)
    content = out()
    Project.objects.update(title="Another title", budget_usd=7)
    assert counted(take(content)) == {"kept": 1}
    Project.objects.all().delete()
    found = take(content)
    assert (counted(found), codes(found)) == ({"kept": 1}, ["iati.reduced"])
    assert not Project.objects.exists()


def test_money_of_a_part_is_refused_because_it_is_told_at_the_whole() -> None:
    whole = factories.project("X01")
    factories.project("X02", part_of=whole)
    found = look(document(activity("XM-DAC-41128-X02", inner=STEPS)))
    assert "iati.inside" in codes(found)


def test_the_same_activity_twice_in_a_file_is_refused() -> None:
    for content in (document(activity(), activity()), one_line(document(activity(), activity()))):
        found = take(content)
        assert (found.applied, codes(found)) == (False, ["iati.repeated"])


def one_line(content: bytes) -> bytes:
    return content.replace(b"\n", b" ")


def test_long_files_are_taken_in_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cairn.portfolio.queries.iati_comparison.CHUNK", 2)
    many = [activity(f"XM-DAC-41128-X{number}") for number in range(5)]
    bad = activity("XM-DAC-41128-X9", inner=money(1, "2024-04-01", "6"))
    assert not take(document(*many, bad)).applied
    assert not Project.objects.exists()
    assert take(document(*many)).applied
    assert Project.objects.count() == 5


OLD = """<iati-activity default-currency="USD" xml:lang="en">
<reporting-org ref="XM-DAC-41128" type="40">Invented</reporting-org>
<iati-identifier>XM-DAC-41128-X01</iati-identifier>
<activity-website>http://invented.example/</activity-website>
<title>Invented old activity</title>
<description>Invented.</description>
<activity-status code="2">Implementation</activity-status>
<activity-date type="start-planned" iso-date="2012-02-01"/>
<participating-org role="Funding">Invented Giver</participating-org>
<recipient-country code="NP">Nepal</recipient-country>
<transaction><transaction-type code="D"/><transaction-date iso-date="2012-05-01"/>
<value value-date="2012-05-01">7</value></transaction>
<transaction><transaction-type code="IF"/><transaction-date iso-date="2012-05-01"/>
<value value-date="2012-05-01">7</value></transaction>
</iati-activity>
"""


def test_a_file_of_the_first_versions_is_read_in_the_words_of_today() -> None:
    found = look(document(OLD, version='version="1.03"'))
    assert any("1.03" in note for note in found.notes)
    assert [(each["line"], each["code"]) for each in found.lines[0].complaints] == [
        (5, "iati.unknown"), (12, "iati.transaction_kind"), (14, "iati.agreement"),
    ]  # fmt: skip
    without_money = OLD.partition("<transaction>")[0] + "</iati-activity>"
    assert take(document(without_money, version='version="1.03"')).applied
    made = Project.objects.get()
    assert (made.title, made.starts, made.outline) == (
        "Invented old activity", "2012-02-01", "Invented.",
    )  # fmt: skip


def bring(client: Client, content: bytes, **fields: str) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile("a.xml", content), **fields})


def preview_in(page: Any) -> str:
    return str(page.context["take"].initial["preview"])


def test_an_officer_compares_and_then_takes_the_same_file_in(client: Client) -> None:
    client.force_login(user_with_role("programme-officer"))
    content = document(activity())
    page = bring(client, content)
    assert not Project.objects.exists()
    preview = preview_in(page)
    other = bring(client, document(activity(), activity("XM-DAC-41128-X02")), preview=preview)
    assert (other.status_code, Project.objects.count()) == (409, 0)
    assert bring(client, content, preview="made-up").status_code == 409
    done = bring(client, content, preview=preview)
    assert (done.status_code, Project.objects.count()) == (200, 1)
    assert "taken in" in done.content.decode()


def test_a_preview_is_of_one_person_and_of_the_records_of_its_time(client: Client) -> None:
    client.force_login(user_with_role("programme-officer"))
    content = document(activity())
    preview = preview_in(bring(client, content))
    client.force_login(user_with_role("programme-officer", name="another"))
    assert bring(client, content, preview=preview).status_code == 409
    mine = preview_in(bring(client, content))
    factories.project("X01")
    assert bring(client, content, preview=mine).status_code == 409
    assert Project.objects.get().title == "Invented project X01"


def test_nothing_to_take_in_offers_nothing(client: Client) -> None:
    client.force_login(user_with_role("programme-officer"))
    for content in (document(), document(activity("XX-1-1")), document(activity(), activity())):
        assert bring(client, content).context["take"] is None


def test_the_command_takes_in_or_says_why_not(tmp_path: Any) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(document(activity()))
    told = StringIO()
    call_command("iati_import", str(path), stdout=told)
    assert "taken in" in told.getvalue()
    assert Project.objects.count() == 1
    path.write_bytes(document(activity(inner=money(1, "2024-04-01", "6"))))
    with pytest.raises(CommandError, match="Nothing was taken in"):
        call_command("iati_import", str(path), stdout=told)
