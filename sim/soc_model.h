// SPDX-License-Identifier: Apache-2.0
//
// C face of the Verilated system: its pins as buses, one call a clock, and a back door to program memory.
//
//     struct soc_model *model = soc_model_new();
//     struct soc_pins pins = { .rst_n = false, .uart_rxd = true };
//     soc_model_clock(model, &pins);
//     soc_model_free(model);
#ifndef SIM_SOC_MODEL_H
#define SIM_SOC_MODEL_H

#include "bus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Pins of the top `soc`. Inputs are set by the caller and stay; outputs are what was driven in the cycle that ended.
struct soc_pins {
    bool       rst_n;
    struct axi host, device; // the two memories
    bool       uart_txd, uart_rxd;
    bool       trace_valid;
    uint16_t   trace_addr;
    uint32_t   trace_data;
    bool       video_pixel, video_hsync, video_vsync, video_de;
    uint32_t   video_rgb;
    bool       engine_irq;

    // Faults on the engine's bus, before the posting bridge: bursts of the chosen directions that begin in
    // [first, last] are answered with resp, and such writes change nothing; hang holds back every answer.
    struct soc_fault {
        bool     on_read, on_write, hang;
        uint8_t  resp;
        uint32_t first, last;
    } fault;
};

struct soc_model;

struct soc_model *soc_model_new(void);
void soc_model_free(struct soc_model *model);

// One clock: drives the inputs, lets them settle, samples the outputs just before the rising edge, then the edge.
void soc_model_clock(struct soc_model *model, struct soc_pins *pins);

// Program memory as the words the core sees at 0x8000_0000.
uint32_t *soc_model_program(struct soc_model *model, size_t *bytes);

// Address of the instruction that retired last.
uint32_t soc_model_pc(struct soc_model *model);

// What the data port asks for. @return false when it asks for nothing.
bool soc_model_data_access(struct soc_model *model, uint32_t *addr, bool *is_write);

// Bursts that the gate has admitted for a channel and that have not had their last response: reads and writes.
unsigned soc_model_outstanding(struct soc_model *model, unsigned channel);

// Pixels that were not there in their cycle, since reset.
uint32_t soc_model_underruns(struct soc_model *model);

// Bits of the memory bus, and clocks a bit of the console after reset.
unsigned soc_model_data_w(void);
unsigned soc_model_uart_divisor(void);

// Writes every signal of the cycles to come to an FST file. @return false in a build without tracing.
bool soc_model_trace(struct soc_model *model, const char *path);

// Ends the file; another may be begun.
void soc_model_trace_end(struct soc_model *model);

// Whether this build can.
bool soc_model_traces(void);

#ifdef __cplusplus
}
#endif

#endif
