# Every target builds .venv by itself from the lock file; a second run builds nothing and needs no network.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
TEST_WORKERS ?= 2
PYTEST := env -u ANGUAN_HOME $(BIN)/python -m pytest --dist loadfile
HOME_IN_CLONE := $(CURDIR)/.anguan
export ANGUAN_HOME ?= $(HOME_IN_CLONE)
export PYTHONUTF8 := 1
unexport VIRTUAL_ENV

.PHONY: help demo test test-neo4j long lint serve notebook bench generated clean

help: ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "anguan needs Python 3.11 or later as '$(PYTHON)'; set PYTHON=/path/to/python3 (需要 Python 3.11 以上)"; exit 2; }
	@$(PYTHON) -m venv .venv || \
	  { echo "Python has no venv module; on Debian: apt-get install python3-venv (缺少 venv 模块)"; exit 2; }
	@echo "building .venv (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  -r <(sed -n '/^uv==/,/^[a-z].*==/p' requirements.lock | sed '$$d')
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/ready ## a synthetic procuratorate of 2,000 cases and the three questions
	@$(BIN)/anguan demo

test: .venv/ready ## the tests on the local engine
	@$(PYTEST) -n $(TEST_WORKERS) -m "not long"

test-neo4j: .venv/ready ## the tests that use the graph on a real Neo4j (needs a JDK and Maven, or ANGUAN_GRAPH_URL)
	@$(PYTEST) -n 0 -m "not long" --neo4j tests/graph tests/loaders tests/oracle

long: .venv/ready ## what takes minutes: kill harness, many cases, coverage
	@$(PYTEST) -n 0 -m long
	@$(PYTEST) -n $(TEST_WORKERS) -m "not long" --cov=graph --cov=loaders --cov-report=term --cov-fail-under=90

lint: .venv/ready ## ruff and mypy --strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

serve: .venv/ready ## the API on loopback
	@$(BIN)/anguan serve

notebook: .venv/ready ## JupyterLab on loopback: three_questions, from_an_indicator…, what_recurs…, foreign_log
	@$(BIN)/jupyter lab --ip 127.0.0.1 --notebook-dir notebooks notebooks/three_questions.ipynb

bench: .venv/ready ## figures of generating, loading, the questions, the check and the analyses, into bench/results
	@for part in generate load questions check analysis; do $(BIN)/python -m bench.$$part || exit 1; done

generated: .venv/ready ## write cypher/schema, docs/reference and docs/questions.md anew
	@$(BIN)/python -m graph.store.generate && $(BIN)/python -m graph.store.docs \
	  && $(BIN)/python -m graph.rulebook.docs && $(BIN)/python -m api.questions

clean: ## remove .venv and the demo's store
	@if [ -x $(BIN)/anguan ]; then $(BIN)/anguan engine stop >/dev/null || true; fi
	@rm -rf .venv $(HOME_IN_CLONE)
