/* SPDX-License-Identifier: Apache-2.0 */
/* The CPU's copies, and the saturated bus. */
#include "measure.h"

#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "clock.h"
#include "dray.h"
#include "mmio.h"
#include "soc.h"

uint32_t measure_frames(void)
{
    return mmio_read32(SOC_REGISTERS + SOC_VIDEO_FRAMES);
}

uint32_t measure_underruns(void)
{
    return mmio_read32(SOC_REGISTERS + SOC_VIDEO_UNDERRUNS);
}

/* ---- The CPU ---------------------------------------------------------------------------------------------------------- */

/* The best that the compiler makes of a loop, as long as it leaves it one. */
#define SHARE 16u /* one part in so many is copied and counted so many times: a whole copy costs the same on every line */
#define LOOP __attribute__((noinline, optimize("O2", "no-tree-loop-distribute-patterns")))

LOOP static void copy_words(uint32_t *to, const uint32_t *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes / 4u; i++) to[i] = from[i];
}

LOOP static void copy_unrolled(uint32_t *to, const uint32_t *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes / 32u; i++, to += 8, from += 8) {
        uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
        uint32_t e = from[4], f = from[5], g = from[6], h = from[7];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
        to[4] = e;
        to[5] = f;
        to[6] = g;
        to[7] = h;
    }
}

static void copy_memcpy(uint32_t *to, const uint32_t *from, uint32_t bytes)
{
    memcpy(to, from, bytes);
}

typedef void copy_fn(uint32_t *to, const uint32_t *from, uint32_t bytes);

static uint32_t cycles_of(copy_fn *copy, void *to, const void *from, uint32_t bytes)
{
    uint32_t begun = clock_cycles();
    copy(to, from, bytes);
    return clock_cycles() - begun;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void measure_cpu(const void *from, void *to, uint32_t bytes, bool whole, struct picture_result *result)
{
    static copy_fn *const copies[] = { copy_words, copy_unrolled, copy_memcpy };
    uint32_t *const       cycles[] = { &result->cpu_words_cycles, &result->cpu_unrolled_cycles, &result->cpu_memcpy_cycles };
    unsigned best = 0;
    for (unsigned i = 0; i < sizeof copies / sizeof copies[0]; i++) {
        *cycles[i] = cycles_of(copies[i], to, from, bytes / SHARE) * SHARE;
        if (*cycles[i] < *cycles[best]) best = i;
    }
    result->cpu_copy_bytes = whole ? bytes : bytes / SHARE;
    result->cpu_copy_cycles = whole ? cycles_of(copies[best], to, from, bytes) : *cycles[best];
}

/* ---- The bus ---------------------------------------------------------------------------------------------------------- */

#define JOB_BYTES   32768u
#define FRAMES      3u  /* begun in the middle of one, so two are whole */
#define LOOK_STRIDE 61u /* words */

/* The n-th job of the round that covers the picture. */
static struct dray_job job_of(const struct miniport *miniport, uint32_t bytes, uint32_t at)
{
    uint64_t frame = miniport->config.frame_buffer_bus;
    return (struct dray_job){
        .source = frame + at,
        .destination = frame + bytes + at,
        .length_bytes = smaller(JOB_BYTES, bytes - at),
    };
}

static uint32_t wrong_words(const struct miniport *miniport, uint32_t bytes)
{
    const uint32_t *words = cache_uncached(miniport->config.frame_buffer_bus);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < bytes / 4u; i += LOOK_STRIDE) wrong += words[i] != words[bytes / 4u + i] ? 1u : 0u;
    return wrong;
}

struct measure_saturation measure_saturate(struct miniport *miniport, uint32_t bytes)
{
    struct dray_channel *channel = &miniport->copy;
    struct measure_saturation result = { .good = true };
    uint32_t at = 0, last = measure_frames() + FRAMES;
    uint32_t underruns = measure_underruns(), begun = clock_cycles();

    while ((int32_t)(measure_frames() - last) < 0) {
        while (dray_free_slots(channel) != 0u) {
            struct dray_job job = job_of(miniport, bytes, at);
            if (dray_prepare(channel, &job) != DRAY_OK) break;
            result.bytes += job.length_bytes;
            at = at + job.length_bytes < bytes ? at + job.length_bytes : 0u;
        }
        dray_ring(channel);
        unsigned done = dray_consumed(channel);
        if (done == miniport->config.ring_slots) result.good = false; /* it was a pause */
        dray_retire_slots(channel, done);
        if (dray_state(channel) != DRAY_RUNNING) result.good = false;
        if (!result.good) break;
    }
    while (dray_free_slots(channel) != miniport->config.ring_slots && dray_state(channel) == DRAY_RUNNING) {
        dray_retire_slots(channel, dray_consumed(channel));
    }
    result.cycles = clock_cycles() - begun;
    result.underruns = measure_underruns() - underruns;
    result.wrong = wrong_words(miniport, bytes);
    result.good = result.good && result.underruns == 0u && result.wrong == 0u;
    return result;
}
