# Each target works as the first command on a machine with Python 3.11 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# More workers than most machines have cores: much of the time a test waits for what it started. A module
# is one worker's, and they begin in the order of tests/conftest.py; xdist's own puts the longest last.
WORKERS ?= 4
PYTEST := -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder
TESTS := $(BIN)/python $(PYTEST)

# Before each step that asks a network: a command that tries it again, as .ci/fetched does.
FETCH ?=

# Images of containers often set it: then each process of a test compiles the whole program again, and
# each worker rewrites every test.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check quick elsewhere any-day coverage bench soak relay check-email format constraints migration release zipapp clean

demo: $(READY)
	$(BIN)/newsletter demo

test: $(READY)
	$(TESTS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test

# The tests that need no database, server, process or key: under a minute. One process: to collect
# the tests costs as much as to run a fifth of them, and each of xdist's does it.
quick: $(READY)
	$(BIN)/python -m pytest -p no:xdist -m "not slow"

# Most of them where there is no POSIX, as far as this system can be made like Windows (tests/elsewhere).
ELSEWHERE := $(addprefix tests/,fields config model pulling issues design people members)
elsewhere: $(READY)
	PYTHONPATH=tests/elsewhere $(BIN)/python -m pytest -p no:xdist -m "not slow" -W "ignore:only soft file lock:UserWarning" $(ELSEWHERE)

# The tests that touch a date, at 16 moments, by faketime. A few: make any-day MOMENTS="saturday spring"
any-day: $(READY)
	$(BIN)/python -m tools.any_day $(MOMENTS)

# What the tests run of the code, programs that they start too; fewer: make coverage TESTED=tests/stories
TESTED ?= tests
coverage: $(READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run $(PYTEST) $(TESTED)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# The kill tests for each transport and ledger, and a relay that turns bad and good, far longer: 20,000
# people, 200 kills; then each step of a restore; then workers that are killed and stopped. A line a
# round; what is done is kept in build/soak/, so that `make soak` again goes on with the next one, until
# the code changes. Fewer: make soak KILLS=60 PEOPLE=6000; one of them: make soak ONLY=outbox. The relay
# alone: make relay PEOPLE=10000
PEOPLE ?= 20000
KILLS ?= 200
ONLY ?= killed or moods
SOAK := NEWSLETTER_SOAK_FOLDER=build/soak $(BIN)/python -m pytest -q -s --timeout=0 -o faulthandler_timeout=0 -p no:xdist
SOAKED := tests/sending/test_send_killed.py tests/sending/test_send_refusals.py
soak: $(READY)
	NEWSLETTER_SOAK_PEOPLE=$(PEOPLE) NEWSLETTER_SOAK_KILLS=$(KILLS) $(SOAK) -k "($(ONLY)) and (killed or moods)" $(SOAKED)
	NEWSLETTER_SOAK_STEPS=1 $(SOAK) tests/lasting/test_killed.py
	NEWSLETTER_SOAK_FEEDS=300 NEWSLETTER_SOAK_HOSTS=60 NEWSLETTER_SOAK_STOPPED=60 $(SOAK) tests/jobs/test_pulling_workers.py
	NEWSLETTER_SOAK_FEEDS=300 NEWSLETTER_SOAK_HOSTS=60 NEWSLETTER_SOAK_STOPPED=240 $(SOAK) tests/jobs/test_pulling_workers.py -k workers_and

relay: $(READY)
	NEWSLETTER_SOAK_PEOPLE=$(PEOPLE) $(SOAK) -k moods $(SOAKED)

bench: $(READY)
	$(BIN)/python bench/run.py

# Outside tools over real messages: SpamAssassin, rspamd, validators, a browser. See docs/email-checks.md.
check-email: $(READY)
	$(BIN)/python -m tools.check_email

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Write the next migration from the tables in the code: make migration M="what changes"
migration: $(READY)
	$(BIN)/python -m newsletter.store.migrations "$(M)"
	$(BIN)/ruff format -q newsletter/store/migrations
	$(BIN)/ruff check --fix -q newsletter/store/migrations

# Take the newest versions that pyproject.toml allows; run `make check` afterwards.
constraints:
	rm -rf build/constraints && $(PYTHON) -m venv build/constraints
	build/constraints/bin/pip install -q -e .[dev]
	sed -n '/^#/p' constraints.txt > build/constraints/new
	build/constraints/bin/pip freeze --exclude-editable >> build/constraints/new
	mv build/constraints/new constraints.txt

# What is published, in dist/: an sdist, and the wheel that it gives. Each is installed in an environment
# of its own, and its demo run there, far from the checkout.
release: $(READY)
	rm -rf dist build/release
	$(BIN)/python -m build --no-isolation
	$(BIN)/python -m build --no-isolation --wheel --outdir build/release .
	$(BIN)/python -m tools.check_release dist build/release
	for archive in dist/*; do \
	  away=$$(mktemp -d) && $(PYTHON) -m venv $$away/venv && \
	  $(FETCH) $$away/venv/bin/pip install -q -c constraints.txt --only-binary :all: $$archive && \
	  (cd $$away && venv/bin/newsletter demo && ls newsletter-demo/outbox >/dev/null) && \
	  rm -rf $$away && echo "$$archive: its demo ran from another folder." || exit 1; \
	done
	$(MAKE) --no-print-directory zipapp
	away=$$(mktemp -d) && file=$$PWD/dist/newsletter.pyz && cd $$away && \
	  SHIV_ROOT=$$away/unpacked $(PYTHON) $$file demo && ls newsletter-demo/outbox >/dev/null && rm -rf $$away

# One file that runs with `python3 newsletter.pyz` on systems like this one, with this version of Python.
zipapp: $(READY)
	rm -rf build/zipapp
	$(BIN)/python -m build --no-isolation --wheel --outdir build/zipapp
	mkdir -p dist
	$(FETCH) $(BIN)/shiv --console-script newsletter --output-file dist/newsletter.pyz --reproducible \
	  --python '/usr/bin/env python3' --constraint constraints.txt --only-binary :all: build/zipapp/*.whl

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(FETCH) $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .[dev]
	touch $(READY)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
