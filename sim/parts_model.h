// SPDX-License-Identifier: Apache-2.0
//
// C face of the model `parts`: the memory bus of the system between a core and an engine that a test plays, a crossbar
// alone, the screen and the console.
#ifndef SIM_PARTS_MODEL_H
#define SIM_PARTS_MODEL_H

#include "bus.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { PARTS_BYTES = 8 }; // of the data bus

enum parts_error {
    PARTS_HOST_READ   = 1,
    PARTS_HOST_WRITE  = 2,
    PARTS_ALIAS_READ  = 4,
    PARTS_ALIAS_WRITE = 8,
    PARTS_POSTED      = 16,
};

struct parts_pins {
    bool rst_n;

    // The core: one request at a time on one of two ways
    bool     host_valid, host_ready, alias_valid, alias_ready, core_write;
    uint32_t core_addr, core_wdata, core_rdata;
    uint8_t  core_wstrb;
    bool     drain_start, drain_busy, flush_start, flush_busy;
    uint8_t  errors; // enum parts_error, in the cycle of each

    struct axi engine;         // the test is the manager
    struct parts_fault {       // see rtl/soc/soc_fault.sv
        bool     on_read, on_write, hang;
        uint8_t  resp;
        uint32_t first, last;
    } fault;
    struct axi host, device;   // the memories
    struct axi a, b;           // managers of the crossbar alone
    struct axi x_host, x_device;

    struct parts_block {
        bool     wr_valid;
        uint8_t  addr; // word index
        uint32_t wdata, rdata;
    } video, uart;
    struct axis stream;
    bool        video_pixel, video_hsync, video_vsync, video_de;
    uint32_t    video_rgb;
    bool        uart_txd, uart_rxd, uart_irq;
};

struct parts;

struct parts *parts_new(void);
void parts_free(struct parts *parts);
void parts_clock(struct parts *parts, struct parts_pins *pins);

#ifdef __cplusplus
}
#endif

#endif
