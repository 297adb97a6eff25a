"""`make benchmark`: Touchline and the bare server in turns, so that a busy machine slows both."""

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

import django

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--viewers", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="touchline-benchmark-") as folder:
        # A database that is thrown away, chosen before Django reads its settings.
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{folder}/touchline.sqlite3",
            "REDIS_URL": "",
            "LOG_LEVEL": "WARNING",
            # One scorer logs for everybody here: counted as always, refused never.
            "LIMIT_READS": "1000000/1m",
            "LIMIT_WRITES": "1000000/1m",
        }
        django.setup()
        # Models can be imported only after set-up.
        from benchmarks.suite import run

        asyncio.run(run(Path(folder), rounds=arguments.rounds, viewers=arguments.viewers))
