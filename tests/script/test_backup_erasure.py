"""What was erased stays erased: older copies, with and without keys, do not give it back."""

import json
import shutil
from pathlib import Path

import pytest

from tests.script.installations import Installation

pytestmark = pytest.mark.processes

ENTER = """
    from datetime import date
    from cairn.core.models import Organisation
    from cairn.referral.models import Person
    home = Organisation.objects.create(slug="invented", name="Invented shelter", kind="ngo")
    for code, name in (("P-AAAA", "Invented Forgotten"), ("P-BBBB", "Invented Remembered")):
        Person(code=code, organisation=home, country="XXA", age_band="adult",
               opened_on=date(2026, 1, 5), keep_until=date(2028, 1, 5),
               name=name, note="An invented note").save()
"""
ERASE = """
    from cairn.referral.models import Person
    from cairn.vault import keyring
    print(keyring.destroy(Person.objects.get(code="P-AAAA").data_key).existed)
"""
READ = """
    from cairn.referral.models import Person
    from cairn.vault.opening import open_values
    import json
    persons = list(Person.objects.order_by("code"))
    opened = open_values(persons, ["name"])
    print(json.dumps({p.code: getattr(o["name"], "reason", o["name"])
                      for p, o in zip(persons, opened)}))
"""


@pytest.fixture
def source(installation: Installation) -> Installation:
    installation.python(ENTER)
    return installation


def newest(folder: Path) -> Path:
    return max(folder.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)


def names(installation: Installation) -> dict[str, str]:
    read: dict[str, str] = json.loads(installation.python(READ).splitlines()[-1])
    return read


def test_a_person_can_be_read_before_and_not_after(source: Installation) -> None:
    assert names(source)["P-AAAA"] == "Invented Forgotten"
    assert source.python(ERASE) == "True"
    assert names(source) == {"P-AAAA": "erased", "P-BBBB": "Invented Remembered"}


def test_yesterdays_records_do_not_give_an_erased_person_back(
    source: Installation, tmp_path: Path
) -> None:
    source.run("backup", "--skip-checks")
    records = newest(source.backups)
    source.python(ERASE)
    other = source.elsewhere(tmp_path / "other")
    shutil.copytree(source.home / "keys", other.home / "keys")  # the key store goes on living
    said = other.run("restore", str(records), "--into", other.place)
    assert "Sealed records: 2; readable: 1." in said
    assert "1 cannot be read, as their keys were destroyed" in said
    assert names(other) == {"P-AAAA": "erased", "P-BBBB": "Invented Remembered"}


def test_without_any_keys_nothing_can_be_read(source: Installation, tmp_path: Path) -> None:
    source.run("backup", "--skip-checks")
    other = source.elsewhere(tmp_path / "other")
    said = other.run("restore", str(newest(source.backups)), "--into", other.place)
    assert "Sealed records: 2; readable: 0." in said
    assert "2 cannot be read, as their keys are not here" in said
    other.run("migrate", "--database", "keys", "--skip-checks", "-v0")
    assert names(other) == {"P-AAAA": "no-key", "P-BBBB": "no-key"}


def test_yesterdays_key_copy_does_not_give_an_erased_person_back(
    source: Installation, tmp_path: Path
) -> None:
    """The key is in that copy. The list of destroyed keys came with today's records backup."""
    source.run("backup", "--skip-checks")
    records, keys = newest(source.backups), newest(source.backups / "keys")
    source.python(ERASE)
    source.run("backup", "--skip-checks", "--without-keys", "--no-verify")
    other = source.elsewhere(tmp_path / "other")
    said = other.run("restore", str(records), "--into", other.place, "--keys", str(keys))
    assert "destroyed again now: 1." in said
    assert "1 cannot be read, as their keys were destroyed" in said
    assert names(other) == {"P-AAAA": "erased", "P-BBBB": "Invented Remembered"}


def test_the_wrapped_key_is_not_left_in_a_corner_of_the_restored_key_store(
    source: Installation, tmp_path: Path
) -> None:
    wrapped = bytes.fromhex(
        source.python(
            "from cairn.referral.models import Person; from cairn.vault.models import DataKey;"
            'key = Person.objects.get(code="P-AAAA").data_key;'
            "print(bytes(DataKey.objects.get(pk=key).wrapped).hex())"
        )
    )
    source.run("backup", "--skip-checks")
    records, keys = newest(source.backups), newest(source.backups / "keys")
    source.python(ERASE)
    source.run("backup", "--skip-checks", "--without-keys", "--no-verify")
    other = source.elsewhere(tmp_path / "other")
    other.run("restore", str(records), "--into", other.place, "--keys", str(keys))
    for path in (other.home / "keys").iterdir():
        assert wrapped not in path.read_bytes(), path.name


def test_only_the_key_store_comes_back_and_obeys_the_list_too(
    source: Installation, tmp_path: Path
) -> None:
    source.run("backup", "--skip-checks")
    keys = newest(source.backups / "keys")
    source.python(ERASE)
    source.run("backup", "--skip-checks", "--without-keys", "--no-verify")
    shutil.rmtree(source.home / "keys")  # the disk with the keys is lost, the records are not
    said = source.run("restore", str(keys), "--into", str(source.home))
    assert "The key store is back." in said
    assert "destroyed again now: 1." in said
    assert names(source) == {"P-AAAA": "erased", "P-BBBB": "Invented Remembered"}


def test_a_list_that_was_cut_short_is_refused(source: Installation, tmp_path: Path) -> None:
    """Somebody who may write to the folder of backups cannot bring a person back."""
    source.run("backup", "--skip-checks")
    records, keys = newest(source.backups), newest(source.backups / "keys")
    source.python(ERASE)
    source.run("backup", "--skip-checks", "--without-keys", "--no-verify")
    today = newest(source.backups)
    assert today != records
    sheet = today.with_name(today.name.replace(".age", ".manifest.json"))
    content = json.loads(sheet.read_text())
    assert len(content["erased"]) == 1
    sheet.write_text(json.dumps(content | {"erased": {}}))
    other = source.elsewhere(tmp_path / "other")
    command = ["restore", str(today), "--into", other.place, "--keys", str(keys)]
    assert "was altered after it was made" in other.run(*command, code=1)
