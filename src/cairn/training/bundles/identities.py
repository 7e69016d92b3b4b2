"""An age identity from 32 secret bytes that somebody already keeps, so that no other key is kept.

The text form is Bech32 (BIP 173) with the prefix "age-secret-key-", as age writes it.
"""

_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PREFIX = "age-secret-key-"
_LENGTH = 32


def identity_of(secret: bytes) -> str:
    """ "AGE-SECRET-KEY-1..." for 32 bytes. Raises ValueError for another length."""
    if len(secret) != _LENGTH:
        raise ValueError("An age identity has 32 bytes.")
    values = _by_five(secret)
    spread = [ord(sign) >> 5 for sign in _PREFIX] + [0] + [ord(sign) & 31 for sign in _PREFIX]
    check = _polymod([*spread, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    signs = [*values, *(check >> 5 * (5 - place) & 31 for place in range(6))]
    return (_PREFIX + "1" + "".join(_SIGNS[each] for each in signs)).upper()


def _by_five(content: bytes) -> list[int]:
    """Groups of five bits, the last one filled up with zeros."""
    bits = "".join(f"{byte:08b}" for byte in content)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]


def _polymod(values: list[int]) -> int:
    """The check sum of BIP 173."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            if top >> place & 1:
                check ^= generator
    return check
