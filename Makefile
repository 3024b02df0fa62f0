# Two commands do all the set-up: `make ask Q="…"` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
Q ?= What are the upper motor neuron (UMN) signs associated with back pain?
FOR ?= clinician
PORT ?= 8000
DATA := $(wildcard data/*/*) tools/compile_data.py src/consilium/lexicon/normalise.py src/consilium/lexicon/scattered.py

.PHONY: ask serve test check lint types contracts lock clean browser openapi
ask: $(VENV)/.dense
	@$(BIN)/consilium ask "$(Q)" --for $(FOR)

serve: $(VENV)/.site ## The site with a few answers for show; PORT=8000
	@$(BIN)/consilium serve --demo --port "$(PORT)"

test: $(VENV)/.dev ## All tests: side by side, then those that measure time or load
	$(BIN)/python -m pytest -m "not alone" -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest -m alone

browser: $(VENV)/.dev ## The tests that open the page in Chromium, alone
	$(BIN)/python -m pytest tests/browser

check: test lint types contracts

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

openapi: $(VENV)/.dev ## Renew the kept description of the interface for programs
	$(BIN)/python tools/describe_api.py

lock: ## Renew the lock files from pyproject.toml (needs uv)
	uv pip compile -q --no-strip-extras --generate-hashes --python-version 3.11 --universal pyproject.toml -o requirements/base.lock --no-header
	uv pip compile -q --no-strip-extras --generate-hashes --python-version 3.11 --universal pyproject.toml --extra dense -o requirements/dense.lock --no-header
	uv pip compile -q --no-strip-extras --generate-hashes --python-version 3.11 --universal pyproject.toml --extra site --group dev -o requirements/dev.lock --no-header
	uv pip compile -q --no-strip-extras --generate-hashes --python-version 3.11 --universal pyproject.toml --extra site -o requirements/site.lock --no-header

$(VENV)/.base: requirements/base.lock pyproject.toml $(DATA)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/base.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

# Search by meaning: numpy, the model, vectors of the library. Where they cannot be had, text does alone.
$(VENV)/.dense: requirements/dense.lock $(VENV)/.base
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dense.lock
	@$(BIN)/consilium models install >&2 && $(BIN)/consilium library embed >&2 || echo "Searching by text alone." >&2
	@touch $@

$(VENV)/.site: requirements/site.lock $(VENV)/.base
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/site.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.base
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	@$(BIN)/consilium models install || echo "The tests of the embedding model will be skipped." >&2
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
