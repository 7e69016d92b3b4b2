"""Where things are, and the environment that child processes receive."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VAR = ROOT / "var"
SRC = ROOT / "src"
RUN_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"
SETTINGS = "cairn.config.settings"
MANAGE = "cairn.config.manage"


def home() -> Path:
    """Where an installation keeps its database and files (as the settings read it)."""
    return Path(os.environ.get("CAIRN_HOME") or VAR).expanduser().resolve()


def program(name: str) -> Path:
    """A program of the virtual environment."""
    return VENV / "bin" / name


def child_environment(**changes: str) -> dict[str, str]:
    """This process's environment with the source folder on the path, then `changes`."""
    environment = dict(os.environ)
    for name in ("PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    environment["PYTHONPATH"] = str(SRC)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PATH"] = os.pathsep.join(
        [str(VENV / "bin"), environment.get("PATH") or os.defpath]
    )
    environment.update(changes)
    return environment


def manage_command(*arguments: str) -> list[str]:
    """The command line of one Django management command."""
    return [str(program("python")), "-m", MANAGE, *arguments]
