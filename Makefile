# Everything one does with this project, from a plain checkout. `make` alone lists it.
# Settings: PORT=8123 (run), PYTHON=/path/to/python3.12 (which Python makes the environment; remembered),
# ARGS="..." (test: more arguments for pytest; lock: --upgrade).

PORT ?= 8000
PREPARE = @sh tools/environment.sh

# What the caller's shell may hold must change neither the program nor its tests.
unexport PYTHONPATH PYTHONHOME PYTHONOPTIMIZE PYTHONWARNINGS VIRTUAL_ENV

# Each line is one command of `make check`; all must succeed.
define CHECKS
.venv/bin/ruff check
.venv/bin/ruff format --check
.venv/bin/mypy
endef

.NOTPARALLEL:
.PHONY: help run test check interop bench fuzz lock clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1: /p' Makefile

run: ## everything on one machine, with this folder as the site: http://127.0.0.1:8000/ (or PORT=8123)
	$(PREPARE) run && exec .venv/bin/publisher run --build --port '$(PORT)'

test: ## the test suite
	$(PREPARE) test && exec .venv/bin/pytest $(ARGS)

check: ## style, types, and that the generated documents are current
	$(PREPARE) dev
	$(CHECKS)

interop: ## the tests against real clients and validators, which are fetched first
	$(PREPARE) test
	@PYTHON="$$PWD/.venv/bin/python" bash tests/interop/prepare.sh
	@exec .venv/bin/pytest -m interop tests/interop $(ARGS)

bench: ## print the figures of benchmarks/
	$(PREPARE) test
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; .venv/bin/python "$$script"; done

fuzz: ## the property tests again, with many more examples, and every hour of every time zone
	$(PREPARE) test && HYPOTHESIS_PROFILE=fuzz exec .venv/bin/pytest -m "(hypothesis or exhaustive) and not interop" $(ARGS)

lock: ## write requirements/*.txt anew from pyproject.toml (ARGS=--upgrade: with the newest versions)
	@sh tools/lock.sh $(ARGS)

clean: ## remove .venv and caches; build/ (what is served) and var/ (what is remembered) stay
	rm -rf .venv .interop .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . \( -path ./build -o -path ./var \) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
