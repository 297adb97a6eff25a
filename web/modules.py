"""Which ES modules a page will need: told up front, they load side by side, not level by level."""

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
_IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "\./([\w-]+\.js)";', re.MULTILINE)


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """The modules that `entry` ("web/js/viewer.js") imports, directly or not, by static path."""
    folder = entry.rpartition("/")[0]
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        source = (STATIC / waiting.pop()).read_text(encoding="utf-8")
        imported = [f"{folder}/{name}" for name in _IMPORT.findall(source)]
        waiting += [path for path in imported if path not in found]
        found.update(dict.fromkeys(imported))
    return tuple(sorted(found))
