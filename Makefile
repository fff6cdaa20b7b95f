# memshare: two commands are enough.
#   make run     set up what is missing, then run the main job on the embedded model
#   make test    set up what is missing, then check and test everything
#   make lab     open JupyterLab at the quickstart notebook
#   make app     serve the widgets as a web page
#   make docs    build a searchable site of the notebooks and the API
#   make bench   run the benchmarks
# Further: make study (the executed studies), make export (notebooks -> modules, README.md),
#          make clean-notebooks, make build (a wheel), make distclean (remove the environment)

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
DEV    := $(BIN)/python -c 'import sys; from memshare.dev import main; sys.exit(main())'

# A machine with an NVIDIA GPU gets FAISS for it and the PyTorch that the index serves; any other gets the CPU builds,
# which spare it some gigabytes of CUDA. TORCH and TORCH_INDEX may be set to taste.
GPU         := $(shell command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L 2>/dev/null | grep -c GPU)
TORCH       ?= torch==2.13.0
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# Jupyter refuses to run as root, which is who one is in a container, unless it is told that this is meant.
AS_ROOT     := $(if $(filter 0,$(shell id -u)),--allow-root)
EXTRA       := $(if $(filter-out 0,$(GPU)),gpu,cpu)

# Tests and benchmarks never reach out; a run does if you name a model that is not on disk yet.
test bench study: export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM ?= false

.PHONY: run test lab app docs bench study export clean-notebooks build setup distclean
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/memshare run $(ARGS)

test: setup
	@$(DEV) test

lab: setup
	@$(BIN)/jupyter lab $(AS_ROOT) --LabApp.default_url=/lab/tree/nbs/teach/01_quickstart.ipynb $(ARGS)

app: setup
	@$(BIN)/voila nbs/teach/00_widgets.ipynb --theme=light $(ARGS)

docs: setup
	@$(BIN)/pip install -q --disable-pip-version-check -e '.[docs]'
	@$(BIN)/sphinx-build -q -c docs . results/docs && echo "results/docs/index.html"

bench: setup
	@$(DEV) test --workers 1 --save nbs/bench/*.ipynb && $(BIN)/nbdev-clean

study: setup
	@$(DEV) test --workers 1 --save --flags slow nbs/experiments/*.ipynb && $(BIN)/nbdev-clean

export: setup
	@$(BIN)/nbdev-clean && $(BIN)/nbdev-export && $(DEV) readme

clean-notebooks: setup
	@$(BIN)/nbdev-clean

build: setup
	@$(BIN)/python -m build --wheel

setup: $(READY)

$(READY): pyproject.toml
	@echo "memshare: setting up $(VENV) ($(EXTRA)); this happens once and takes a few minutes"
	@$(PYTHON) -c 'import sys; sys.exit("memshare needs Python 3.10 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 10) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
ifeq ($(EXTRA),cpu)
	@$(BIN)/python -c 'import urllib.request as u; u.urlopen("$(TORCH_INDEX)/torch/", timeout=5)' >/dev/null 2>&1 \
	  && $(BIN)/pip install -q --disable-pip-version-check $(TORCH) --extra-index-url $(TORCH_INDEX) \
	  || $(BIN)/pip install -q --disable-pip-version-check $(TORCH)
endif
	@$(BIN)/pip install -q --disable-pip-version-check -e '.[$(EXTRA),verse,dev]'
	@touch $@

distclean:
	rm -rf $(VENV) build dist *.egg-info
