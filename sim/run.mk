# SPDX-License-Identifier: Apache-2.0
# The main job: `make run` moves a picture through the simulated system to its screen, `make wave` shows the signals.

RUN_C        := run run_report job screen picture picture_make sequence progress elf_symbols
RUN_CINC      = -DMMIO_HOST $(addprefix -I,$(FW_INC) $(FW_HOST_INC)) -Ifirmware/apps/picture
RUN_FIRMWARE := $(FW_OUT)/core-linux/picture.elf
RUN_FST      := $(OUT)/run/run.fst
RUN_LAWS     := $(FW_LAWS_C:firmware/%.c=%)

# ---- the program: fast for running, and with sanitizers for its tests

$(foreach kind,fast check,$(RUN_C:%=$(SIM)/$(kind)/%.o)): SIM_CINC += $(RUN_CINC)

$(SIM)/fast/laws/%.o: firmware/%.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CWARN) -g -O2 $(RUN_CINC) -MMD -MP -c $< -o $@

$(SIM)/check/laws/%.o: firmware/%.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CHOST) $(RUN_CINC) -MMD -MP -c $< -o $@

-include $(wildcard $(SIM)/check/laws/*/*.d $(SIM)/fast/laws/*/*.d)

$(SIM)/run: $(RUN_C:%=$(SIM)/fast/%.o) $(RUN_LAWS:%=$(SIM)/fast/laws/%.o) $(SIM)/system.a $(SIM)/soc.a $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) $^ $(SIM_LIBS) -lpng -o $@

$(SIM)/check/run: $(RUN_C:%=$(SIM)/check/%.o) $(RUN_LAWS:%=$(SIM)/check/laws/%.o) $(SYSTEM_C:%=$(SIM)/check/%.o) $(SIM)/soc.a $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $^ $(SIM_LIBS) -lpng -o $@

# ---- running. A path may hold anything: it goes through the environment, and make expands nothing in it.

override IMAGE := $(value IMAGE)
export RUN_IMAGE := $(IMAGE)

run: $(SIM)/run $(RUN_FIRMWARE) ## move a picture to the screen; IMAGE=any.png LATENCY=13 ONE_ELEMENT=1 REGISTERS=8 SATURATE=1 TRACE=1
	$(Q)$(SIM)/run --firmware $(RUN_FIRMWARE) --out $(OUT)/run $(if $(IMAGE),--image "$$RUN_IMAGE") $(if $(LATENCY),--latency "$(LATENCY)") \
	    $(if $(REGISTERS),--registers "$(REGISTERS)") $(if $(ONE_ELEMENT),--one-element) $(if $(SATURATE),--saturate) \
	    $(if $(TRACE),--trace $(RUN_FST))

wave: ## the signals of the picture's way, in gtkwave; runs the main job with traces if it has not been run so
	$(Q)command -v gtkwave > /dev/null || { echo 'wave: gtkwave is not installed; apt-get install gtkwave, then say make wave again.' >&2; exit 1; }
	$(Q)test -f $(RUN_FST) || $(MAKE) --no-print-directory run TRACE=1
	$(Q)gtkwave $(RUN_FST) sim/run.gtkw

.PHONY: run wave

$(SIM)/program/hang.elf: firmware/apps/picture/picture_block.h

# ---- tests: pictures, frames, the command line, and the main job: at three latencies, and on any picture

RUN_JOBS  := 1 13 100 any
RUN_JOB_any := -DJOB_ANY -DJOB_LATENCY=1
RUN_TESTS := $(SIM)/test_picture $(SIM)/test_picture_file $(SIM)/test_frames $(SIM)/test_run $(RUN_JOBS:%=$(SIM)/test_job_%)
TESTS     += $(RUN_TESTS)

$(SIM)/test_picture $(SIM)/test_picture_file: $(SIM)/%: $(SIM)/check/%.o $(SIM)/check/picture.o $(SIM)/check/picture_make.o
	$(say) LINK $@
	$(Q)$(CC) -fsanitize=address,undefined $^ -lpng -lcmocka -o $@

$(SIM)/test_frames: $(SIM)/check/test_frames.o $(SIM)/check/screen.o
	$(say) LINK $@
	$(Q)$(CC) -fsanitize=address,undefined $^ -lcmocka -o $@

$(SIM)/test_run: $(SIM)/check/test_run.o $(SIM)/check/shell.o | $(SIM)/check/run $(SIM)/program/hang.elf $(SIM)/program/boot_test.elf
	$(say) LINK $@
	$(Q)$(CC) -fsanitize=address,undefined $^ -lcmocka -o $@

$(SIM)/check/test_job_%.o: sim/test_job.c sim/shell.h sim/picture.h
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CHOST) $(SIM_CINC) $(or $(RUN_JOB_$*),-DJOB_LATENCY=$*) -c $< -o $@

$(RUN_JOBS:%=$(SIM)/test_job_%): $(SIM)/test_job_%: $(SIM)/check/test_job_%.o $(SIM)/check/shell.o $(SIM)/check/picture.o | $(SIM)/run $(RUN_FIRMWARE)
	$(say) LINK $@
	$(Q)$(CC) -fsanitize=address,undefined $^ -lpng -lcmocka -o $@

LINT_C_HOST   += $(RUN_C:%=sim/%.c) sim/shell.c sim/test_picture.c sim/test_picture_file.c sim/test_frames.c sim/test_run.c sim/test_job.c
LINT_C_TARGET += sim/program/hang.c
CINC          += -Ifirmware/apps/picture
