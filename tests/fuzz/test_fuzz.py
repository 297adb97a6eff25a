"""Whatever is sent, by whomever: no answer is a 5xx, and each is one that the document promises.

A few hundred requests with the other tests; `make fuzz` sends tens of thousands, as everybody.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from config.asgi import application
from tests.fuzz.callers import A_FEW, CALLERS, FuzzWorld
from tests.live import live_server

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "2")
PHASES = os.environ.get("FUZZ_PHASES", "fuzzing,stateful")
IS_THOROUGH = "FUZZ_PHASES" in os.environ
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "allow_header_conformance",
)


@pytest.fixture
def server(transactional_db):
    with live_server(application) as running:
        yield running


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.parametrize("caller", CALLERS if IS_THOROUGH else A_FEW)
@pytest.mark.timeout(3600)
def test_every_answer_is_one_that_the_document_promises(server, settings, tmp_path, caller):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "1000000/1m")
    world = FuzzWorld(settings)
    told = tmp_path / "world.json"
    told.write_text(json.dumps(world.told_to(caller, server.url)), encoding="utf-8")

    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "docs" / "openapi.json")),
            *("--url", server.url, "--checks", ",".join(CHECKS), "--seed", "1"),
            *("--max-examples", EXAMPLES, "--phases", PHASES),
            *("--continue-on-failure", "--request-timeout", "30", "--no-color"),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "FUZZ_WORLD": str(told),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    sys.stdout.write(run.stdout)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr
