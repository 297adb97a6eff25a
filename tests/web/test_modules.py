import re

import pytest

from web.modules import STATIC, modules_of

ENTRIES = ["web/js/viewer.js", "web/js/landing.js"]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_module_is_found_through_the_ones_that_import_it(entry):
    modules = modules_of(entry)

    assert "web/js/follower.js" in modules
    assert "web/js/feed-rules.js" in modules, "imported by an imported module"
    assert entry not in modules
    assert all((STATIC / module).is_file() for module in modules)


def test_no_module_lies_about_unused():
    entries = [*ENTRIES, *(f"web/js/{page}-page.js" for page in ("reset", "verify", "invitation"))]
    used = {module for entry in entries for module in modules_of(entry)} | set(entries)
    present = {f"web/js/{path.name}" for path in (STATIC / "web" / "js").glob("*.js")}

    # Types are read by editors, never by a browser.
    assert present - used == {"web/js/types.js"}


def test_modules_import_by_a_path_that_content_hashing_can_rewrite():
    odd = [
        line
        for path in (STATIC / "web" / "js").glob("*.js")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"^import\b|\bfrom \"", line) and not line.endswith(('.js";', "{"))
    ]

    assert odd == []
