# SPDX-License-Identifier: Apache-2.0
# The engine, packages first.
rtl/dray/dray_pkg.sv
rtl/dray/dray_regs_pkg.sv
rtl/dray/dray_gate_regs_pkg.sv
rtl/dray/dray_regs.sv
rtl/dray/dray_channel_regs.sv
rtl/dray/dray_gate_regs.sv
rtl/dray/dray_axil.sv
rtl/dray/dray_queue.sv
rtl/dray/dray_pair.sv
rtl/dray/dray_pass.sv
rtl/dray/dray_turn.sv
rtl/dray/dray_channel.sv
rtl/dray/dray_fetch.sv
rtl/dray/dray_decode.sv
rtl/dray/dray_read.sv
rtl/dray/dray_request.sv
rtl/dray/dray_receive.sv
rtl/dray/dray_plan.sv
rtl/dray/dray_commit.sv
rtl/dray/dray_align.sv
rtl/dray/dray_stream.sv
rtl/dray/dray_retire.sv
rtl/dray/dray_account.sv
rtl/dray/dray_gate_check.sv
rtl/dray/dray_gate.sv
rtl/dray/dray.sv
