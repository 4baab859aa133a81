# Thin targets over ./run, which makes the environment on first use. `make check` is what CI calls.
.PHONY: check format lint types imports test bench soak fmt pictures

check: format lint types imports test

format:
	./run ruff format --check --quiet .

lint:
	./run ruff check .

types:
	./run mypy

imports:
	./run lint-imports

test:
	./run pytest

# Ratios against floors measured in the same run; it reports and never fails on a time.
bench:
	./run python -m tests.bench

# The long forms of the fault suites: hours rather than minutes.
soak:
	DEPLOYTUI_SOAK=1 ./run pytest --timeout=7200 tests/faults tests/e2e

fmt:
	./run ruff format .
	./run ruff check --fix .

# The pictures and tables of the README, made by the program itself.
pictures:
	./run python -m tests.pictures
