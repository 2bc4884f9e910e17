// SPDX-License-Identifier: Apache-2.0
//
// AXI4 memory that keeps a latency to the cycle, judges its manager, and fails when told to.
//
//     AR handshake in cycle t     first R beat valid in t + L, then one beat a cycle, bursts in order
//     W always ready              B valid L cycles after the last W or the AW, whichever is later
//     64 reads and 64 writes outstanding, then ARREADY and AWREADY stay low
//
// Use: memory_new, then memory_clock once after each clock of the model: it looks at the handshakes of
// the cycle that ended and sets the signals of the next. The image is the memory's; tests fill and
// compare it directly. A byte may be written over the bus only where memory_permit said so; every other
// byte is a guard byte, and a write to it is an error in the report.
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include "bus.h"
#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEMORY_OUTSTANDING = 64, // of each direction
    MEMORY_FAULTS      = 8,
    MEMORY_ALL_BEATS   = -1,
    MEMORY_BEATS_HIT   = -2, // the beats that touch the fault's range
};

enum memory_direction { MEMORY_READ, MEMORY_WRITE };

// How often a channel holds back, in 1/256; 0 never.
struct memory_stalls {
    uint8_t arready, rvalid, awready, wready, bvalid;
};

struct memory_config {
    unsigned             width_bytes; // of the data bus: 4, 8 or 16
    uint64_t             base;        // of the image
    size_t               size_bytes;  // a multiple of 8
    unsigned             latency;     // L, at least 1
    unsigned             spread;      // each burst has 0 .. spread cycles more, at random
    struct memory_stalls stalls;
    uint64_t             seed;
    unsigned             outstanding; // 0: MEMORY_OUTSTANDING; never more
    bool w_waits;      // WREADY only after the AW: for managers that may send W first
    bool w_may_pause;  // a manager may lower WVALID within a burst
    bool writes_free;  // no byte is guarded
};

// One fault: bursts of one direction that touch [first, last] are counted from 0; numbers skip .. skip + count - 1 fail.
struct memory_fault {
    enum memory_direction direction;
    uint64_t first, last;
    unsigned skip, count;
    uint8_t  resp;    // BUS_SLVERR, BUS_DECERR; BUS_OKAY for one that is only late
    int      beat;    // of a read: the one beat that fails, or MEMORY_ALL_BEATS, or MEMORY_BEATS_HIT
    unsigned delay;   // cycles more
    bool     silent;  // no answer until memory_answer
    unsigned seen;    // private: bursts counted so far
};

enum memory_event_kind { MEMORY_AR, MEMORY_R, MEMORY_AW, MEMORY_W, MEMORY_B };

// A handshake, for logs and campaigns.
struct memory_event {
    enum memory_event_kind kind;
    uint64_t cycle;
    uint64_t addr;  // of the burst; of R and W, of the beat
    unsigned beats; // of the burst
    uint8_t  resp;
};

// Where the last handshake of each kind was, and how many there were.
struct memory_counts {
    uint64_t ar, r, aw, w, b;
    unsigned reads_now, reads_most, writes_now, writes_most;
    uint64_t last_ar, last_r, last_aw, last_w, last_b; // cycles
};

struct memory;

// @param bus     the port; the memory drives its side of it.
// @param report  where errors of the manager go; its cycle is the time.
struct memory *memory_new(const struct memory_config *config, struct axi *bus, struct report *report);
void memory_free(struct memory *memory);

void memory_clock(struct memory *memory);

// Forgets everything that is outstanding, all faults and counts; the image and the permissions stay.
void memory_reset(struct memory *memory);

// Changes for bursts to come.
void memory_set_latency(struct memory *memory, unsigned latency, unsigned spread);
void memory_set_stalls(struct memory *memory, struct memory_stalls stalls);
void memory_fault_add(struct memory *memory, const struct memory_fault *fault);
void memory_faults_clear(struct memory *memory);
void memory_answer(struct memory *memory); // lets silent bursts go on

// The image. memory_at asserts that [addr, addr + len) lies in it.
uint8_t *memory_at(struct memory *memory, uint64_t addr, size_t len_bytes);
uint32_t memory_word(struct memory *memory, uint64_t addr);
void     memory_set_word(struct memory *memory, uint64_t addr, uint32_t value);
void     memory_fill_random(struct memory *memory, uint64_t addr, size_t len_bytes, uint64_t seed);

// Which bytes the bus may write. memory_forbid_all makes every byte a guard byte again.
void memory_permit(struct memory *memory, uint64_t addr, size_t len_bytes);
void memory_forbid(struct memory *memory, uint64_t addr, size_t len_bytes);
void memory_forbid_all(struct memory *memory);

// A second image beside the first: what it should be. memory_expect_reset copies the image into it.
void     memory_expect_reset(struct memory *memory);
uint8_t *memory_expected(struct memory *memory, uint64_t addr, size_t len_bytes);

// Whole image against the expected one. @return how many bytes differ; the first is in *addr if not NULL.
size_t memory_compare(struct memory *memory, uint64_t *addr);

const struct memory_counts *memory_counts(const struct memory *memory);
void memory_counts_clear(struct memory *memory);

// @param log  called at each handshake; NULL for none.
void memory_log(struct memory *memory, void (*log)(void *user, const struct memory_event *event), void *user);

// xorshift64*, for anyone in sim/: the same seed gives the same run.
static inline uint64_t memory_random(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545f4914f6cdd1du;
}

#endif
