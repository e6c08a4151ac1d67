# Needs Python 3.11 or later and make. Everything else is set up in .venv by itself.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/.installed
DUCKDB_1_2 := .venv/duckdb-1.2/.installed

.PHONY: run test bench lint lock dev pictures clean

# Read the sample reports and publish the tables in warehouse/published.
run: $(INSTALLED)
	$(BIN)/peel build

# Everything that must hold before a change is kept.
test: lint $(DUCKDB_1_2)
	$(BIN)/python -m pytest

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# How long extraction and a whole build take, against what they cannot be faster than.
bench: $(INSTALLED)
	$(BIN)/python tests/benchmarks/bench.py

# The graph in a browser, on this machine only, with its schedules and the sensor on; records are kept in .dagster.
dev: $(INSTALLED)
	mkdir -p .dagster
	cp -n docs/dagster.yaml .dagster/dagster.yaml || true
	DAGSTER_HOME=$(CURDIR)/.dagster $(BIN)/python -m assets.instance
	DAGSTER_HOME=$(CURDIR)/.dagster $(BIN)/dagster dev --host 127.0.0.1

# The pictures of README.md, made anew; needs Chromium.
pictures: $(INSTALLED)
	$(BIN)/python docs/pictures.py

# Resolve the newest versions that pyproject.toml allows.
lock: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet --upgrade --output-file requirements.lock

clean:
	rm -rf .venv .dagster .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info warehouse/staging
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Bytecode is compiled at once: without it every start takes twice as long, and some machines never write it.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==0.13.9
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q pipelines expectations assets
	touch $@

# A DuckDB as other tools have it built in, to see that it opens what is published.
$(DUCKDB_1_2): tests/duckdb-1.2.lock | $(INSTALLED)
	rm -rf $(@D)
	$(BIN)/uv venv --quiet --python $(BIN)/python $(@D)
	$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes --only-binary :all: -r $<
	touch $@
