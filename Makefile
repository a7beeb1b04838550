# Two commands do everything from nothing but the prerequisites in README.md:
#   make demo   a unit made, checked on every input, placed and routed
#   make test   the tests

PYTHON ?= python3
VENV ?= .venv
LOWEST := build/lowest
BIN := $(VENV)/bin
SOURCES := pyproject.toml $(shell find . \( -name '*.py' -o -path './explore/report/page/*.*' \) \
	-not -path './.venv/*' -not -path './tests/*' -not -path './build/*' -not -name '*.pyc')

.PHONY: demo test test-slow test-lowest lint clean

demo: $(VENV)/.installed
	$(BIN)/softgate emit tanh -i SQ4.12 -o SQ1.15 --max-error 1ulp --interface stream --out build/demo
	$(BIN)/softgate check build/demo/tanh.json
	$(BIN)/softgate synth build/demo/tanh.json --target ecp5

test: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto

test-slow: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto -m slow

# The tests with the lowest version of everything that pyproject.toml declares, which only uv can ask for.
test-lowest:
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/pip install --quiet --disable-pip-version-check uv
	rm -rf build/lib build/bdist.*
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct '.[dev]'
	$(LOWEST)/bin/pytest -n auto

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=. $(BIN)/mypy -p softgate -p benchmarks

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The package is installed as its users get it: what a wheel lacks, the tests miss. What an earlier build left would
# get into the wheel, so it goes first.
INSTALL = rm -rf build/lib build/bdist.* && $(BIN)/pip install --quiet --disable-pip-version-check

$(VENV)/.installed: $(SOURCES) | $(BIN)/python
	$(INSTALL) '.[all]'
	touch $@

$(VENV)/.installed-dev: $(SOURCES) | $(BIN)/python
	$(INSTALL) '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build *.egg-info
