# Every command of the project. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# The number of xdist workers, which CI and small machines may set. A file's tests share a worker, and its slow fixtures.
JOBS ?= auto
WORKERS := -n $(JOBS) --dist loadfile
# Otherwise every worker would compile all modules again, which takes three seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: pages journeys help install uninstall demo sample migration serve test test-postgres browser check format lock release bench faults messages screenshots sbom clean dev test-slow mutants architecture house

help: ## list every target with a line
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A new Python from the distribution leaves an environment that does not run, or that finds none of its packages:
# it is then made anew. `-c 'import pip'` is what both have lost.
STALE := $(if $(wildcard $(VENV)/pyvenv.cfg),$(shell $(BIN)/python -c 'import pip' >/dev/null 2>&1 || echo yes))
ifneq ($(STALE),)
.PHONY: $(VENV)/bin/python
$(VENV)/.run $(VENV)/.dev: $(VENV)/bin/python
endif

# This says in one plain line what is missing and what to type, before pip says it in fifty lines.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Engage needs Python 3.11 or newer. Type: sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Engage needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1 | cut -d' ' -f2). Install a newer one and type: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Type: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); echo "The environment could not be made in $(VENV). Type: sudo apt install python3-venv"; exit 1; }

# Installing Engage compiles them.
TEXTS := $(wildcard engage/translations/*/LC_MESSAGES/messages.po)

# Two steps: the lock with its hashes (build backend included), then Engage itself, alone.
define install
	@echo "Downloading the Python packages that Engage needs into $(VENV). This takes a minute or two, and only this time."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

$(VENV)/.run: requirements/run.txt pyproject.toml engage/translations/messages.pot $(TEXTS) | $(VENV)/bin/python
	$(call install,requirements/run.txt)
	@touch $@

# The demo has a mail server of its own, which a real server does not.
$(VENV)/.demo: requirements/demo.txt pyproject.toml engage/translations/messages.pot $(TEXTS) | $(VENV)/bin/python
	$(call install,requirements/demo.txt)
	@touch $@ $(VENV)/.run

$(VENV)/.dev: requirements/dev.txt pyproject.toml engage/translations/messages.pot $(TEXTS) | $(VENV)/bin/python
	$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/.run $(VENV)/.demo

demo: $(VENV)/.demo ## a throwaway sample coalition on http://127.0.0.1:8000 (PORT=8001 for another port)
	@echo "Making the sample coalition. This takes about ten seconds."
	@$(BIN)/engage demo --port $(PORT)

sample: $(VENV)/.run ## keep what `make demo` holds now, changed in the browser, as the sample coalition
	@ENGAGE_DATA=instance/demo $(BIN)/engage export riverbend-county | $(BIN)/python -m engage.operations.sample.service

migration: $(VENV)/.dev ## write a migration of what you changed in the models: make migration NAME="when to call"
	@$(BIN)/python migrations/new.py "$(NAME)"

serve: $(VENV)/.run ## run your own installation (data in instance/ or ENGAGE_DATA)
	@$(BIN)/engage init
	@$(BIN)/engage serve --port $(PORT)

# These files are installed for a server; the code stays where it is. With DESTDIR they go only into that folder, without a user.
UNITS := $(wildcard docs/hosting/systemd/*)
SYSTEMD := $(DESTDIR)/etc/systemd/system
# Both paths may contain spaces, at which make's own path functions would split them. The environment's own path may begin
# with /opt/engage, too, and is therefore written last.
PLACED = sed -e "s|/opt/engage/.venv|@VENV@|g" -e "s|/opt/engage|$$PWD|g" -e "s|@VENV@|$$(realpath $(VENV))|g"
# The server's user reads these. instance/ is left out, since its key and database are for their owner alone.
READ := engage migrations static templates docs requirements pyproject.toml wsgi.py

# This is checked before the packages are downloaded, which takes a minute.
.PHONY: may-install
may-install:
	@test -n "$(DESTDIR)" || test "$$(id -u)" = 0 || { echo "Type: sudo make install"; exit 1; }
ifeq ($(DESTDIR),)
	@used=$$(realpath -m "$$(command -v $(USED))"); case "$$used" in /root/*|/home/*) echo "The service cannot use a Python in a home folder: $$used. Type: $(if $(wildcard $(VENV)/pyvenv.cfg),rm -r $(VENV) && )make install PYTHON=/usr/bin/python3"; exit 1;; esac
endif
# An environment that is missing or stale is made from $(PYTHON).
may-install: USED := $(if $(STALE),$(PYTHON),$(if $(wildcard $(VENV)/pyvenv.cfg),$(BIN)/python,$(PYTHON)))

install: may-install $(VENV)/.run ## as root: a user, settings in /etc/engage and systemd's units, see docs/hosting.md
	@$(BIN)/python -m compileall -q engage migrations
	@install -d -m 755 $(SYSTEMD) $(DESTDIR)/etc/engage $(DESTDIR)/usr/local/bin
	@for unit in $(UNITS); do $(PLACED) $$unit > $(SYSTEMD)/$${unit##*/} && chmod 644 $(SYSTEMD)/$${unit##*/} || exit 1; done
	@$(PLACED) docs/hosting/engage > $(DESTDIR)/usr/local/bin/engage && chmod 755 $(DESTDIR)/usr/local/bin/engage
	@test -e $(DESTDIR)/etc/engage/engage.env || install -m 640 docs/hosting/engage.env $(DESTDIR)/etc/engage/engage.env
ifeq ($(DESTDIR),)
	@chmod a+rx . && chmod -R a+rX $(READ) $(VENV)
	@id engage >/dev/null 2>&1 || useradd --system --home-dir /var/lib/engage --shell /usr/sbin/nologin engage
	@chown root:engage /etc/engage/engage.env
	@install -d -m 700 -o engage -g engage /var/lib/engage
	@systemctl daemon-reload
endif
	@! grep -qx ENGAGE_URL=https://engage.example.org $(DESTDIR)/etc/engage/engage.env || echo "Next: set ENGAGE_URL in $(DESTDIR)/etc/engage/engage.env, then go on with docs/hosting.md."

uninstall: ## as root: remove the units and the command; settings and data stay
ifeq ($(DESTDIR),)
	-@systemctl stop 'engage@*.service'
	-@systemctl disable --now $(notdir $(UNITS))
endif
	@rm -f $(addprefix $(SYSTEMD)/,$(notdir $(UNITS))) $(DESTDIR)/usr/local/bin/engage
	@echo "Left as they are: $(DESTDIR)/etc/engage and /var/lib/engage. They hold your data: delete them yourself."

# Besides Python files, a change of these also causes a reload.
nothing :=
WATCHED := $(subst $(nothing) $(nothing),:,$(wildcard static/css/*/*.css static/*.js engage/content/*/*.yaml))

dev: $(VENV)/.dev ## serve instance/ (or ENGAGE_DATA) with reload and a debugger, whose PIN it prints
	@$(BIN)/engage init
	@$(BIN)/engage address --port $(PORT)
	@$(BIN)/engage run --debug --port $(PORT) --extra-files "$(WATCHED)"

# Without FILE= all tests but the slow ones. A few tests of one file are done before more workers have started.
ifeq ($(FILE),)
TESTS := -m "not slow" $(WORKERS)
else
TESTS := $(FILE) -n 0
endif

test: $(VENV)/.dev ## the tests on SQLite, except slow and browser tests; FILE=tests/plan/test_rules.py runs one file
	$(BIN)/python -m pytest $(TESTS)

test-slow: $(VENV)/.dev ## faults, upgrades, migrations with data, whole installations, on SQLite
	$(BIN)/python -m pytest -m slow $(WORKERS)

test-postgres: $(VENV)/.dev ## the same on PostgreSQL: a server made for this run, or ENGAGE_TEST_DATABASE_URL; MARK=slow runs the slow ones
	$(BIN)/python -m $(if $(ENGAGE_TEST_DATABASE_URL),,tests.faults.clusters )pytest -m "$(or $(MARK),not slow) and not sqlite_only" $(WORKERS)

# With AT the servers and the tests live then, by UTC; the browser stays where it is, so that only a day ahead keeps its cookies.
browser: $(VENV)/.dev ## whole journeys in Debian's chromium, with axe, some also in Firefox and WebKitGTK; FILE= runs one file, AT="2027-01-01 05:30" at another moment
	$(if $(AT),TZ=UTC faketime --exclude-monotonic "$(AT)") $(BIN)/python -m pytest $(or $(FILE),tests/browser) -n $(if $(FILE),0,$(JOBS))

pages: $(VENV)/.dev ## measure how long the sample's pages are, into docs/pages.md
	$(BIN)/python -m tests.browser.length.measured

journeys: $(VENV)/.dev ## count the clicks and fields of the journeys in both languages, into docs/pages.md
	$(BIN)/python -m tests.browser.journeys.table

sheets: $(VENV)/.dev ## forty pages at two widths, light, dark, with long names, empty and refused, as twelve pictures in build/sheets
	$(BIN)/python -m tests.browser.pictures.sheets

check: $(VENV)/.dev ## format, lint, types, import contracts, templates, migrations, translations, words, the architecture page
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --profile=jinja --quiet
	$(BIN)/engage check-migrations
	$(BIN)/engage messages --check
	$(BIN)/python docs/words.py
	$(BIN)/python docs/architecture.py --check

architecture: $(VENV)/.dev ## write layers and packages from the imports into docs/architecture.md, and count what goes up
	$(BIN)/python docs/architecture.py

# An earlier name of it.
house: architecture

format: $(VENV)/.dev ## write the format that `make check` wants
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## speed, memory and bytes beside a bare Flask floor; prints a row a measure
	@$(BIN)/python -m compileall -q engage migrations bench
	$(BIN)/python -m bench

faults: $(VENV)/.dev ## kill, fill, cut, forge and scan, and count what is lost; a row a fault, twenty minutes
	$(BIN)/python -m tests.faults

mutants: $(VENV)/.dev ## put small faults into the rules, one at a time, and see that a test notices each
	$(BIN)/python -m tests.mutants

messages: $(VENV)/.dev ## collect every string a person sees into the catalog
	$(BIN)/engage messages

screenshots: $(VENV)/.dev ## take the README's pictures from the demo
	$(BIN)/python -m tests.browser.pictures.screenshots

lock: $(VENV)/.dev ## choose versions again and write both locks, for every Python from 3.11
	$(BIN)/python requirements/lock.py

# The bounds of pyproject.toml are left out, so that it says which of them could be raised. It is not part of .ci/run, where
# a change of others would stop ours.
NEWEST = import re, tomllib; all = tomllib.load(open("pyproject.toml", "rb")); \
	print(*(re.sub(r"(?<=\w)[<>=][^;]*", "", each, count=1) for each in all["project"]["dependencies"] + all["dependency-groups"]["dev"]), sep="\n")
.PHONY: next
next: ## install the newest of everything into build/next and run the tests there; FILE= runs one file
	@$(PYTHON) -m venv --clear build/next
	@$(PYTHON) -c '$(NEWEST)' > build/next/newest.txt
	@build/next/bin/python -m pip install --quiet --disable-pip-version-check --upgrade setuptools wheel -r build/next/newest.txt
	@build/next/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	build/next/bin/python -m pytest $(TESTS)

release: $(VENV)/.dev sbom ## build wheel, source archive, SBOM, notes and SHA256SUMS of this commit into dist/, see docs/releasing.md
	@$(BIN)/python docs/release.py

# It has an environment of its own, so that the tool that writes the list is not in the list.
sbom: ## the packages that a server runs, with their hashes, as CycloneDX in build/engage.cdx.json
	@$(PYTHON) -m venv build/sbom
	@build/sbom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0
	@build/sbom/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --output-reproducible -o build/engage.cdx.json

clean: ## remove the environment and what was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
