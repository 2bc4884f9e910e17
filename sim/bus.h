// SPDX-License-Identifier: Apache-2.0
//
// The buses of Dray as plain C: one struct a channel, one member a signal.
//
// A struct holds one clock cycle. What the other side of the bus drives is filled in by whoever
// clocks the model; what this side drives is set before the next clock and stays there.
//
//     bus->ar.ready = true;            // for the cycle to come
//     engine_clock(engine);            // the cycle
//     if (bus->ar.valid && bus->ar.ready) ...   // what happened at its end
#ifndef SIM_BUS_H
#define SIM_BUS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    BUS_BYTES_MAX = 16, // of the widest data bus
    BUS_OKAY      = 0,
    BUS_EXOKAY    = 1,
    BUS_SLVERR    = 2,
    BUS_DECERR    = 3,
    BUS_INCR      = 1, // AxBURST
};

struct axi_address {
    bool     valid, ready;
    uint64_t addr;
    uint8_t  len, size, burst, prot, cache, qos;
};

struct axi_read_data {
    bool    valid, ready, last;
    uint8_t resp;
    uint8_t data[BUS_BYTES_MAX];
};

struct axi_write_data {
    bool     valid, ready, last;
    uint16_t strb;
    uint8_t  data[BUS_BYTES_MAX];
};

struct axi_write_response {
    bool    valid, ready;
    uint8_t resp;
};

// AXI4, one ID. The manager drives ar, aw, w but their ready, and the ready of r and b.
struct axi {
    struct axi_address        ar;
    struct axi_read_data      r;
    struct axi_address        aw;
    struct axi_write_data     w;
    struct axi_write_response b;
};

struct axil_address {
    bool     valid, ready;
    uint32_t addr;
};

struct axil_read_data {
    bool     valid, ready;
    uint8_t  resp;
    uint32_t data;
};

struct axil_write_data {
    bool     valid, ready;
    uint8_t  strb;
    uint32_t data;
};

// AXI4-Lite, 32 bits of data.
struct axil {
    struct axil_address       ar;
    struct axil_read_data     r;
    struct axil_address       aw;
    struct axil_write_data    w;
    struct axi_write_response b;
};

// AXI4-Stream.
struct axis {
    bool     valid, ready, last;
    uint16_t keep;
    uint8_t  data[BUS_BYTES_MAX];
    uint8_t  id, dest;
};

#endif
