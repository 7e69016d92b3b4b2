"""A whole register compared at once, by Splink on DuckDB or on another engine of its.

Needs the extra `linkage`, which nothing else imports. It reads keyed hashes only: what leaves the
database for the engine tells nobody a name. The model is data (`linkage_settings.json`), the same
for every engine; what it finds is judged by `matching.scoring`, whose rules keep twins apart.
"""

import importlib
import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from cairn.referral.matching.features import EDITION, Kind
from cairn.referral.matching.packing import HEAD, KEY_SIZE, SIZE, Compared
from cairn.referral.matching.scoring import Comparison, compare
from cairn.referral.models.matching import MatchFeatures
from cairn.referral.queries.matching import batch
from cairn.vault.errors import Altered

SETTINGS = Path(__file__).with_name("linkage_settings.json")
MEMORY = "600MB"  # for the engine; the features of a million records take as much
THREADS = 2
CHUNK = 25_000
# A key that more records share joins no one pair: common names with a common year.
MOST_OF_ONE_KEY = 20
# Bits, as the model counts: what lies below is not even judged.
LEAST_WEIGHT = 0.0
WORDS = ("w1", "w2", "w3", "w4")
# Column -> kind of feature of which it holds the first.
COLUMNS = {
    "born": Kind.BORN,
    "folded": Kind.BORN_FOLDED,
    "year": Kind.BORN_YEAR,
    "turning": Kind.BORN_TURNING,
    "sex": Kind.SEX,
    "nationality": Kind.NATIONALITY,
    "paper": Kind.PAPER,
    "phone": Kind.PHONE,
    "mother": Kind.MOTHER,
}


