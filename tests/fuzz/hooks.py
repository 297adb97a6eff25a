"""What Schemathesis needs to know of us: how each caller signs in, and ids that exist.

Loaded by its command line (SCHEMATHESIS_HOOKS); the run tells it of its world by a file of JSON.
"""

import json
import os
import random
from pathlib import Path

import httpx
import schemathesis

WORLD = json.loads(Path(os.environ["FUZZ_WORLD"]).read_text(encoding="utf-8"))
CALLER = WORLD["caller"]
# So many ids are real; the others are whatever Schemathesis thinks of.
REAL_IDS = 0.8
_random = random.Random(WORLD["seed"])


# Signed in again each second: some of what is tried ends the session.
@schemathesis.auth(refresh_interval=1)
class CallerAuth:
    def get(self, case, context):
        if CALLER["path"] is None:
            return None
        answer = httpx.post(WORLD["url"] + CALLER["path"], json=CALLER["body"], timeout=20)
        return answer.raise_for_status().json()[CALLER["field"]]

    def set(self, case, data, context):
        if data is not None:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters:
        return path_parameters
    return {
        name: _random.choice(WORLD["ids"][name])
        if name in WORLD["ids"] and _random.random() < REAL_IDS
        else value
        for name, value in path_parameters.items()
    }
