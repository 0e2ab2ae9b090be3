# `make demo` shows Comity at work, `make test` runs all checks. Both install what they need into .venv, and nothing
# elsewhere (but for Debian's python3-venv, where it is missing and this runs as root).

VENV := .venv
BIN := $(VENV)/bin
USABLE := $(VENV)/usable
INSTALLED := $(VENV)/installed
RELEASING := $(VENV)/release
COMPILED := src/comity/actors/compiled.bin
PYTEST := $(BIN)/python -m pytest -n 2
# Warnings are errors: a link or an anchor that leads nowhere, a docstring that cannot be read.
SITE := $(BIN)/python -m sphinx -b html -W --keep-going -q -d build/doctrees docs site

# More threads gain nothing on sentences, and would let the tests' processes crowd each other out.
export OPENBLAS_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-long coverage mutation lint debian tables train scores golden docs docs-check dist audit lock clean

help:
	@echo "make demo        code the bundled reports and show one record"
	@echo "make test        all checks: style, types, walls between the rooms, tests"
	@echo "make test-long   the tests that take long: kills, crowds, large ledgers"
	@echo "make coverage    the quick tests, with the lines that they reach: floors for all and for each module"
	@echo "make mutation    does a test notice when dates or statuses go wrong? (SEED=2 for other mutants)"
	@echo "make fuzz        fuzz the readers: MINUTES=n (default 2); says what was tried, keeps what broke"
	@echo "make lint        style, types and walls only"
	@echo "make tables      compile the actor tables after a change in tables/"
	@echo "make scores      measure on the gold in ../shared/gold, write docs/quality.md"
	@echo "make train       train the models of events anew (NEWS=articles.jsonl for those of reports)"
	@echo "make golden      keep what the bundled reports give now (REASON=\"why it may change\")"
	@echo "make docs        write the generated pages of docs/ anew, and build the site in site/"
	@echo "make docs-check  are the pages up to date, do their examples run?"
	@echo "make dist        wheel, source archive and bill of materials, tried out in a clean environment"
	@echo "make audit       are faults known of the packages that are pinned? (asks the network)"
	@echo "make lock        bring the lock files up to date with pyproject.toml"
	@echo "make clean       remove .venv, dist and caches"

demo: $(USABLE) $(COMPILED)
	@$(BIN)/comity demo

test: lint debian fuzzer
	$(PYTEST) -m "not long"

# What some tests need beside Python. Without it they are skipped, and say so.
debian:
	@scripts/debian_package.sh $(or $(COMITY_CHROMIUM),chromium) chromium "tests in a browser"
	@scripts/debian_package.sh java openjdk-17-jre-headless "tests on Spark"
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || \
	  scripts/debian_package.sh postgres postgresql "tests of a team's ledger"

# Guided fuzzing needs atheris, which is not built for every Python. Without it the tests mutate seeds at random.
fuzzer: $(INSTALLED)
	@$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/python -m pip install -q --only-binary :all: 'atheris>=3.0,<4' \
	  || echo "no atheris for this Python: no guided fuzzing of the readers"

fuzz: fuzzer $(COMPILED)
	$(BIN)/python fuzz/run.py --seconds $$(( $(or $(MINUTES),2) * 60 ))

test-long: $(INSTALLED) $(COMPILED) debian
	$(PYTEST) -m long

coverage: $(INSTALLED) $(COMPILED) debian
	$(BIN)/python -m pip install -q 'coverage>=7.10,<8' 'scikit-learn>=1.6'
	@mkdir -p build
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n 2 -m "not long"
	$(BIN)/python -m coverage combine -q
	$(BIN)/python scripts/covered.py

mutation: $(INSTALLED) $(COMPILED)
	$(BIN)/python -m pip install -q 'mutmut>=3.8,<3.9'
	$(BIN)/python scripts/mutate_dates.py --seed $(or $(SEED),1)
	$(BIN)/python scripts/mutate_statuses.py

lint: $(INSTALLED) $(COMPILED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

tables: $(USABLE)
	$(BIN)/python scripts/compile_tables.py

# A floor that a figure has sunk below: REASON="why it is right" make scores
scores: $(INSTALLED) $(COMPILED)
	$(BIN)/python scripts/write_quality.py $(if $(REASON),--lower "$(REASON)")

train: $(INSTALLED) $(COMPILED)
	$(BIN)/python -m pip install -q 'scikit-learn>=1.6'
	$(BIN)/python scripts/train.py $(if $(NEWS),--news $(NEWS))

golden: $(INSTALLED) $(COMPILED)
	$(BIN)/python scripts/golden.py "$$REASON"

docs: $(INSTALLED) $(COMPILED)
	$(BIN)/python scripts/build_codebook_page.py
	$(BIN)/python tests/test_ledger_docs.py --write
	$(BIN)/python scripts/write_docs.py
	$(SITE)

docs-check: $(INSTALLED) $(COMPILED)
	$(SITE)
	$(PYTEST) tests/test_docs.py tests/test_ledger_docs.py tests/test_codebook_page.py

dist: $(INSTALLED) $(RELEASING)/installed
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m hatchling build
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python scripts/sbom.py $$PWD/$(RELEASING)/bin/cyclonedx-py \
	  dist/comity-$$($(BIN)/python -c 'import comity; print(comity.__version__)').cdx.json
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) scripts/try_dist.sh $$PWD/$(BIN)/python

audit: $(RELEASING)/installed
	$(RELEASING)/bin/python scripts/check_licences.py requirements-release.lock
	$(BIN)/python scripts/audit.py $(RELEASING)/bin/pip-audit

lock: $(INSTALLED)
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url -q --upgrade -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra all --group build --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url -q -c requirements-dev.lock -o requirements.lock
	$(BIN)/uv pip compile --group release --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url -q --upgrade -o requirements-release.lock

clean:
	rm -rf $(VENV) dist build site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(COMPILED)

$(BIN)/python:
	@scripts/make_venv.sh $(VENV)

# The lock files name versions and hashes, no addresses: pip takes the packages from whatever index it is set to.
# The demo needs what users need; Spark, browsers and the tools of the tests come with the tests.
$(USABLE): $(BIN)/python requirements.lock pyproject.toml hatch_build.py
	@echo "installing what Comity needs into $(VENV) (once; a minute or two)"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(INSTALLED): $(USABLE) requirements-dev.lock
	@echo "installing what its tests need (once; some minutes)"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

# The tools of a release have an environment of their own: nothing that Comity or its tests import hangs on them.
$(RELEASING)/installed: $(BIN)/python requirements-release.lock
	@scripts/make_venv.sh $(RELEASING)
	@$(RELEASING)/bin/python -m pip install -q --require-hashes -r requirements-release.lock
	@touch $@

$(COMPILED): $(USABLE) $(wildcard tables/*.tsv) $(wildcard scripts/*.py) src/comity/actors/tables.py
	@$(BIN)/python scripts/compile_tables.py --quiet
	@touch $@
