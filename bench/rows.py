"""Ids and codes of rows that benchmarks put in: as if by chance, and told from the row's number."""

from uuid import UUID

CODE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SPREAD, IDS = 0x9E3779B97F4A7C15F39CC0605CEDC835, 1 << 128


def id_of(row: int) -> UUID:
    """Ids spread as chance would spread them, and tell the row's number to `row_of`."""
    return UUID(int=(row * SPREAD + 77) % IDS)


def row_of(own: UUID) -> int:
    """The number of the row that has this id."""
    return (own.int - 77) * pow(SPREAD, -1, IDS) % IDS


def code_of(row: int) -> str:
    signs = ""
    for _place in range(6):
        row, sign = divmod(row, len(CODE))
        signs = CODE[sign] + signs
    return f"{signs[:3]}-{signs[3:]}"
