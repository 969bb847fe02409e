# Everything a newcomer needs: `make demo`, `make test`. Both do all the set-up themselves.
# Needs only Python 3.11 or newer, Node 20 or newer, and make.

.DEFAULT_GOAL := help
.PHONY: help setup web services demo test test-fast lint bench docs lock clean

# The first interpreter that is new enough; `make setup PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$p; break; fi; done)

BIN := .venv/bin
# Twice quiet: warnings about this machine's own pip settings are not for the reader, errors are.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
SETUP := .venv/.setup-done
BENCH := .venv/.bench-done

# Indonesian pages are not for an English spelling list; generated ones are spelt in the source.
ENGLISH_PAGES = $(filter-out %.id.md docs/glossary.md docs/reference/%, \
	$(wildcard *.md docs/*.md docs/*/*.md))

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: web ## make .venv with every package locked by hash, and the web build (does nothing when up to date)

# pyproject.toml is here for the command's entry point, the lock for everything else.
$(SETUP): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer was not found. Install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; \
		echo "Python 3.11 atau lebih baru tidak ditemukan. Pasang dulu, atau sebutkan: make setup PYTHON=/jalur/ke/python3.11" >&2; \
		exit 2; }
	@echo "set-up: .venv ($$($(PYTHON) --version 2>&1))"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
		echo "python -m venv failed; on Debian and Ubuntu install the package python3-venv." >&2; \
		echo "python -m venv gagal; di Debian dan Ubuntu pasang paket python3-venv." >&2; \
		exit 2; }
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { \
		echo "Node 20 or newer with npm was not found; the web pages are built with it. Install it (nodejs.org, or your system's packages)." >&2; \
		echo "Node 20 atau lebih baru dengan npm tidak ditemukan; halaman web dibangun dengannya. Pasang dulu." >&2; \
		exit 2; }
	@echo "set-up: packages of requirements-dev.lock (the first time takes some minutes)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@echo "set-up: compiling planner, router and readers (once)"; $(BIN)/python scripts/warmup.py
	@touch $@
	@echo "set-up: done"

web: $(SETUP) ## build the web pages (does nothing when they are up to date)
	@$(BIN)/python hatch_build.py

services: $(SETUP) ## find, start or install what the tests talk to: Chromium, PostgreSQL
	@$(BIN)/python scripts/services.py

demo: web ## OKU Timur from the built-in facts: sign in to the planning screen on localhost
	@$(BIN)/sispamkota demo --dir demo

test: web services ## every test
	@. .venv/services.env && $(BIN)/pytest -n 2

test-fast: web services ## tests without the whole-regency and browser runs
	@. .venv/services.env && $(BIN)/pytest -n 2 -m "not slow"

lint: web ## format, style, types, import contracts, spelling, dependencies, generated pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell src scripts benchmarks Makefile $(ENGLISH_PAGES)
	$(BIN)/deptry src
	$(BIN)/python scripts/generate_reference.py --check
	$(BIN)/python scripts/check_house.py
	cd web && npm run --silent check && npm run --silent size

bench: web $(BENCH) ## measure (docs/benchmarks.md says what)
	@$(BIN)/python -m benchmarks

$(BENCH): requirements-bench.lock $(SETUP)
	@echo "set-up: packages of requirements-bench.lock"
	@$(PIP) install --require-hashes -r requirements-bench.lock
	@touch $@

docs: $(SETUP) ## write docs/reference from the code
	@$(BIN)/python scripts/generate_reference.py

# Each lock is constrained by the one before, so that the three never disagree on a version.
COMPILE = $$uv pip compile pyproject.toml --quiet --universal --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
lock: $(SETUP) ## write the three requirements*.lock anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@command -v uv >/dev/null 2>&1 || test -x $(BIN)/uv || $(PIP) install uv
	@uv=$$(command -v uv || echo $(BIN)/uv); \
		$(COMPILE) $(UPGRADE) -o requirements.lock && \
		$(COMPILE) $(UPGRADE) -c requirements.lock --group dev -o requirements-dev.lock && \
		$(COMPILE) $(UPGRADE) -c requirements-dev.lock --group dev --group bench -o requirements-bench.lock

clean: ## remove .venv and caches; demo/ is a workspace and stays
	rm -rf .venv build dist web/node_modules src/sispamkota/server/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
