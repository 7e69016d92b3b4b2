"""Engines that the platform runs without and benchmarks compare with, in a folder of their own."""

import importlib
import importlib.util
import os
import shutil
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
    _install()
    sys.path.append(str(FOLDER))
    importlib.invalidate_caches()
    if missing():
        raise RuntimeError(f"Not to be had: {', '.join(missing())}.")
    return str(FOLDER)


def _install() -> None:
    """Beside its place first, so that one which was broken off is never taken for whole."""
    fresh = FOLDER.with_name(f"{FOLDER.name}-{os.getpid()}")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    try:
        subprocess.run([*pip, "--target", str(fresh), "-r", str(PINS)], check=True)
        if FOLDER.exists():
            shutil.rmtree(FOLDER)
        fresh.rename(FOLDER)
    except (subprocess.CalledProcessError, OSError) as trouble:
        raise RuntimeError(
            f"Not to be had: {', '.join(missing())}. They come from the package index; without "
            "it, `bench duplicates --no-engines` measures the rest."
        ) from trouble
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
