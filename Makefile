# Tapeout: everything a newcomer types. `make run` shows the bot at work; `make test` proves it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# pip tells each package as it comes; one line that counts them is enough to see that it goes on.
COUNT := awk '/^Collecting/ { n++; printf "\r  %d packages …", n; fflush() } END { if (n) print "" }'

.DEFAULT_GOAL := help
.PHONY: help run test test-unit test-llm check fix bench load fuzz chaos sequences screenshots lock clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock pyproject.toml
	@echo "Setting up .venv from requirements.lock (once; about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock | $(COUNT)
	@$(PIP) install --quiet --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Adding the test tools from requirements-dev.lock …"
	@$(PIP) install --require-hashes -r requirements-dev.lock | $(COUNT)
	@touch $@

run: $(VENV)/.run ## Start the local workspace, the sample feeds and the bot
	@exec $(BIN)/tapeout run

test: $(VENV)/.dev ## Run every test (those that lack PostgreSQL or Chromium are skipped, and say so)
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-unit: $(VENV)/.dev ## Run the unit tests alone
	@$(BIN)/python -m pytest -n auto --dist loadfile tests/unit

test-llm: $(VENV)/.dev ## Try a real model: TAPEOUT_TEST_LLM_URL, or one started here (docs/small-models.md)
	@$(BIN)/python -m pytest -m llm -rs -s tests/llm

sequences: $(VENV)/.dev ## Do a thousand random sequences of what admins do, and look for what they leave behind
	@TAPEOUT_TEST_SEQUENCES=1000 $(BIN)/python -m pytest tests/scenario/admin/test_sequences.py

check: $(VENV)/.dev ## Look for faults without changing anything
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python .ci/audit.py

fix: $(VENV)/.dev ## Mend what the linter can mend
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure speed and memory, side by side in one run (only=feeds: one of them)
	@$(BIN)/python -m bench $(only)

load: $(VENV)/.dev ## Let an hour's news go through PostgreSQL and real workers to a thousand channels (size="--pace 6")
	@$(BIN)/python -m bench load $(size)

fuzz: $(VENV)/.dev ## Read thousands of broken feeds: no crash, no hang, no growth (count=5000 seed=1)
	@$(BIN)/python -m tests.fuzz $(if $(count),--count $(count)) $(if $(seed),--seed $(seed))

chaos: $(VENV)/.dev ## Kill the bot at random moments under Slack's faults: nothing lost, nothing doubled (kills=240 seed=1 minutes=20)
	@$(BIN)/python -m tests.chaos $(if $(kills),--kills $(kills)) $(if $(seed),--seed $(seed)) $(if $(minutes),--minutes $(minutes))

screenshots: $(VENV)/.dev ## Take the README's pictures anew
	@mkdir -p docs/images
	@TAPEOUT_TEST_SCREENSHOTS=docs/images $(BIN)/python -m pytest -q tests/browser/test_whole_bot.py tests/browser/test_admin.py

lock: ## Write the lock files anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock -q
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra dev --extra apprise --extra minilm -c requirements.lock pyproject.toml -o requirements-dev.lock -q

clean: ## Remove the environment and the local data
	rm -rf $(VENV) var
