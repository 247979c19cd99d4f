PYTHON ?= python3
PORT ?= 8069
DATA ?=
DATABASE ?=
ARGS ?=

ENVIRONMENT = $(PYTHON) -m environment

.PHONY: help setup demo stop clean test lint readmes bench screenshots
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## Set up Odoo, its Python packages and a database server in the cache
	@$(ENVIRONMENT) setup

demo: ## Serve a demo on 127.0.0.1 [DATA=cdnow|cdnow-sample|completejourney] [PORT=8069] [DATABASE=name]
	@$(ENVIRONMENT) demo --port=$(PORT) --data=$(DATA) --database=$(DATABASE)

stop: ## End the demo and the embedded database
	@$(ENVIRONMENT) stop

clean: ## End everything and remove what was made
	@$(ENVIRONMENT) clean

test: ## Run all tests [ARGS="-k something"]
	@$(ENVIRONMENT) test $(ARGS)

lint: ## Check style, Odoo's and OCA's conventions, XML [ARGS=one-check]
	@$(ENVIRONMENT) lint $(ARGS)

readmes: ## Make README.rst and the Apps page of each add-on from its readme/
	@$(ENVIRONMENT) python -m environment.readmes

bench: ## Run the benchmarks [ARGS=part-of-a-name]
	@$(ENVIRONMENT) bench $(ARGS)

screenshots: ## Take the pictures in docs/ from the running demo
	@$(ENVIRONMENT) python docs/take_screenshots.py $(ARGS)
