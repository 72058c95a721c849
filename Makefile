# The commands of this workshop. `make` alone lists them.
#
# Each makes the virtual environment .venv first if it is missing, or brings it up to date if the
# requirements have changed (tools/setup.sh). Python is found by itself; to choose one:
#   make lab PYTHON=/path/to/python3.12
# Without internet, from a folder that `make wheelhouse` has filled elsewhere:
#   make lab WHEELHOUSE=/path/to/wheelhouse

PYTHON ?=
LAB_ARGS ?=
TEST_ARGS ?=
NOTEBOOKS ?=
QUICK ?=
BENCH_ARGS ?=
LOCK_ARGS ?=
PORT ?= 8000
WHEELHOUSE ?=
PLATFORM ?=
PYTHON_VERSION ?=

# .venv is first on the path, so that `python` in a terminal inside JupyterLab is this one.
RUN = PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help venv lab test test-all test-slow test-browser lint notebooks exercises site \
  serve-site slides bench wheelhouse lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

venv: ## Make .venv, or bring it up to date (all others do this first)
	@WHEELHOUSE="$(WHEELHOUSE)" sh tools/setup.sh "$(PYTHON)"

lab: venv ## Open the notebooks in JupyterLab (LAB_ARGS="--no-browser --port=8899")
	@JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter" $(RUN) -m jupyterlab $(LAB_ARGS)

# Threads that wait and spin take the processor from the other worker, and from whatever else runs.
PYTEST = OMP_WAIT_POLICY=PASSIVE TF_NUM_INTRAOP_THREADS=1 $(RUN) -m pytest --numprocesses=2 --max-worker-restart=0

test: lint ## Check the style, then run the tests and all lessons (TEST_ARGS="-k metrics")
	@$(PYTEST) --dist=loadfile --ignore=notebooks/solutions $(TEST_ARGS)

# One after the other, even under `make -j`: each of them takes all processors. The browser looks at
# the site and the slides that have just been built.
test-all: ## All there is to test: also what takes long, the site, the slides, the browser
	@$(MAKE) test
	@$(MAKE) test-slow
	@$(MAKE) site
	@$(MAKE) slides
	@$(MAKE) test-browser

test-slow: venv ## Solutions, cells run twice, knobs turned, an offline installation (TEST_ARGS=...)
	@$(PYTEST) --dist=loadfile notebooks/solutions $(TEST_ARGS) || [ $$? -eq 5 ]  # none chosen
	@$(PYTEST) -m slow --dist=worksteal tests $(TEST_ARGS)

test-browser: venv ## Lessons in JupyterLab and the site, in Debian's chromium (TEST_ARGS=...)
	@$(PYTEST) --dist=worksteal -rs tests/browser $(TEST_ARGS)

lint: venv ## Check the style of the code, in .py and .ipynb
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .

notebooks: venv ## Run the notebooks again in place (NOTEBOOKS=notebooks/01_dataset.ipynb)
	@$(RUN) tools/execute_notebooks.py $(NOTEBOOKS)

exercises: venv ## Copy exercises into the solutions, and what they show into the lessons
	@$(RUN) tools/exercises.py

# HTML of whatever has changed; a warning is an error, such as a link that leads nowhere.
site: venv ## Build the site from lessons, solutions, guide and docstrings, in build/site
	@rm -rf build/site  # pages of files that are gone would stay
	@$(RUN) -m sphinx --quiet --fail-on-warning --keep-going -c docs . build/site
	@echo "Built build/site/index.html"

serve-site: site ## Show the site on this machine only (PORT=8000)
	@$(RUN) -m http.server --bind 127.0.0.1 --directory build/site $(PORT)

slides: venv ## Make slides with speaker notes of the lessons taught, in build/slides
	@$(RUN) tools/slides.py

bench: venv ## Measure how fast training is (QUICK=1: the short form; BENCH_ARGS="--only 1000x10")
	@$(RUN) tests/benchmarks/bench.py $(if $(QUICK),--quick) $(BENCH_ARGS)

# Another system's: make wheelhouse PLATFORM=win_amd64 PYTHON_VERSION=3.12
wheelhouse: venv ## Put all packages into build/wheelhouse, to install from without internet
	@$(RUN) tools/wheelhouse.py build/wheelhouse "$(PLATFORM)" "$(PYTHON_VERSION)"

lock: ## Resolve requirements.txt into constraints.txt (LOCK_ARGS=--upgrade for newer versions)
	@sh tools/lock.sh "$(PYTHON)" $(LOCK_ARGS)

clean: ## Remove .venv and caches, nothing of yours
	rm -rf .venv .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
