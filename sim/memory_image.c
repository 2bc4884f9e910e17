// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the memory model: its image, what it is expected to be, and what may be written.
#include "memory_private.h"

#include <assert.h>
#include <string.h>

uint8_t *memory_at(struct memory *memory, uint64_t addr, size_t len_bytes)
{
    assert(memory_holds(memory, addr, len_bytes));
    return memory->image + (addr - memory->config.base);
}

uint8_t *memory_expected(struct memory *memory, uint64_t addr, size_t len_bytes)
{
    assert(memory_holds(memory, addr, len_bytes));
    return memory->expected + (addr - memory->config.base);
}

uint32_t memory_word(struct memory *memory, uint64_t addr)
{
    const uint8_t *at = memory_at(memory, addr, 4);
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void memory_set_word(struct memory *memory, uint64_t addr, uint32_t value)
{
    uint8_t *at = memory_at(memory, addr, 4);
    for (unsigned i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

void memory_fill_random(struct memory *memory, uint64_t addr, size_t len_bytes, uint64_t seed)
{
    uint8_t *at    = memory_at(memory, addr, len_bytes);
    uint64_t state = seed * 2u + 1u;
    for (; len_bytes >= 8; len_bytes -= 8, at += 8) {
        uint64_t value = memory_random(&state);
        memcpy(at, &value, 8);
    }
    for (; len_bytes > 0; len_bytes--) *at++ = (uint8_t)(memory_random(&state) >> 56);
}

static void set_permission(struct memory *memory, uint64_t addr, size_t len_bytes, bool permitted)
{
    assert(memory_holds(memory, addr, len_bytes));
    uint64_t from = addr - memory->config.base, to = from + len_bytes;
    for (; from < to && from % 8 != 0; from++)
        memory->permitted[from / 8] =
            (uint8_t)((memory->permitted[from / 8] & ~(1u << from % 8)) | (unsigned)permitted << from % 8);
    if (from < to) {
        memset(memory->permitted + from / 8, permitted ? 0xff : 0, (to - from) / 8);
        from += (to - from) / 8 * 8;
    }
    for (; from < to; from++)
        memory->permitted[from / 8] =
            (uint8_t)((memory->permitted[from / 8] & ~(1u << from % 8)) | (unsigned)permitted << from % 8);
}

void memory_permit(struct memory *memory, uint64_t addr, size_t len_bytes)
{
    set_permission(memory, addr, len_bytes, true);
}

void memory_forbid(struct memory *memory, uint64_t addr, size_t len_bytes)
{
    set_permission(memory, addr, len_bytes, false);
}

void memory_forbid_all(struct memory *memory)
{
    memset(memory->permitted, 0, memory->config.size_bytes / 8);
}

bool memory_image_permitted(const struct memory *memory, uint64_t beat_addr, uint16_t strb)
{
    if (memory->config.writes_free || !memory_holds(memory, beat_addr, memory->config.width_bytes)) return true;
    uint64_t offset = beat_addr - memory->config.base;
    uint32_t bits   = memory->permitted[offset / 8] | (uint32_t)memory->permitted[offset / 8 + 1] << 8;
    return (strb & ~(bits >> offset % 8)) == 0;
}

void memory_expect_reset(struct memory *memory)
{
    memcpy(memory->expected, memory->image, memory->config.size_bytes);
}

size_t memory_compare(struct memory *memory, uint64_t *addr)
{
    if (memcmp(memory->image, memory->expected, memory->config.size_bytes) == 0) return 0;
    size_t different = 0;
    for (size_t i = 0; i < memory->config.size_bytes; i++) {
        if (memory->image[i] == memory->expected[i]) continue;
        if (different++ == 0 && addr != NULL) *addr = memory->config.base + i;
    }
    return different;
}

// ---- small things

void memory_set_latency(struct memory *memory, unsigned latency, unsigned spread)
{
    assert(latency > 0);
    memory->config.latency = latency;
    memory->config.spread  = spread;
}

void memory_set_stalls(struct memory *memory, struct memory_stalls stalls)
{
    memory->config.stalls = stalls;
}

void memory_fault_add(struct memory *memory, const struct memory_fault *fault)
{
    assert(memory->fault_count < MEMORY_FAULTS);
    memory->faults[memory->fault_count]        = *fault;
    memory->faults[memory->fault_count++].seen = 0;
}

void memory_faults_clear(struct memory *memory)
{
    memory->fault_count = 0;
}

void memory_answer(struct memory *memory)
{
    for (unsigned i = 0; i < memory->fault_count; i++) memory->faults[i].silent = false;
    for (unsigned i = 0; i < MEMORY_OUTSTANDING; i++) memory->reads[i].silent = memory->writes[i].silent = false;
}

const struct memory_counts *memory_counts(const struct memory *memory)
{
    return &memory->counts;
}

void memory_counts_clear(struct memory *memory)
{
    memory->counts = (struct memory_counts){ .reads_now = memory->read_count, .writes_now = memory->write_count };
}

void memory_log(struct memory *memory, void (*log)(void *user, const struct memory_event *event), void *user)
{
    memory->log      = log;
    memory->log_user = user;
}
