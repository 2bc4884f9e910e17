# SPDX-License-Identifier: Apache-2.0
# The hardware: what is generated, what is linted.

REGS += rtl/dray/dray.rdl:rtl=rtl/dray:c=firmware/dray/include/dray_regs.h:svd=docs/dray.svd:md=docs/registers.md
REGS += rtl/dray/dray_gate.rdl:rtl=rtl/dray:c=firmware/map/include/dray_gate_regs.h:svd=docs/dray_gate.svd:md=docs/registers-gate.md

LINT_RTL += rtl/dray/dray.f:dray
LINT_RTL += rtl/dray/dray.f:dray:DATA_W=32:CHANNELS=1:BYTES=0:FILL=0:ROWS=0:LISTS=0:GATE=0:FIFO_BEATS=128:DESCRIPTORS=8:READS=16:BUDGET=0:WATCHDOG=0:COALESCE=0:PRIORITY=0:ATTRIBUTES=0:COUNTERS=0
LINT_RTL += rtl/dray/dray.f:dray:DATA_W=128:CHANNELS=4:ADDR_W=40:STREAM_OUT=5
LINT_RTL += rtl/dray/dray.f:dray:DATA_W=64:STREAM_OUT=2:STREAM_IN=1
LINT_RTL += rtl/dray/dray.f:dray:DATA_W=32:BYTES=0:FILL=0:ROWS=0:GATE=0:STREAM_IN=3

prove: ## the proofs of rtl/formal and their mutants; build/proofs.json; NAMES="queue ..." for some
	$(Q)$(PYTHON) tools/prove.py --mutants $(NAMES)

.PHONY: prove

-include $(wildcard rtl/soc/soc.mk)
-include $(wildcard rtl/board/board.mk)
