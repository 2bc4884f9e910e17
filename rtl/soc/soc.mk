# SPDX-License-Identifier: Apache-2.0
# The system round the engine: its registers, and what the linters must read.

REGS += rtl/soc/soc.rdl:rtl=rtl/soc:c=firmware/hal/include/soc_regs.h:md=docs/registers-soc.md

SOC_CORE  = $(VEXRISCV)/VexRiscv_Linux.v
SOC_STUB := $(OUT)/soc/VexRiscv.sv
SOC_LINT := $(OUT)/soc/lint.f

# The core is a dependency: the linters see its ports alone.
$(SOC_STUB): tools/core_stub.py
	$(Q)$(PYTHON) tools/core_stub.py $(SOC_CORE) $@

$(SOC_LINT): rtl/dray/dray.f rtl/soc/soc.f $(SOC_STUB)
	$(Q)mkdir -p $(@D)
	$(Q)cat rtl/dray/dray.f rtl/soc/soc.f > $@ && echo $(SOC_STUB) >> $@

GENERATED += $(SOC_LINT)
LINT_RTL  += $(SOC_LINT):soc $(SOC_LINT):soc:DATA_W=32 $(SOC_LINT):soc:DATA_W=128 \
             $(SOC_LINT):soc:HOST_BRIDGE=0:POSTING_BRIDGE=0
