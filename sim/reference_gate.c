// SPDX-License-Identifier: Apache-2.0
//
// The gate of the reference model: what each channel may touch, page by page.
#include "reference_private.h"

#include <assert.h>

static uint64_t page_bytes(const struct reference *reference)
{
    return (uint64_t)1 << reference->parameters.page_lg;
}

uint64_t reference_page_rest(const struct reference *reference, uint64_t addr)
{
    return page_bytes(reference) - addr % page_bytes(reference);
}

void reference_guard(struct reference *reference, unsigned channel, uint64_t addr, size_t len_bytes, unsigned rights)
{
    uint64_t first = (addr - reference->parameters.guard_base) / page_bytes(reference);
    uint64_t last  = (addr - reference->parameters.guard_base + len_bytes - 1) / page_bytes(reference);
    assert(channel < MODEL_CHANNELS_MAX && last < reference->parameters.guard_frames);
    for (uint64_t frame = first; frame <= last; frame++)
        reference->guard[frame * MODEL_CHANNELS_MAX + channel] = (uint8_t)rights;
}

void reference_window(struct reference *reference, unsigned entry, unsigned channel, uint64_t frame_addr, unsigned rights)
{
    assert(entry < reference->parameters.window && entry < REFERENCE_WINDOW && frame_addr % page_bytes(reference) == 0);
    reference->window[entry].valid      = true;
    reference->window[entry].channel    = channel;
    reference->window[entry].rights     = rights;
    reference->window[entry].frame_addr = frame_addr;
}

// Inside the window its entry decides, outside the two bits of the frame; all else is refused.
bool reference_reach(const struct reference *reference, unsigned channel, enum memory_direction direction, uint64_t addr,
                     uint64_t *physical)
{
    *physical = addr;
    if (!reference->parameters.gate) return true;
    unsigned wanted = direction == MEMORY_READ ? REFERENCE_READ : REFERENCE_WRITE;
    uint64_t entry  = (addr - reference->parameters.window_base) / page_bytes(reference);
    uint64_t frame  = (addr - reference->parameters.guard_base) / page_bytes(reference);
    if (addr >= reference->parameters.window_base && entry < reference->parameters.window) {
        *physical = reference->window[entry].frame_addr + addr % page_bytes(reference);
        return reference->window[entry].valid && reference->window[entry].channel == channel &&
               (reference->window[entry].rights & wanted) != 0;
    }
    if (addr < reference->parameters.guard_base || frame >= reference->parameters.guard_frames) return false;
    return (reference->guard[frame * MODEL_CHANNELS_MAX + channel] & wanted) != 0;
}
