# Two commands do everything from nothing but the prerequisites in README.md:
#   make demo      a unit made, checked on every input, placed and routed
#   make test      the tests
# Two more are for those who change softgate (CONTRIBUTING.md):
#   make develop   the working tree installed as it stands
#   make check     lint, types, and the tests that start no program and take seconds

PYTHON ?= python3
VENV ?= .venv
LOWEST := build/lowest
BIN := $(VENV)/bin
SOURCES := pyproject.toml $(shell find . \( -name '*.py' -o -path './explore/report/page/*.*' \) \
	-not -path './.venv/*' -not -path './tests/*' -not -path './build/*' -not -name '*.pyc')

.PHONY: demo test test-slow test-lowest lint develop check clean

demo: $(VENV)/.installed
	$(BIN)/softgate emit tanh -i SQ4.12 -o SQ1.15 --max-error 1ulp --interface stream --out build/demo
	$(BIN)/softgate check build/demo/tanh.json
	$(BIN)/softgate synth build/demo/tanh.json --target ecp5

test: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist worksteal

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
	$(LINT)

develop: $(VENV)/.editable

check: $(VENV)/.editable
	$(LINT)
	$(BIN)/pytest -n auto -m 'not tools and not browser and not slow and not torch' $(TESTS)

# What takes less than a minute; `make check TESTS=tests/methods/test_taylor.py` takes others.
TESTS := $(addprefix tests/,accuracy explore/flows functions hdl/targets hdl/verilog methods/ramps \
	methods/range_reduction methods/tables plan support mutants test_decisions.py test_mirror.py test_no_programs.py \
	test_schemas.py test_structure.py)

# Mypy finds a package by its folder's name, and this one may be called anything: the types are those of a folder that
# holds what the package does, and nothing else of the checkout (decision 030).
TYPES := build/types/softgate
ROOMS := $(filter-out benchmarks,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))
define LINT
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf $(TYPES) && mkdir -p $(TYPES)
	ln -s $(addprefix $(CURDIR)/,__init__.py py.typed $(ROOMS)) $(TYPES)
	MYPYPATH=build/types:. $(BIN)/mypy -p softgate -p benchmarks
endef

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The package is installed as its users get it: what a wheel lacks, the tests miss. What an earlier build left would
# get into the wheel, so it goes first.
INSTALL = rm -rf build/lib build/bdist.* && $(BIN)/pip install --quiet --disable-pip-version-check

$(VENV)/.installed: $(SOURCES) | $(BIN)/python
	$(INSTALL) '.[all]'
	rm -f $(VENV)/.editable
	touch $@

$(VENV)/.installed-dev: $(SOURCES) | $(BIN)/python
	$(INSTALL) '.[dev]'
	rm -f $(VENV)/.editable
	touch $@ $(VENV)/.installed

$(VENV)/.editable: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable '.[dev]'
	rm -f $(VENV)/.installed $(VENV)/.installed-dev
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
