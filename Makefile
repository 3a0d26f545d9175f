# Every target sets itself up in a clean checkout with Python 3.11 and make alone.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-$(shell cat requirements/dev.txt requirements/uv.txt requirements/htmx.txt pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
WORKERS ?= 2
PORT ?= 8400

# What is compiled once is kept beside the environment: tests start many small programs.
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint bench trust serve docs services lock clean

$(STAMP): requirements/dev.txt requirements/uv.txt requirements/htmx.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Sluicegate needs Python 3.11 or later; this is %d.%d. Give one: make PYTHON=/path/to/python3.11" % v[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip install --quiet --python $(VENV) --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(VENV) --no-build-isolation --no-deps --editable .
	@$(BIN)/python tools/take_htmx.py
	@rm -f $(VENV)/.installed-* && touch $@

demo: $(STAMP) ## build a small synthetic world, run the main job, say what it found
	@$(BIN)/sluicegate demo --node demo-node

test: $(STAMP) ## pass the tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

lint: $(STAMP) ## style, types and the floors of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(STAMP) ## measure against controls, in one run each
	@set -e; for each in benchmarks/*.py; do echo "== $$each"; $(BIN)/python $$each $(BENCH); done

trust: $(STAMP) ## the long proofs: more seeds and more examples of every property
	@SLUICEGATE_LONG=1 $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

docs: $(STAMP) ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html"

serve: $(STAMP) ## the console and the API of the demo's node on http://127.0.0.1:8400, or PORT=
	@test -d demo-node || $(BIN)/sluicegate demo --node demo-node
	@$(BIN)/sluicegate serve --node demo-node --port $(PORT)

services: ## what some tests need from Debian's packages (as root)
	@bash tools/install-services

lock: $(STAMP) ## compile the hashed locks again from pyproject.toml
	@bash tools/lock

clean:
	@rm -rf $(VENV) site demo-node bench-data
