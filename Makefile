# Thin targets over ./run, which makes the environment on first use. `make check` is what CI calls.
.PHONY: check format lint types imports test long bench soak fmt pictures

check: format lint types imports test long

format:
	./run ruff format --check --quiet .

lint:
	./run ruff check .

types:
	./run mypy

imports:
	./run lint-imports

# What a developer runs before each commit: everything quick, and a share of the real terminal and the faults.
test:
	./run pytest

# The rest of the real terminal and the faults.
long:
	./run pytest tests/e2e/long tests/faults/long

# Ratios against floors measured in the same run; it reports and never fails on a time.
bench:
	./run python -m tests.bench

# The long forms of the fault suites: hours rather than minutes.
soak:
	DEPLOYTUI_SOAK=1 ./run pytest --timeout=7200 -o norecursedirs=.venv tests/faults tests/e2e

fmt:
	./run ruff format .
	./run ruff check --fix .

# The pictures and tables of the README, made by the program itself.
pictures:
	./run python -m tests.pictures