class Register:
    """The features of one organisation's records, uncovered. Numbers stand for ids.

    Bytes in a row, not objects: a million records take little more than what is kept of them.
    """

    __slots__ = ("_ends", "_features", "_ids", "_key_ends", "_keys")

    def __init__(self) -> None:
        self._ids, self._features, self._keys = bytearray(), bytearray(), bytearray()
        self._ends, self._key_ends = array("Q", [0]), array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, own: UUID, packed: bytes) -> None:
        ends = HEAD + SIZE * int.from_bytes(packed[:HEAD], "big")
        self._ids += own.bytes
        self._features += packed[:ends]
        self._keys += packed[ends:]
        self._ends.append(len(self._features))
        self._key_ends.append(len(self._keys))

    def id_of(self, number: int) -> UUID:
        return UUID(bytes=bytes(self._ids[16 * number : 16 * number + 16]))

    def features(self, number: int) -> bytes:
        """What the record is compared by, packed, without the keys that it is found by."""
        return bytes(self._features[self._ends[number] : self._ends[number + 1]])

    def keys(self, start: int, stop: int) -> tuple[bytes, list[int]]:
        """The keys of records in one row, and how many each record has."""
        ends = self._key_ends
        counts = [(ends[at + 1] - ends[at]) // KEY_SIZE for at in range(start, stop)]
        return bytes(self._keys[ends[start] : ends[stop]]), counts

    def drop_keys(self) -> None:
        """The engine has them: comparing needs them no more."""
        self._keys = bytearray()
        self._key_ends = array("Q", bytes(8 * len(self._ends)))


def likely_pairs(organisation_id: UUID) -> dict[tuple[UUID, UUID], Comparison]:
    """Pairs that `matching.scoring` calls likely, of the whole organisation.

    Holds some 1.5 GB for a million records. Raises ImportError without the extra.
    """
    register = gathered(organisation_id)
    if len(register) < 2:
        return {}
    with Engine() as engine:
        engine.take(register)
        register.drop_keys()
        return {
            (register.id_of(left), register.id_of(right)): comparison
            for left, right, comparison in judged(register, engine.pairs())
        }


def gathered(organisation_id: UUID) -> Register:
    """What is kept of every record of the organisation, uncovered in memory."""
    keys, register = batch(organisation_id), Register()
    rows = MatchFeatures.objects.filter(organisation=organisation_id, edition=EDITION)
    for person_id, covered in rows.values_list("person_id", "marks").iterator(20_000):
        try:
            register.add(person_id, keys.uncover(bytes(covered), person_id.bytes))
        except Altered:
            continue
    return register


def judged(
    register: Register, pairs: Iterable[tuple[int, int, int]]
) -> Iterator[tuple[int, int, Comparison]]:
    """Those of `pairs` that are likely, with the points in which they agree."""
    known, sought = -1, Compared(register.features(0))
    for left, right, holders in pairs:
        if left != known:
            known, sought = left, Compared(register.features(left))
        comparison = compare(sought, register.features(right), holders=holders)
        if comparison.is_likely:
            yield left, right, comparison


# -- tables --------------------------------------------------------------------------------------


def tables(register: Register) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(columns of records, columns of keys) as arrays, a chunk at a time."""
    for start in range(0, len(register), CHUNK):
        stop = min(start + CHUNK, len(register))
        counts, marks, kinds, slots = [], [], [], []
        for each in map(register.features, range(start, stop)):
            count = int.from_bytes(each[:HEAD], "big")
            at = HEAD + 8 * count
            counts.append(count)
            marks.append(each[HEAD:at])
            kinds.append(each[at : at + count])
            slots.append(each[at + count :])
        numbers = np.arange(start, stop, dtype="i4")
        entries = {
            "mark": np.frombuffer(b"".join(marks), dtype=">i8"),
            "kind": np.frombuffer(b"".join(kinds), dtype="u1"),
            "slot": np.frombuffer(b"".join(slots), dtype="u1"),
        }
        keys, of_keys = register.keys(start, stop)
        yield (
            _columns(entries, np.repeat(np.arange(stop - start), counts), numbers),
            {
                "id": np.repeat(numbers, of_keys),
                "key": np.frombuffer(keys, dtype=">i8").astype("i8"),
            },
        )


def _columns(entries: Any, owner: Any, numbers: Any) -> dict[str, Any]:
    """One row for each record: the first feature of each kind, and the loose sound of each word."""
    found: dict[str, Any] = {"unique_id": numbers}
    for name, kind in COLUMNS.items():
        found[name] = _first(entries, owner, entries["kind"] == kind, len(numbers))
    spelt = (entries["kind"] == Kind.WORD) & (entries["slot"] & 0x7F < 16)
    found["words"] = np.bincount(owner[spelt], minlength=len(numbers)).astype("u1")
    is_word = (entries["kind"] == Kind.LOOSE) & (entries["slot"] & 0x7F < len(WORDS))
    for place, name in enumerate(WORDS):
        here = is_word & (entries["slot"] & 0x7F == place)
        found[name] = _first(entries, owner, here, len(numbers))
    return found


def _first(entries: Any, owner: Any, chosen: Any, count: int) -> Any:
    """The first chosen mark of each record, masked where there is none."""
    rows, at = np.unique(owner[chosen], return_index=True)
    marks = np.zeros(count, dtype="i8")
    marks[rows] = entries["mark"][chosen][at].astype("i8")
    missing = np.ones(count, dtype=bool)
    missing[rows] = False
    return np.ma.masked_array(marks, mask=missing)


# -- the engine ----------------------------------------------------------------------------------

# Keys that bring records together, as lists: those that few enough records share.
USEFUL = """
CREATE OR REPLACE TABLE useful AS
SELECT keys.id, keys.key, counted.holders FROM keys JOIN (
    SELECT key, count(*) AS holders FROM keys GROUP BY key
    HAVING count(*) BETWEEN {least} AND {most}
) AS counted USING (key)
"""
KEPT = """
CREATE OR REPLACE TABLE {name} AS
SELECT persons.*, kept.keys FROM persons LEFT JOIN (
    SELECT id, list(key) AS keys FROM useful GROUP BY id
) AS kept ON kept.id = persons.unique_id
"""
# The pairs, each with how many records share its rarest key.
COUNTED = """
SELECT unique_id_l, unique_id_r, min(own.holders) FROM {pairs}
JOIN useful AS own ON own.id = unique_id_l
JOIN useful AS other ON other.id = unique_id_r AND other.key = own.key
GROUP BY unique_id_l, unique_id_r ORDER BY unique_id_l, unique_id_r
"""


class Engine:
    """DuckDB with the records in it, and Splink's model over them. Leaves nothing behind."""

    def __init__(self, memory: str = MEMORY) -> None:
        # Not by `import`: these are heavy, and installed only where this is wanted.
        self._splink = importlib.import_module("splink")
        backend = importlib.import_module("splink.backends.duckdb")
        self._arrow = importlib.import_module("pyarrow")
        self.connection = importlib.import_module("duckdb").connect(":memory:")
        for setting in (f"memory_limit='{memory}'", f"threads={THREADS}"):
            self.connection.execute(f"SET {setting}")
        self.connection.execute("SET preserve_insertion_order=false")
        # What does not fit goes there for a while: hashes only, and gone with the engine.
        self._overflow = tempfile.TemporaryDirectory(prefix="cairn-linkage-")
        self.connection.execute(f"SET temp_directory='{self._overflow.name}'")
        self.api = backend.DuckDBAPI(self.connection)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *problem: object) -> None:
        self.connection.close()
        self._overflow.cleanup()

    def take(
        self,
        register: Register,
        name: str = "records",
        *,
        least: int = 2,
        most: int = MOST_OF_ONE_KEY,
    ) -> None:
        """Put the records and the keys that join them into the engine, as the table `name`.

        `least`, `most`: how many records share a key that is kept.
        """
        for records, keys in tables(register):
            for each, columns in (("persons", records), ("keys", keys)):
                self._append(each, columns)
        self.connection.execute(USEFUL.format(least=least, most=most))
        self.connection.execute("DROP TABLE keys")
        self.connection.execute(KEPT.format(name=name))
        self.connection.execute("DROP TABLE persons")

    def _append(self, name: str, columns: Mapping[str, Any]) -> None:
        chunk = self._arrow.table({key: self._arrow.array(each) for key, each in columns.items()})
        self.connection.register("chunk", chunk)
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS FROM chunk LIMIT 0")
        self.connection.execute(f"INSERT INTO {name} FROM chunk")
        self.connection.unregister("chunk")

    def linker(self) -> Any:
        """Splink's model over the table `records`."""
        table = self.api.register("records", table_name="records_of_organisation")
        return self._splink.Linker(table, model(), log_level=40, validate_settings=False)

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """(number, number, how many share their rarest key) of likely pairs, in order."""
        found = self.linker().inference.predict(
            threshold_match_weight=LEAST_WEIGHT, warning_mode="never"
        )
        rows = self.connection.execute(COUNTED.format(pairs=found.physical_name))
        while part := rows.fetchmany(50_000):
            yield from part


def model() -> dict[str, Any]:
    """The settings, as every engine of Splink takes them."""
    settings: dict[str, Any] = json.loads(SETTINGS.read_text())
    return settings
