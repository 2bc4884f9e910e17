// SPDX-License-Identifier: Apache-2.0
//
// AXI4-Lite manager that blocks: a read or a write clocks the bench until it is answered.
//
//     struct axil_manager registers = axil_manager(&pins.registers, clock, bench, &bench->report);
//     axil_write(&registers, 0x010, 0x1234);
//
// All three channels of a write are offered at once, and the response is awaited at once, unless
// `pause_most` asks for random pauses before each.
#ifndef SIM_AXIL_H
#define SIM_AXIL_H

#include "bus.h"
#include "report.h"

#include <stdint.h>

struct axil_manager {
    struct axil   *bus;
    void         (*clock)(void *user); // one cycle of the bench
    void          *user;
    struct report *report;
    unsigned       pause_most; // 0 .. pause_most cycles before each channel, at random
    uint64_t       random;
    unsigned       limit; // cycles until an access counts as hung
    uint64_t       data_cycle; // cycle of the last W handshake, or R handshake of a read
};

struct axil_manager axil_manager(struct axil *bus, void (*clock)(void *user), void *user, struct report *report);

// @return the response; a hung access is an error of the report and reads as BUS_DECERR.
uint8_t axil_write(struct axil_manager *manager, uint32_t addr, uint32_t value);
uint8_t axil_write_bytes(struct axil_manager *manager, uint32_t addr, uint32_t value, uint8_t strb);
uint8_t axil_read(struct axil_manager *manager, uint32_t addr, uint32_t *value);

#endif
