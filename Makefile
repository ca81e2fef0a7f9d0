# make run    set up, build the Zhuzhou example, write its report, serve the observatory
# make test   set up, check and test everything
# make check  what CI checks, on an environment that is set up

SHELL := /bin/bash
UV := $(shell command -v uv || echo .uv/bin/uv)
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export UV_COMPILE_BYTECODE := 1
# The pages' typeface comes from npm where there is one; without it they use the system's.
TYPEFACE := -@! command -v npm >/dev/null || npm ci --ignore-scripts --no-audit --no-fund --silent

.PHONY: run test check browser bench docs golden

run: .venv/.ready
	.venv/bin/liantu demo zhuzhou

test: .venv/.ready-dev browser check

check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest -n 2

$(UV):
	python3 -m venv .uv
	.uv/bin/python -m pip install --quiet uv

.venv/.ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --no-dev --inexact --python python3
	$(TYPEFACE)
	touch $@

.venv/.ready-dev: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --group bench --python python3
	$(TYPEFACE)
	touch $@ .venv/.ready

# The browser tests need Debian's Chromium and a Chinese font; without root they are skipped, and say so.
browser:
	@if ! command -v chromium >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	  else echo "no chromium, and no right to install it: the browser tests will be skipped"; fi; fi

docs:
	.venv/bin/python docs/generate.py

golden:
	.venv/bin/pytest -q tests/test_contract.py --rewrite-golden

bench:
	.venv/bin/python -m benchmarks
