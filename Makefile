# `make` alone lists what there is. Nothing here needs root, Docker or an account; once a target has run,
# running it again reuses everything and needs no network.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: help demo test lint prove cluster-test test-s3 check notebook pictures backtest bench bench-studio lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := lifetide-demo
PYTEST := $(BIN)/python -m pytest
# Two processes, one JVM: a plan over a few rows keeps one core busy with planning, and leaves the other idle.
BESIDE := -n 2 --dist loadfile --no-loadscope-reorder

# uv does the same as venv and pip, sooner; pip stays the way that is always there.
UV := $(shell command -v uv 2>/dev/null)

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.project ## build everything on real data, then say what was found (a few minutes; later runs are quicker)
	$(BIN)/lifetide demo --dir $(DEMO)

test: lint ## style, types and every test but the long proofs (gets a Chromium where there is none)
	$(BIN)/python tests/chromium.py
	$(PYTEST) $(BESIDE) -ra --durations=10

lint: $(VENV)/.project
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

prove: $(VENV)/.project ## the long proofs: many schedules, kills, simulated shops
	$(BIN)/python tests/chromium.py
	$(PYTEST) -ra --durations=10 -m prove

cluster-test: $(VENV)/.project ## the jobs on a Spark master with two workers on this machine, and through Spark Connect
	$(PYTEST) -ra -m cluster

# The server is for this alone, and Spark fetches 640 MB of S3 classes once: neither belongs to every set-up.
test-s3: $(VENV)/.project ## a warehouse on s3a:// against a server on this machine (fetches 640 MB once; minutes)
	test -x $(VENV)-s3/bin/moto_server || { $(PYTHON) -m venv $(VENV)-s3 && \
	  $(VENV)-s3/bin/python -m pip install --quiet --disable-pip-version-check 'moto[server]==5.2.5'; }
	$(PYTEST) -ra -m s3 tests/s3

check: $(VENV)/.project ## run the data-quality gates on the demo's tables
	@test -f $(DEMO)/settings.toml || { echo "There is no $(DEMO)/ yet: run 'make demo' first." >&2; exit 2; }
	$(BIN)/lifetide check --settings $(DEMO)/settings.toml

notebook: $(VENV)/.project ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=notebooks

pictures: $(VENV)/.project ## take the pictures of README.md and the guides anew, on the demo, in Chromium
	@test -f $(DEMO)/report.html || { echo "There is no $(DEMO)/ yet: run 'make demo' first." >&2; exit 2; }
	$(BIN)/python tests/pictures.py --demo $(DEMO)

# The grocery log cannot ship (R package BTYDplus, GPL-3): LOGS=folder says where grocery_elog.parquet lies.
backtest: $(VENV)/.project ## groups and orders to come on public logs, held out, beside their bars (LOGS=folder for one more)
	$(BIN)/python tests/benchmarks/backtest.py $(if $(LOGS),--logs $(LOGS))
	$(BIN)/python tests/benchmarks/ltv.py $(if $(LOGS),--logs $(LOGS))

bench-studio: $(VENV)/.project ## the studio against its bars: ten million made-up customers, JupyterLab and Chromium (minutes)
	$(BIN)/python tests/benchmarks/studio.py
	$(BIN)/python tests/benchmarks/studio_pages.py

bench: $(VENV)/.project ## list the benchmarks and how to run them
	@found=0; for script in tests/benchmarks/*.py; do \
	  if [ -f "$$script" ]; then found=1; echo "  $(BIN)/python $$script"; fi; \
	done; [ $$found = 1 ] || echo "There are no benchmarks in tests/benchmarks yet."

lock: $(VENV)/.project ## bring requirements.lock up to pyproject.toml; versions that still fit stay (needs uv and a network)
	@test -n "$(UV)" || { echo "'make lock' needs uv: https://docs.astral.sh/uv/" >&2; exit 2; }
	cp requirements.lock requirements.lock.new
	"$(UV)" pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.10 \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock.new
	{ echo "# Written by 'make lock' from pyproject.toml: every package of every extra, with versions and hashes."; \
	  cat requirements.lock.new; } > requirements.lock
	rm requirements.lock.new

clean: ## remove what make made: .venv, the demo and the caches of the tools
	rm -rf $(VENV) $(VENV)-s3 $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build spark-warehouse metastore_db derby.log
	find jobs lib notebooks tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# A stamp is touched only after its step has succeeded, so an interrupted run picks up where it broke off.
$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) on PATH: install Python 3.10 to 3.13, or name one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; (3, 10) <= v < (3, 14) or sys.exit("$(PYTHON) is Python %d.%d; Lifetide needs 3.10 to 3.13. Name another one: make PYTHON=python3.12" % v[:2])'
ifdef UV
	"$(UV)" venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
else
	$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt install python3-venv) or uv." >&2; exit 2; }
endif
	@touch $@

$(VENV)/.packages: requirements.lock | $(VENV)/.python
	@echo "Installing the packages of requirements.lock into $(VENV): some minutes the first time, never again."
ifdef UV
	"$(UV)" pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
endif
	@touch $@

# Built by the hatchling that is in .venv by now, so this step never asks the network for anything.
$(VENV)/.project: pyproject.toml $(VENV)/.packages
ifdef UV
	"$(UV)" pip install --quiet --offline --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
endif
	@touch $@
