# make run: the dashboard. make test: the whole suite. Nothing but Python 3.11+ and make is assumed.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501

.PHONY: run test test-cluster check docs bench trials answers cluster-answers sample lock clean

run: .venv/installed ## Serve the dashboard on http://localhost:8501, with the sample company if nothing is loaded
	@$(BIN)/insights serve --port $(PORT)

# Each server a test starts would else compile the whole product again, and each load create its tables anew.
# Three workers on two cores: while one waits for its browser, the others work. ARGS="-n 2" makes it two.
test: .venv/cluster ## Run every test, those in a real browser included, a file at a time on each worker: its tests share what they built
	@sh tests/chromium.sh $(BIN)/python
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

test-cluster: .venv/spark ## Run the tests that need a real Spark: a cluster of processes on this machine (Java 17 is needed)
	$(BIN)/python -m pytest -m spark tests/test_spark.py $(ARGS)

check: .venv/cluster ## Lint, types, generated documentation, dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m insights.docs --check
	$(BIN)/vulture

docs: .venv/installed ## Write the generated parts of README and docs
	$(BIN)/python -m insights.docs

bench: .venv/installed ## Measure loads and pages as ratios within one run and write docs/performance.md; ARGS="40_000 1_000_000"
	$(BIN)/python tests/bench $(ARGS)

trials: .venv/installed ## Try what a stranger would add (a KPI, a page, a dimension, a setting), whole and without each part (minutes)
	$(BIN)/python tests/trials.py

answers: .venv/installed ## Compare every answer over the sample with its record (minutes); ARGS=--write records anew
	rm -rf build/answers && $(BIN)/insights --warehouse build/answers load data/sample --sample
	$(BIN)/python tests/answers.py build/answers $(ARGS)

cluster-answers: .venv/cluster ## Compare every answer over the sample with ClickHouse's, cell by cell; ARGS=0.1 asks a tenth of them
	rm -rf build/answers && $(BIN)/insights --warehouse build/answers load data/sample --sample
	$(BIN)/python tests/cluster_answers.py build/answers $(ARGS)

sample: .venv/installed ## Write the sample company's exports again, byte for byte
	$(BIN)/insights demo --out data/sample

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) was found; run: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "Python's venv module is missing; on Debian or Ubuntu install the package python3-venv."; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q src
	@first=$$(mktemp -d) && env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m insights --warehouse $$first \
		load data/sample/agents.csv.gz >$$first/said; rm -rf $$first # what a first load keeps beside the byte code
	@touch $@

.venv/cluster: .venv/installed requirements-cluster.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-cluster.lock
	@touch $@

.venv/spark: .venv/cluster requirements-spark.lock requirements-spark-server.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes \
		-r requirements-spark-server.lock
	@touch $@

lock: .venv/installed ## Write both locks anew from the ranges of requirements*.txt, every file with its hash
	grep -v '^-e' requirements.txt | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
		--python-version 3.11 - -o requirements.lock
	for part in cluster spark spark-server; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
		--python-version 3.11 --constraints requirements.lock requirements-$$part.txt -o requirements-$$part.lock; done

clean: ## Remove the environment and what tools left behind
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
