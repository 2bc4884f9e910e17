/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file fake.h
 * A small engine behind a small gate, for unit tests: it moves bytes when its doorbell rings, and it is strict.
 *
 *     fake_begin(&(struct fake_config){ .window = 16 });      // after hal_init()
 *     fake_slow(true);  ...  fake_run(1);                     // descriptors by the piece; else at the doorbell
 *     fake_fail(3, DRAY_CAUSE_WRITE_SLVERR, 100);             // the fourth descriptor from now, after 100 bytes
 *
 * Every byte passes the gate. A doorbell without mmio_publish() before it, a stale descriptor or a store to a register
 * that has none is a failed test. What it writes to host memory stands in a posting bridge of 128 bytes until that
 * is flushed, as in docs/system.md.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "dray_gate_regs.h"
#include "dray_regs.h"

#define FAKE_CHANNELS 2u
#define FAKE_WINDOW   64u
#define FAKE_FRAMES   32768u /* of 512 bytes in 16 MiB */

struct fake_config {
    unsigned window;     /* entries; 0: FAKE_WINDOW */
    unsigned addr_bits;  /* 0: 32 */
    bool     word_aligned;
    uint32_t absent;     /* features that were not built; a store to their registers fails the test */
    bool     no_streams;
};

struct fake_channel {
    uint32_t control, state, irq_status, irq_enable, ring_base, ring_lg;
    uint16_t producer, consumer, next;
    uint32_t failed, failed_addr, failed_moved, next_addr;
    uint32_t streamed; /* bytes */
    uint32_t packet_left;      /* bytes of the packet that stands at its stream to memory; 0: none */
    uint8_t  packet_next;      /* its next byte; each is one more */
    uint32_t options[4];       /* PRIORITY, BUDGET, COALESCE, ATTRIBUTES */
    uint32_t ring_base_high, high; /* RING_BASE_HIGH; FAILED_ADDR_HIGH, and one more is NEXT_ADDR_HIGH */
    uint32_t label, seen;      /* STREAM, STREAM_IN */
    uint64_t counters[5], shown[5]; /* counted; as of the last snapshot */
    unsigned pending;          /* looks at SNAPSHOT until it is there */
};

struct fake_entry {
    bool     valid, read, write;
    unsigned channel;
    uint32_t frame;
};

/* Everything a test may look at or bend. */
extern struct fake {
    struct fake_config  config;
    struct fake_channel channels[FAKE_CHANNELS];
    struct fake_entry   window[FAKE_WINDOW];
    uint8_t  guard[FAKE_CHANNELS][FAKE_FRAMES]; /* 1 read, 2 write */
    bool     slow;       /* doorbells only say that there is work */
    bool     hangs;      /* executes nothing */
    bool     busy;       /* something is outstanding in every channel */
    bool     silent;     /* its interrupts are lost */
    bool     endless;    /* a snapshot that is never there */
    uint32_t watchdog;   /* WATCHDOG */
    unsigned pause_after; /* reads of STATUS from a pause to PAUSED */
    unsigned stop_after; /* reads of STATUS from an abort to STOPPED; 0: at once */
    uint32_t abort_moved; /* bytes of the next descriptor that an abort still lets through; 0: it does not begin */
    bool     gone;       /* all registers read all ones */
    bool     sync_hangs; /* SYNC never reads 0 */
    bool     flush_hangs;
    bool     no_posting;
    uint32_t outstanding[FAKE_CHANNELS]; /* what the gate says, as it is in the register */
    unsigned published, doorbells, syncs, descriptors, bytes_moved;
    int      fail_in;    /* descriptors until one fails; negative: none */
    uint32_t fail_cause, fail_moved;
    uint32_t fault_status, fault_addr, fault_info;
    unsigned guard_writes, entry_writes;
    bool     fresh;      /* published since the last doorbell */
} fake;

void fake_begin(const struct fake_config *config);
void fake_slow(bool slow);
void fake_fail(int after, uint32_t cause, uint32_t moved);

/* Executes up to count descriptors of every channel that has work; the interrupt line follows. @return how many */
unsigned fake_run(unsigned count);

/* Open window entries, and frames with any right, of all channels: 0 at the end of every test. */
unsigned fake_open_entries(void);
unsigned fake_open_frames(void);

/* One byte through the gate. @return false: refused, and recorded */
bool fake_access(unsigned channel, uint64_t address, bool write, uint8_t *byte);

/* Sets bits of IRQ_STATUS as the hardware would, at any moment. */
void fake_raise(unsigned channel, uint32_t bits);

#endif
