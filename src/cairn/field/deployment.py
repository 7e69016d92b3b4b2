"""What whoever deploys chooses for the app: its name, its icon, spoken phrases."""

import re
import struct
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from cairn.field import drawing

# The two sizes that browsers ask for before they offer to install (W3C Web Application Manifest).
ICON_SIZES = (192, 512)
MOST_ICON_BYTES = 200 * 1024
# A launcher of Android cuts longer names off.
MOST_NAME = 30
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
AUDIO = {"mp3": "audio/mpeg", "ogg": "audio/ogg", "m4a": "audio/mp4"}
PHRASE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def neutral_name() -> str:
    """What the app is called on phones: it must not say what the app is for."""
    return str(settings.FIELD_NAME).strip()


def icon(size: int) -> bytes:
    """The icon as PNG: the deployer's own in whatever size it has, else one drawn in `size`."""
    path = str(settings.FIELD_ICON)
    return _read(path) if path else drawing.icon(size)


def icon_size(size: int) -> int:
    """How many pixels wide the icon is that is served for `size`."""
    return width_of(icon(size)) if settings.FIELD_ICON else size


@cache
def _read(path: str) -> bytes:
    return Path(path).read_bytes()


def width_of(png: bytes) -> int:
    """Width of a square PNG in pixels. Raises ValueError for anything else."""
    if len(png) < 24 or not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR":
        raise ValueError("it is no PNG")
    width, height = struct.unpack(">II", png[16:24])
    if width != height:
        raise ValueError("it is not square")
    return int(width)


def recordings(language: str) -> dict[str, Path]:
    """Key of a phrase -> the recording of it that the deployer put into the folder."""
    if not settings.FIELD_AUDIO:
        return {}
    folder = Path(settings.FIELD_AUDIO) / language
    found = (path for path in sorted(folder.glob("*.*")) if path.suffix[1:] in AUDIO)
    return {path.stem: path for path in found if PHRASE.fullmatch(path.stem)}


def check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name and icon before anything starts."""
    found: list[CheckMessage] = []
    if not 0 < len(neutral_name()) <= MOST_NAME:
        found.append(Error(f"CAIRN_FIELD_NAME needs 1 to {MOST_NAME} characters.", id="field.E001"))
    if settings.FIELD_ICON and (why := _wrong_icon(Path(settings.FIELD_ICON))):
        found.append(Error(f"CAIRN_FIELD_ICON cannot be used: {why}.", id="field.E002"))
    if not 1 <= int(settings.FIELD_VALID_DAYS) <= 90:
        found.append(Error("CAIRN_FIELD_VALID_DAYS is 1 to 90.", id="field.E003"))
    if settings.FIELD_AUDIO and not Path(settings.FIELD_AUDIO).is_dir():
        found.append(Error("CAIRN_FIELD_AUDIO is no folder.", id="field.E004"))
    return found


def _wrong_icon(path: Path) -> str:
    try:
        content = path.read_bytes()
        width = width_of(content)
    except OSError:
        return "it cannot be read"
    except ValueError as error:
        return str(error)
    if not ICON_SIZES[0] <= width <= 1024:
        return "it is not 192 to 1,024 pixels wide"
    return "it is larger than 200 kB" if len(content) > MOST_ICON_BYTES else ""
