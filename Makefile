# Bare `make` lists the targets. The work itself is in scripts/, one short file a job.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: help setup demo test lint fmt types imports test-sqlite test-postgres test-browser lock messages bench \
        wheel clean

help: ## list these targets
	@awk -F':.*## ' '/^[a-z%-]+:.*## /{printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' Makefile
	@echo "  proofs:" $$(ls scripts/proof-*.sh | sed -E 's|scripts/(.*)\.sh|\1|')

setup: ## .venv, locked packages, front end, catalogues; instant when nothing changed
	@PYTHON="$(PYTHON)" scripts/setup.sh

demo: setup ## a made-up county to try everything in; ARGS="--port 8000"
	@$(BIN)/guixiao demo $(ARGS)

test: ## everything: lint, types, contract, SQLite, PostgreSQL, browser journeys
	@PYTHON="$(PYTHON)" scripts/test.sh

lint: setup ## ruff, and the shell scripts parse
	@scripts/lint.sh

fmt: setup ## format and mend what ruff can mend
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

types: setup ## mypy --strict with django-stubs
	@scripts/types.sh

imports: setup ## the contract: each package imports only what stands above it
	@$(BIN)/lint-imports --no-logo

test-sqlite: setup ## the suite on SQLite; ARGS="-k roll_call"
	@$(BIN)/pytest -n 2 -m "not browser" $(ARGS)

test-postgres: setup ## what touches the database, on a throw-away PostgreSQL
	@scripts/with-postgres.sh $(BIN)/pytest -n 2 -m "not browser" --database-only $(ARGS)

test-browser: setup ## the journeys in a real browser
	@scripts/with-browser.sh $(BIN)/pytest -m browser $(ARGS)

lock: setup ## compile requirements/*.txt anew, hashes and no host; ARGS=--upgrade
	@scripts/lock.sh $(ARGS)

messages: setup ## gather strings into the catalogues (needs gettext) and compile them
	@scripts/messages.sh

bench: setup ## speed and size against their limits; ARGS="..."
	@$(BIN)/guixiao bench $(ARGS)

wheel: setup ## dist/*.whl with the built front end and the catalogues inside
	@scripts/wheel.sh

proof-%: setup ## run scripts/proof-<name>.sh and show what it shows (listed below)
	@scripts/proof-$*.sh $(ARGS)

clean: ## remove everything made on the spot, the .venv too; leaves data alone
	@rm -rf .venv node_modules .stamps dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	  .hypothesis src/guixiao/web/static/build src/*.egg-info
	@find src tests -name '*.mo' -delete
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
