"""docs/realtime.md names everything that a client can meet."""

import re
from pathlib import Path

import pytest

from realtime import frames
from realtime.frames import CloseCode
from realtime.routing import ROUTES

GUIDE = (Path(__file__).parents[2] / "docs" / "realtime.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CloseCode)
def test_close_code_is_explained(code):
    codes = GUIDE.partition("## Close codes")[2].partition("\n## ")[0]

    assert re.search(rf"^\|[^|]*\b{code.value}\b[^|]*\|", codes, re.MULTILINE)


@pytest.mark.parametrize("kind", sorted(frames.RESERVED_TYPES))
def test_frame_is_shown(kind):
    assert f'{{"type":"{kind}"' in GUIDE


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_path_is_listed(route):
    assert f"`{route.path.replace('{id}', '{match_id}')}`" in GUIDE


@pytest.mark.parametrize(
    "reason",
    ["epoch_changed", "position_ahead", "too_far_behind", "history_pruned", "access_changed"],
)
def test_reason_of_a_reset_is_explained(reason):
    assert f"`{reason}`" in GUIDE
