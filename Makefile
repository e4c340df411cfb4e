# Every task sets up what it needs first (.venv, packages, on Debian as root also system libraries); see .ci/make.py.
# On Windows without make: py .ci/make.py run
ifeq ($(OS),Windows_NT)
PYTHON ?= py
else
PYTHON ?= python3
endif

TASKS := run test bench soak lock installer

.PHONY: help $(TASKS)

help:
	@$(PYTHON) .ci/make.py || true

$(TASKS):
	@$(PYTHON) .ci/make.py $@ $(ARGS)
