"""Sealing and opening one field against the bare AES-GCM call, 40 and 4,000 bytes (at most 2x)."""

import time
import timeit
from collections.abc import Callable, Sequence
from os import urandom

from bench import scene

TARGET = 2.0
REPEATS = 15
SIZES = {40: 20_000, 4_000: 5_000}  # bytes -> calls in one repeat


def fastest(call: Callable[[], object], calls: int) -> float:
    """Microseconds of processor time a call: the best of several repeats, undisturbed."""
    rounds = timeit.repeat(call, timer=time.process_time, number=calls, repeat=REPEATS)
    return min(rounds) / calls * 1e6


def rows(size: int, calls: int) -> list[tuple[str, float, float]]:
    """(what, microseconds, times the bare call) for one size of text."""
    from cairn.core.classification import Zone
    from cairn.referral.models import Person
    from cairn.vault import envelope, keyring
    from cairn.vault.fields import SealedTextField

    field = next(each for each in Person.sealed_fields() if isinstance(each, SealedTextField))
    record = Person(data_key=keyring.create(Zone.PROTECTION))
    cipher, place = keyring.for_sealing(record.data_key), record.sealed_place()
    text = "x" * size
    plain, bound, nonce = text.encode(), b"b" * 80, urandom(12)
    bare = cipher.encrypt(nonce, plain, bound)
    sealed = field.seal(plain, cipher, place)
    attribute = field.attname

    def save() -> None:
        setattr(record, attribute, text)
        field.pre_save(record, add=False)

    seal_bare = fastest(lambda: cipher.encrypt(urandom(12), plain, bound), calls)
    open_bare = fastest(lambda: cipher.decrypt(nonce, bare, bound), calls)
    measured = [
        ("bare call with a fresh nonce: seal", seal_bare, 1.0),
        (
            "field: seal",
            fastest(lambda: field.seal(text.encode(), cipher, place), calls),
            seal_bare,
        ),
        ("attribute: assign and prepare to save", fastest(save, calls), seal_bare),
        ("bare call: open", open_bare, 1.0),
        ("field: open", fastest(lambda: field.unseal(sealed, cipher, place), calls), open_bare),
    ]
    assert field.unseal(sealed, cipher, place) == text
    assert len(sealed) - size == len(envelope.seal(cipher, b"", b""))
    return [(what, took, 1.0 if base == 1.0 else took / base) for what, took, base in measured]


def main(arguments: Sequence[str]) -> int:
    scene.set_up()
    slow = []
    for size, calls in SIZES.items():
        for what, took, ratio in rows(size, calls):
            print(f"{size:5} bytes  {what:38} {took:7.2f} us {ratio:6.2f}")
            if what.startswith("field") and ratio > TARGET:
                slow.append(f"{what} of {size} bytes: {ratio:.2f}")
    print(
        "\n".join(f"Over the target of {TARGET}: {each}" for each in slow) or "Within the target."
    )
    return 1 if slow else 0
