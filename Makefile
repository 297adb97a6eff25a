# Everything a person does with this project; `make help` lists it.
# Needs Python 3.11 or newer and make, nothing else: no database, no Redis, no Node.

VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
# Touched after an installation, so that a second `make run` installs nothing and needs no network.
RUNTIME := $(VENV)/.runtime-installed
TOOLS := $(VENV)/.tools-installed

# The address that `make run` listens on; LISTEN=0.0.0.0 lets a phone on the same network in.
LISTEN ?=
# Test processes. Each has a database of its own; four keep a laptop usable.
WORKERS ?= 4
# More for pytest: make test PYTEST_ARGS="-k clock -x"
PYTEST_ARGS ?=

# What a production start would be given, to check the deployment settings; no server is contacted.
PRODUCTION := env ENVIRONMENT=production DEBUG=false \
	SECRET_KEY=only-for-the-check-ZsVkD2b7Qw9LrT4mXc8Jp1NfHy6Ag3Ue5RoBt0Ki \
	ALLOWED_HOSTS=touchline.example.org \
	CORS_ORIGINS=https://touchline.example.org \
	WEBSOCKET_ORIGINS=https://touchline.example.org \
	DATABASE_URL=postgresql://touchline:only-for-the-check@127.0.0.1/touchline \
	REDIS_URL=redis://127.0.0.1:6379/0 \
	EMAIL_URL=smtp://127.0.0.1 \
	TRUSTED_PROXIES=127.0.0.1

.DEFAULT_GOAL := help
.PHONY: help run demo test test-embedded test-services fuzz setup check lint types contracts migrations-check deploy-check \
	openapi-check layout format migrations openapi benchmark lock clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## start Touchline with the demo match on http://localhost:8000 (PORT=9000 for another)
	@$(MANAGE) serve --migrate --demo $(if $(LISTEN),--host $(LISTEN))

demo: $(RUNTIME) ## put the demo into the database without starting a server
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) setup_demo

test: test-embedded $(if $(DATABASE_URL),test-services) ## run the tests (on PostgreSQL and Redis too when DATABASE_URL and REDIS_URL are set)

test-embedded: $(TOOLS) ## run the tests on SQLite, without any service
	env -u DATABASE_URL -u POSTGRES_HOST -u REDIS_URL $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

test-services: $(TOOLS) ## run the tests on the services that DATABASE_URL and REDIS_URL name
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

fuzz: $(TOOLS) ## send tens of thousands of odd requests, as every kind of caller (minutes; FUZZ_EXAMPLES=40 for more)
	FUZZ_PHASES=examples,coverage,fuzzing,stateful FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),10) \
		$(PYTHON) -m pytest -n $(WORKERS) --dist load -rP tests/fuzz $(PYTEST_ARGS)

setup: $(TOOLS) ## create .venv with everything that running, testing and checking need

check: lint types contracts migrations-check deploy-check openapi-check layout ## all that CI checks besides the tests

lint: $(TOOLS) ## check formatting and style (ruff)
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

types: $(TOOLS) ## check the types (mypy, strict)
	$(PYTHON) -m mypy .

contracts: $(TOOLS) ## check who imports whom (import-linter)
	$(VENV)/bin/lint-imports

migrations-check: $(TOOLS) ## check that every model change has its migration
	$(MANAGE) makemigrations --check --dry-run

deploy-check: $(TOOLS) ## check the settings as a production start would see them
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

openapi-check: $(TOOLS) ## check that docs/openapi.json is what the code says
	@mkdir -p test-results
	$(MANAGE) spectacular --format openapi-json --validate --fail-on-warn --file test-results/openapi.json
	diff -u docs/openapi.json test-results/openapi.json

layout: $(TOOLS) ## check the size budget and the rules of the house
	$(PYTHON) -m pytest -q tests/test_layout.py

format: $(TOOLS) ## format the code and mend what ruff can mend
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

migrations: $(TOOLS) ## write the migrations for changed models (NAME=... names them)
	$(MANAGE) makemigrations $(if $(NAME),--name $(NAME))

openapi: $(TOOLS) ## write docs/openapi.json from the code
	$(MANAGE) spectacular --format openapi-json --validate --fail-on-warn --file docs/openapi.json

benchmark: $(TOOLS) ## measure logging, reading and fan-out against the bare server, in one run
	$(PYTHON) -m benchmarks

lock: $(TOOLS) ## compile requirements*.txt from requirements*.in (needs the network)
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url -o requirements.txt requirements.in
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url -c requirements.txt -o requirements-dev.txt requirements-dev.in

clean: ## remove caches, reports and built files (.venv, .env and the database stay)
	rm -rf staticfiles test-results htmlcov .coverage .coverage.* coverage.xml \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

# The newest Python that fits. Each is run, because a name may exist and yet not work (pyenv, Windows Store).
$(PYTHON):
	@set -e; found=; \
	for name in python3.13 python3.12 python3.11 python3 python; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			found=$$name; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Touchline needs Python 3.11 or newer, and none was found. See https://www.python.org/downloads/" >&2; \
		exit 1; \
	fi; \
	echo "Creating $(VENV) with $$($$found --version)"; \
	"$$found" -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "$$found cannot create a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv" >&2; \
		exit 1; \
	}

$(RUNTIME): requirements.txt | $(PYTHON)
	@echo "Installing what Touchline runs on (a minute or two, only now)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(TOOLS): requirements-dev.txt | $(RUNTIME)
	@echo "Installing the tools for tests and checks (a minute or two, only now)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
