# callrouter: `make` lists the targets. Needs a Linux with git, make and Python 3.11 or newer; all else goes into .venv.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
CODE := callrouter tests $(wildcard bench)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test check lock bench faults sbom screenshots clean venv
.DELETE_ON_ERROR:
.NOTPARALLEL:

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-13s %s\n", $$1, $$2}'

run: venv  ## start the whole system on http://127.0.0.1:8000 with the built-in phone network (ARGS="--port 8001")
	@$(MAKE) -s $(VENV)/.run-stamp
	@exec $(BIN)/callrouter serve --phone-network $(ARGS)

# Tests run on all cores, but those that judge how long a caller waits have the machine for themselves. Of these two
# halves ARGS may choose none of one.
NOTHING_CHOSEN := [ $$? -eq 5 ]

test: venv  ## the whole test suite (ARGS="-k hours")
	@$(MAKE) -s $(VENV)/.dev-stamp .described/.stamp
	@$(BIN)/python -m pytest -n auto -m "not alone" $(ARGS) || $(NOTHING_CHOSEN)
	@$(BIN)/python -m pytest -m alone $(ARGS) || $(NOTHING_CHOSEN)

# The provider's own description of its interface, and a server of it (Prism, for Node 18 and newer). Where it cannot be
# had, its tests are skipped, and the next run tries again.
DESCRIPTION := tests/telephony/twilio/description
.described/.stamp: $(wildcard $(DESCRIPTION)/*)
	@mkdir -p .described
	@cp $(DESCRIPTION)/package.json $(DESCRIPTION)/package-lock.json .described
	@if ! command -v npm >/dev/null; then \
		echo "Without Node and npm, the tests beside the provider's own description are skipped." >&2; \
	elif echo "Fetching the provider's description into .described (once, half a minute) ..." >&2; \
		timeout 180 npm ci --prefix .described --no-audit --no-fund --ignore-scripts --loglevel=error >&2; \
	then touch $@; \
	else echo "It could not be fetched: the tests beside it are skipped." >&2; fi

check: venv  ## all that CI asks: format, lint, types, import layers, tests with coverage
	@$(MAKE) -s $(VENV)/.dev-stamp .described/.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -n auto -m "not alone" --cov --cov-report= $(ARGS) || $(NOTHING_CHOSEN)
	$(BIN)/python -m pytest -m alone --cov --cov-append --cov-report= $(ARGS) || $(NOTHING_CHOSEN)
	$(BIN)/coverage report --include='callrouter/domain/*' --fail-under=95

# One lock for every Python from 3.11 on. The development lock repeats the versions of the other one; that of an extra
# has what it needs besides.
EXTRAS := parquet sentry opentelemetry
UV_COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: venv  ## pin the newest versions that pyproject.toml allows, with hashes
	@$(MAKE) -s $(VENV)/.dev-stamp
	$(UV_COMPILE) pyproject.toml --group build --output-file requirements/run.txt
	$(UV_COMPILE) pyproject.toml --group build --group dev --constraint requirements/run.txt \
		--output-file requirements/dev.txt
	for extra in $(EXTRAS); do $(UV_COMPILE) pyproject.toml --extra $$extra --constraint requirements/dev.txt \
		$$(sed -n 's/^\([a-z0-9.-]*\)==.*/--no-emit-package \1/p' requirements/run.txt) \
		--output-file requirements/$$extra.txt || exit; done
	$(UV_COMPILE) --group bench --constraint requirements/run.txt --output-file requirements/bench.txt

# The others are installed in .bench, where nothing of ours is: Python's by the lock, Node's by npm's. Without Node its
# sample is left out, and the table says so.
bench: venv  ## the whole webhook beside others, 15 minutes (ARGS="--rounds 1 --seconds 0.5"; --write renews the page)
	@$(MAKE) -s $(VENV)/.dev-stamp .bench/.stamp
	@$(BIN)/python -m bench.webhooks $(ARGS)

EXPRESS := bench/webhooks/contestants/express
.bench/.stamp: requirements/bench.txt $(wildcard $(EXPRESS)/*)
	@echo "Installing those who are measured beside into .bench (once, some minutes) ..." >&2
	@test -x .bench/venv/bin/python || "$(PYTHON)" -m venv .bench/venv
	@.bench/venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps --requirement $<
	@cp -R $(EXPRESS) .bench
	@! command -v npm >/dev/null || npm ci --prefix .bench/express --no-audit --no-fund --loglevel=error >&2
	@touch $@

# In an environment of its own: the tool is no dependency of ours.
sbom: venv  ## the software bill of materials, in sbom.cdx.json: what the lock installs, with hashes and licences
	@$(MAKE) -s $(VENV)/.dev-stamp
	@$(BIN)/uv run --quiet --isolated --no-project --with cyclonedx-bom==7.5.0 \
		python deploy/sbom.py requirements/run.txt $(VENV) pyproject.toml sbom.cdx.json

faults: venv  ## every fault of docs/reliability.md on the running service, an hour (ARGS=--write renews its table)
	@$(MAKE) -s $(VENV)/.dev-stamp
	@$(BIN)/python -m pytest tests/faults --long $(ARGS)

screenshots: venv  ## pictures of every page, in screenshots/ (needs an installed Chromium; ARGS=--readme: those of the README)
	@$(MAKE) -s $(VENV)/.dev-stamp
	@$(BIN)/python -m tests.web.browser.$(if $(filter --readme,$(ARGS)),readme,screenshots)

clean:  ## remove what was made here, except var/ (the database and its keys)
	rm -rf $(VENV) .bench .described build dist sbom.cdx.json .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
		.ruff_cache
	find callrouter tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv is trusted if it was finished, made in this very directory, and its Python still runs. Otherwise it is made
# anew: an interrupted install, a copied or moved checkout and an upgraded Python all leave one that only looks right.
venv:
	@if [ -e $(VENV) ]; then \
		if [ "$$(cat $(VENV)/.made-in 2>/dev/null)" = "$(CURDIR)" ] && $(BIN)/python -c 'import pip' 2>/dev/null; \
		then exit 0; fi; \
		echo "Making $(VENV) anew: the one here is unfinished, was moved, or its Python is gone."; \
		rm -rf $(VENV); \
	fi; \
	command -v "$(PYTHON)" >/dev/null || { \
		echo "callrouter needs Python 3.11 or newer, and there is no '$(PYTHON)' here." >&2; \
		echo "Install it (Debian, Ubuntu: apt install python3 python3-venv), or say: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; }; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "callrouter needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1 | head -n 1)." >&2; \
		echo "If a newer one is installed, name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; }; \
	"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make a virtual environment: its venv package is not installed." >&2; \
		echo "Debian, Ubuntu: apt install python3-venv" >&2; \
		exit 1; }; \
	"$(PYTHON)" -m venv $(VENV)

# $(call install,LOCK): what the lock names and nothing else (without --no-deps, pip looks for the newest release of a
# package that is asked for with an extra, and stops), then the project itself, which needs nothing from the network.
# .made-in comes last and goes first: it is there only while the installation is whole.
define install
	@echo "Installing $(1) into $(VENV) (once, about a minute) ..."
	@rm -f $(VENV)/.made-in
	@$(PIP) install --require-hashes --no-deps --requirement $(1) \
		&& $(PIP) install --no-deps --no-build-isolation --no-index --editable . \
		|| { echo "The installation stopped: the reason is above. The next make begins it anew." >&2; exit 1; }
	@echo "$(CURDIR)" > $(VENV)/.made-in
endef

$(VENV)/.run-stamp: requirements/run.txt pyproject.toml
	$(call install,requirements/run.txt)
	@touch $@

$(VENV)/.dev-stamp: requirements/dev.txt pyproject.toml
	$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/.run-stamp
