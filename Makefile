# make help lists what there is. Everything installed goes into .venv and node_modules.
PYTHON ?= python3
PORT ?= 8000
IN := .venv/bin
MANAGE := $(IN)/python manage.py
export PORT
# Settings of a council that does not exist: production refuses to start with less.
PRODUCTION := DJANGO_SETTINGS_MODULE=stockport.settings.production SECRET_KEY=not-a-secret-only-long-enough-for-the-deployment-check \
	DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost:1 ALLOWED_HOSTS=council.example \
	SITE_URL=https://council.example DEFAULT_FROM_EMAIL=no-reply@council.example EMAIL_HOST=localhost \
	DUTY_EMAILS=duty@council.example FIELD_KEYS=bm90LWEtc2VjcmV0LW9ubHktb2YtdGhlLXJpZ2h0LWxlbmd0aC4=

.DEFAULT_GOAL := help
.PHONY: help python setup ports run backoffice civica worker test thorough lint types fix check audit sbom migrations bench drills requirements

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: python ## Run the whole site with the demo borough (PORT=8000); Ctrl-C stops it
	@$(PYTHON) stockport/run/prepare.py --port $(PORT) --port $$(($(PORT) + 1)) --port $$(($(PORT) + 2)) && exec $(IN)/python -m stockport.run

test: setup ## Run the tests that are quick (ARGS="tests/benefits -k award" narrows it)
	@$(IN)/python -m pytest -n 2 --dist worksteal -m "not browser and not slow" $(ARGS)

thorough: setup ## Run the others: in Chromium, with axe, with real processes, with a borough (ARGS as for test)
	@$(IN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "browser or slow" $(ARGS)

lint: setup ## Check style, templates, import directions, types, imports of tests, migrations and deployment
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	git ls-files -z -- '*.html' | xargs -0 -r $(IN)/djade --target-version 5.2 --check
	$(IN)/lint-imports
	$(IN)/mypy .
	@mkdir -p .run && $(IN)/python -m pytest --collect-only -qq >.run/collected 2>&1 || { cat .run/collected; false; }
	$(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

fix: setup ## Repair what can be repaired by itself: style of Python and templates
	$(IN)/ruff check --fix .
	$(IN)/ruff format .
	git ls-files -z -- '*.html' | xargs -0 -r $(IN)/djade --target-version 5.2

types: setup ## Check types
	$(IN)/mypy .

check: setup audit ## Run Django's system checks, and look for known weaknesses in what is installed
	$(MANAGE) check

audit: setup ## Look Python and Node packages up in the public lists of known weaknesses
	@$(IN)/python -m stockport.run.audit

sbom: setup ## Print what the portal is made of, as a CycloneDX bill of materials
	@$(IN)/python -m stockport.run.sbom

migrations: setup ## Write the migrations that the models need
	$(MANAGE) makemigrations

worker: setup ## Run one more worker beside a site that runs
	$(IN)/celery --app stockport worker --loglevel info

backoffice: setup ## Start the demo back office again after stopping it
	$(MANAGE) backoffice --port $$(($(PORT) + 1))

civica: setup ## Start the invented Civica again after stopping it
	$(MANAGE) civica --port $$(($(PORT) + 2))

bench: setup ## Print figures of speed beside their limits
	@set -e; for bench in benchmarks/bench_*.py; do $(IN)/python $$bench; done

drills: setup ## Break everything in turn: no report lost, none doubled (ARGS="--times 3 --only broker")
	@$(IN)/python -m tests.drills $(ARGS)

requirements: setup ## Compile the locked requirements from pyproject.toml
	$(IN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make requirements" pyproject.toml -o requirements.txt
	$(IN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make requirements" -c requirements.txt --group dev pyproject.toml -o requirements-dev.txt
	$(IN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make requirements" --group scans -o tests/scans/requirements.txt

setup: python
	@$(PYTHON) stockport/run/prepare.py

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "My Account needs Python 3.11 or newer: install it, or name it with make PYTHON=python3.12 $(MAKECMDGOALS)." >&2; exit 1; }
