# `make help` says what there is.  Needs only a Python 3.11 or newer; everything else goes into .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos kafka lock golden policy clean

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 14)))' 2>/dev/null \
	&& { command -v $$p; break; }; done)
VENV ?= .venv
PY = $(VENV)/bin/python
READY = $(VENV)/ready
ARGS ?=
BROKERS = kafka or embedded or browser

help: ## what each command does
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.13 found: install one, or run make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "make: $(PYTHON) has no venv or pip: install them (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import platform, sys; sys.exit(not (sys.platform == "linux" and platform.machine() == "x86_64"))' \
		|| echo "make: the embedded broker has no wheel for this platform: give make demo a Kafka by ARGS='--broker HOST:PORT'" >&2
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock \
		|| { echo "make: the packages could not be installed: see the lines above; is a package index within reach?" >&2; exit 1; }
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## a simulated programme on an embedded broker: matches and nudges in the terminal
	@$(PY) -m streams demo $(ARGS)

test: $(READY) ## all tests: those without a broker in parallel, then those on brokers
	$(PY) -m pytest -n 2 --dist loadscope -m "not ($(BROKERS))" $(ARGS)
	$(PY) -m pytest -m "$(BROKERS)" $(ARGS)

check: $(READY) ## style, types and import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(READY) ## speed, as JSON lines
	$(PY) -m tests.benchmarks $(ARGS)

chaos: $(READY) ## takeover times, then 15 minutes on a real Kafka under kill -9, freezes and broker kills
	$(PY) -m tests.chaos.failover
	$(PY) -m tests.chaos $(ARGS)

kafka: $(READY) ## a real Kafka in the foreground (needs Java 17 and Maven)
	$(PY) -m streams kafka $(ARGS)

golden: $(READY) ## write the golden schemas anew, after a wanted change
	$(PY) -m tests.schemas.golden

policy: $(READY) ## write deploy/policy.toml anew, after a wanted change
	$(PY) -m streams policy > deploy/policy.toml

lock: $(READY) ## pin every package anew (needs uv)
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --extra dev --extra demo pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --constraints requirements.lock pyproject.toml -o deploy/requirements.lock

clean: ## remove the environment and all local data
	rm -rf $(VENV) .mentorway
