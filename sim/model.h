// SPDX-License-Identifier: Apache-2.0
//
// C face of a Verilated engine: its pins as buses, one call a clock.
//
// Every configuration of sim.mk is Verilated once and is one `struct model_kind`; all of them link
// into one program, so a test runs at every width it names.
//
//     struct model *model = model_new(model_kind_find("default64"));
//     struct model_pins pins = { .rst_n = false };
//     model_clock(model, &pins);
//     model_free(model);
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "bus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MODEL_CHANNELS_MAX = 8 };

// Pins of the top `dray`. Inputs of the engine are set by the caller and stay; outputs are what the
// engine drove in the cycle that model_clock ended.
struct model_pins {
    bool        rst_n, gate_rst_n;
    struct axil registers; // s_axil
    struct axil gate;      // s_axil_gate
    struct axi  memory;    // m_axi
    struct axis stream_out[MODEL_CHANNELS_MAX]; // m_axis, one a channel
    struct axis stream_in[MODEL_CHANNELS_MAX];  // s_axis, one a channel
    bool        irq;
    uint8_t     channel_irq; // bit n: channel n
};

// What a configuration was built with; the names are those of the Verilog parameters.
struct model_parameters {
    unsigned data_w, addr_w, channels, fifo_beats, descriptors, reads, burst_beats;
    unsigned bytes, fill, rows, lists, gate, window, page_lg, guard_frames, stream_out, stream_in, stream_beats;
    uint64_t window_base, guard_base;
    unsigned budget, watchdog, coalesce, priority, attributes, counters;
};

struct model;

struct model_kind {
    const char             *name;
    struct model_parameters parameters;
    struct model *(*create)(void);
};

// Any Verilated model begins with this, so that one face serves all of them.
struct model {
    const struct model_kind *kind;
    void (*clock)(struct model *model, struct model_pins *pins);
    bool (*trace)(struct model *model, const char *path);
    void (*destroy)(struct model *model);
};

// All kinds of this program, in the order of sim.mk; ends with NULL. @return NULL if there is none of that name.
extern const struct model_kind *const model_kinds[];
const struct model_kind *model_kind_find(const char *name);

struct model *model_new(const struct model_kind *kind);
void model_free(struct model *model);

// One clock: drives the inputs, lets them settle, samples the outputs just before the rising edge, then the edge.
static inline void model_clock(struct model *model, struct model_pins *pins)
{
    model->clock(model, pins);
}

// Writes every signal of the cycles to come to an FST file. @return false in a build without TRACE=1.
bool model_trace(struct model *model, const char *path);

#ifdef __cplusplus
}
#endif

#endif
