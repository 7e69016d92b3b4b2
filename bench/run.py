"""`./cairn bench NAME [arguments]`: runs bench/NAME.py, or lists what there is to run.

A benchmark is a file with a docstring and `main(arguments)`; it measures with `measure.py` and
returns an exit code or None. It makes its own input, from a fixed seed, in a temporary folder.
"""

import ast
import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def benchmarks(folder: Path = FOLDER) -> dict[str, str]:
    """Name -> first line of its docstring, by name."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text())
        mains = [each for each in tree.body if getattr(each, "name", "") == "main"]
        if mains and path.stem != "run":
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def listing(found: dict[str, str]) -> str:
    if not found:
        return "There are no benchmarks yet."
    width = max(map(len, found))
    return "\n".join(
        [
            "Benchmarks:",
            *(f"  ./cairn bench {name:{width}}  {what}" for name, what in found.items()),
        ]
    )


def main(arguments: Sequence[str]) -> int:
    found = benchmarks()
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(listing(found))
        return 0
    name = arguments[0].replace("-", "_")
    if name not in found:
        print(f"There is no benchmark {arguments[0]!r}.\n{listing(found)}", file=sys.stderr)
        return 2
    # Never an installation's own records: each run has an empty home unless one is given.
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as home:
        os.environ.setdefault("CAIRN_HOME", home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
        sys.path.insert(0, str(FOLDER.parent))
        module = importlib.import_module(f"bench.{name}")
        return module.main(arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
