# Two commands: `make demo` and `make test`. Each makes its own environment in .venv and says what it does.
# Needs Python 3.11 or later, nothing else; PYTHON=/path/to/python picks another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= frankensam-demo
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint types contract unit clean

help:
	@echo "make demo   set up, run the bundled study, say where the report lies ($(DEMO)/report.html)"
	@echo "make test   set up, run the linter, the type checker, the import contract and all tests"
	@echo "make clean  remove the environment and what the tools cached"

demo: $(VENV)/.installed
	@echo "== frankensam demo: bundled records and scenario -> $(DEMO)/report.html"
	@$(BIN)/frankensam demo --out $(DEMO)

test: $(VENV)/.installed-dev lint types contract unit

lint: $(VENV)/.installed-dev
	@echo "== linter (ruff)"
	@$(BIN)/ruff check src tests

types: $(VENV)/.installed-dev
	@echo "== strict types (mypy)"
	@$(BIN)/mypy

contract: $(VENV)/.installed-dev
	@echo "== import contract (import-linter)"
	@$(BIN)/lint-imports --no-cache

unit: $(VENV)/.installed-dev
	@echo "== tests (pytest)"
	@$(BIN)/python -m pytest

$(BIN)/python:
	@echo "== making the environment in $(VENV) with $$($(PYTHON) --version 2>&1)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing; install it with: sudo apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "== installing FrankenSAM and what it needs (versions of constraints.txt)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(BIN)/python pyproject.toml constraints.txt
	@echo "== installing FrankenSAM with its test tools (versions of constraints.txt)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
