# SPDX-License-Identifier: Apache-2.0
# The tools' own tests: each checker has one that makes it fail.

TESTS += $(sort $(wildcard tools/tests/test_*.py))

mutate: ## break one thing at a time and see that a test notices; NAMES="fence_is_ignored ..." for some
	$(Q)$(PYTHON) tools/mutate.py $(NAMES)

pairwise: ## every two values of the engine's parameters together, in Verilator and Yosys; RUNS=20 are built and run, ONLY=100 is a part
	$(Q)$(PYTHON) tools/pairwise.py --sources $(SIM_RTL) --make "$(MAKE)" --runs $(or $(RUNS),20) $(if $(ONLY),--only $(ONLY)) --out $(OUT)/pairwise

contract: ## rules of the contract: which is tested, and which of their mutants make mutate has killed
	$(Q)$(PYTHON) tools/contract.py

chart: ## write what make bench and make run measured into README.md and docs
	$(Q)$(PYTHON) tools/chart.py

.PHONY: mutate pairwise contract chart
