"""Engines that the platform runs without and benchmarks compare with, in a folder of their own."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "bench-extras"
PINS = Path(__file__).with_name("requirements-linkage.txt")
MODULES = ("splink", "duckdb", "pyarrow", "pyspark")


def missing() -> list[str]:
    """Those that cannot be imported."""
    return [name for name in MODULES if importlib.util.find_spec(name) is None]


def obtain() -> str:
    """Have the pinned engines at hand; the folder they are in, "" when they are installed.

    Raises RuntimeError when they can be had in no way.
    """
    if not missing():
        return ""
    if FOLDER.exists():
        sys.path.append(str(FOLDER))
        importlib.invalidate_caches()
        if not missing():
            return str(FOLDER)
    print("Installing Splink, DuckDB and Spark for this benchmark ...", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    ended = subprocess.run([*pip, "--target", str(FOLDER), "-r", str(PINS)], check=False)
    sys.path.append(str(FOLDER))
    importlib.invalidate_caches()
    if ended.returncode or missing():
        raise RuntimeError(f"Not to be had: {', '.join(missing())}.")
    return str(FOLDER)
