/* SPDX-License-Identifier: Apache-2.0 */
/* The engine by its own driver, one job at a time: what the gate refuses, every alignment, every kind that is built, an
 * address where no memory answers, and the counters of all that.
 *
 *     | ring, list | source, two pages | destination, two pages |       all uncached; copies cross the pages' border
 */
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "console.h"
#include "dray.h"
#include "memory_frame.h"
#include "selftest.h"
#include "soc.h"

#define CHANNEL     0u
#define SLOTS       16u
#define POLLS       100000u
#define LIST_OFFSET 2048u /* in the ring's page */
#define PAGES       2u
#define IMAGE_STEPS 128u  /* of the destination, compared whole after each job */
#define STEP_MAX    16u
#define IMAGE_AT    (MEMORY_PAGE_BYTES - 64u)
#define EMPTY       0xa5u
#define NOWHERE     (SOC_BUS_HOST + SOC_BUS_BYTES - MEMORY_PAGE_BYTES) /* no board has so much */

static struct {
    struct map         *gate;
    struct dray         engine;
    struct dray_channel channel;
    uint32_t            ring, source, destination; /* bus addresses */
    uint32_t            step;                      /* addresses and lengths are multiples of it */
    uint64_t            moved;                     /* bytes of all jobs so far */
    uint32_t            refused;                   /* bursts, by the gate */
} test;

static uint8_t want[IMAGE_STEPS * STEP_MAX]; /* what the destination's image must be */

/* ---- The gate, and one job ---------------------------------------------------------------------------------------------- */

static bool opened(uint32_t bus, uint32_t pages, enum map_access access)
{
    for (uint32_t i = 0; i < pages; i++) {
        if (map_guard_open(test.gate, bus / MEMORY_PAGE_BYTES + i, CHANNEL, access) != MAP_OK) return false;
    }
    return true;
}

static bool closed(uint32_t bus, uint32_t pages, enum map_access access)
{
    for (uint32_t i = 0; i < pages; i++) {
        if (map_guard_close(test.gate, bus / MEMORY_PAGE_BYTES + i, CHANNEL, access) != MAP_OK) return false;
    }
    map_sync_start(test.gate);
    for (unsigned i = 0; i < POLLS; i++) {
        if (map_synced(test.gate)) return true;
    }
    return false;
}

/* A channel that halts is set going again. @return what became of the job; DRAY_BUSY: nothing */
static enum dray_status run(const struct dray_job *job)
{
    struct dray_result result;
    enum dray_status status = dray_submit(&test.channel, job, 1);
    if (status != DRAY_OK) return status;
    for (unsigned i = 0; i < POLLS; i++) {
        status = dray_retire(&test.channel, &result);
        if (status == DRAY_EMPTY) continue;
        if (status != DRAY_OK) return status;
        test.moved += result.moved_bytes;
        if (result.status != DRAY_OK && dray_resume(&test.channel) != DRAY_OK) return DRAY_ERR_STATE;
        return result.status;
    }
    return DRAY_BUSY;
}

/* ---- Images ------------------------------------------------------------------------------------------------------------- */

static uint8_t byte_of(uint32_t i)
{
    return (uint8_t)(i * 29u >> 2 ^ i);
}

static uint32_t image_bytes(void)
{
    return IMAGE_STEPS * test.step;
}

static volatile uint8_t *image(void)
{
    return cache_uncached(test.destination + IMAGE_AT);
}

/* The source is `byte_of` all over; the destination's image is empty, and so is what is wanted of it. */
static void image_clear(void)
{
    volatile uint8_t *bytes = image();
    memset(want, EMPTY, sizeof want);
    for (uint32_t i = 0; i < image_bytes(); i++) bytes[i] = EMPTY;
}

static void source_fill(void)
{
    volatile uint8_t *source = cache_uncached(test.source);
    for (uint32_t i = 0; i < PAGES * MEMORY_PAGE_BYTES; i++) source[i] = byte_of(i);
}

static void want_copy(uint32_t to, uint32_t from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) want[to + i] = byte_of(from + i);
}

static uint32_t image_wrong(void)
{
    const volatile uint8_t *bytes = image();
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < image_bytes(); i++) wrong += bytes[i] != want[i] ? 1u : 0u;
    return wrong;
}

/* ---- The gate refuses --------------------------------------------------------------------------------------------------- */

static bool refused(enum map_access access, uint32_t address)
{
    struct map_fault fault;
    struct dray_job job = dray_copy(test.source, test.destination + IMAGE_AT, 4u * test.step);
    image_clear();
    (void)map_fault_take(test.gate, &fault);
    enum dray_status status = run(&job);
    test.refused++;
    bool told = map_fault_take(test.gate, &fault) && fault.address == address && fault.channel == CHANNEL && fault.access == access;
    bool holds = status == DRAY_ERR_FAULT && told && image_wrong() == 0u;
    console_print("gate: a %s without the right is %s\n", access == MAP_READ ? "read" : "write",
                  holds ? "refused and reported" : "NOT refused and reported");
    return holds;
}

/* Everything is closed at first. */
static bool gate_refuses(void)
{
    if (!refused(MAP_READ, test.source)) return false;
    if (!opened(test.source, PAGES, MAP_READ)) return false;
    if (!refused(MAP_WRITE, test.destination + IMAGE_AT)) return false;
    return opened(test.destination, PAGES, MAP_WRITE);
}

/* ---- Copies of every alignment, and the other kinds ----------------------------------------------------------------------- */

static uint32_t copy_wrong(uint32_t from, uint32_t to, uint32_t bytes)
{
    struct dray_job job = dray_copy(test.source + from, test.destination + IMAGE_AT + to, bytes);
    image_clear();
    want_copy(to, from, bytes);
    if (run(&job) != DRAY_OK) return image_bytes();
    return image_wrong();
}

static bool copies(void)
{
    static const uint32_t lengths[] = { 1u, 7u, 69u };
    uint32_t wrong = 0, count = 0, beat = 2u * test.engine.data_bytes;
    for (uint32_t from = 0; from < beat; from += test.step) {
        for (uint32_t to = 0; to < beat; to += test.step) {
            for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++, count++) {
                wrong += copy_wrong(MEMORY_PAGE_BYTES - beat + from, beat + to, lengths[i] * test.step);
            }
        }
    }
    console_print("copies: %u, of every alignment to %u bytes, %u bytes wrong\n", (unsigned)count, (unsigned)test.step,
                  (unsigned)wrong);
    return wrong == 0u;
}

/* One job of a kind. @return true: every byte of the image is what it should be */
static bool kind_right(const char *name, const struct dray_job *job)
{
    bool right = run(job) == DRAY_OK && image_wrong() == 0u;
    console_print("kind: %s, %s\n", name, right ? "right" : "WRONG");
    image_clear();
    return right;
}

static bool fill_right(void)
{
    if (!dray_has(&test.engine, DRAY_HAS_FILL)) return true;
    uint32_t at = 3u * test.step, bytes = 45u * test.step;
    for (uint32_t i = 0; i < bytes; i++) want[at + i] = (uint8_t)(0x44524159u >> 8u * (i % 4u));
    struct dray_job job = dray_fill(0x44524159u, test.destination + IMAGE_AT + at, bytes);
    return kind_right("fill", &job);
}

static bool rows_right(void)
{
    if (!dray_has(&test.engine, DRAY_HAS_ROWS)) return true;
    uint32_t bytes = 5u * test.step, stride = 13u * test.step, rows = 7u;
    for (uint32_t row = 0; row < rows; row++) want_copy(row * stride, 300u * test.step - row * stride, bytes);
    struct dray_job job = dray_rows(test.source + 300u * test.step, -(int32_t)stride, test.destination + IMAGE_AT, (int32_t)stride,
                                    bytes, (uint16_t)rows);
    return kind_right("rows", &job);
}

/* Three pieces of a side, written as a list; the other side is one piece. */
static uint32_t list_write(uint32_t bus, const uint32_t offsets[3], const uint32_t lengths[3])
{
    volatile uint32_t *list = cache_uncached(test.ring + LIST_OFFSET);
    for (uint32_t i = 0; i < 3u; i++) {
        list[2u * i] = bus + offsets[i] * test.step;
        list[2u * i + 1u] = lengths[i] * test.step;
    }
    return test.ring + LIST_OFFSET;
}

static bool lists_right(void)
{
    static const uint32_t offsets[3] = { 40u, 3u, 81u }, lengths[3] = { 9u, 17u, 6u };
    if (!dray_has(&test.engine, DRAY_HAS_LISTS)) return true;
    uint32_t bytes = (9u + 17u + 6u) * test.step, at = 0;
    for (uint32_t i = 0; i < 3u; i++, at += lengths[i - 1u] * test.step) want_copy(at, offsets[i] * test.step, lengths[i] * test.step);
    struct dray_job gather = dray_gather(list_write(test.source, offsets, lengths), 3u, test.destination + IMAGE_AT, bytes);
    if (!kind_right("gather", &gather)) return false;

    at = 0;
    for (uint32_t i = 0; i < 3u; i++, at += lengths[i - 1u] * test.step) want_copy(offsets[i] * test.step, at, lengths[i] * test.step);
    struct dray_job scatter = dray_scatter(test.source, list_write(test.destination + IMAGE_AT, offsets, lengths), 3u, bytes);
    return kind_right("scatter", &scatter);
}

static bool kinds(void)
{
    image_clear();
    return fill_right() && rows_right() && lists_right();
}

/* ---- A bus error ---------------------------------------------------------------------------------------------------------- */

/* The gate lets the engine go where no memory is. The next job is done as if nothing had been. */
static bool nowhere(enum map_access access)
{
    struct dray_job read = dray_copy(NOWHERE, test.destination + IMAGE_AT, 4u * test.step);
    struct dray_job write = dray_copy(test.source, NOWHERE, 4u * test.step);
    image_clear();
    if (!opened(NOWHERE, 1u, access)) return false;
    enum dray_status status = run(access == MAP_READ ? &read : &write);
    bool untouched = image_wrong() == 0u;
    bool holds = closed(NOWHERE, 1u, access) && untouched && copy_wrong(0u, 0u, 4u * test.step) == 0u;
    console_print("fault: a %s where no memory answers ends with %s, %s\n", access == MAP_READ ? "read" : "write",
                  dray_status_name(status), holds ? "and the next job is done" : "and THINGS ARE WRONG");
    return holds && status == (access == MAP_READ ? DRAY_ERR_READ_DECERR : DRAY_ERR_WRITE_DECERR);
}

/* ---- Counters ------------------------------------------------------------------------------------------------------------- */

static bool counters(void)
{
    struct dray_counters counted;
    if (!dray_has(&test.engine, DRAY_HAS_COUNTERS)) return true;
    if (dray_counters_take(&test.channel, &counted) != DRAY_OK) return false;
    bool holds = counted.bytes == test.moved && counted.faults == test.refused && counted.bursts != 0u && counted.busy_clocks != 0u;
    console_print("counters: %u bytes, %u faults, %s\n", (unsigned)counted.bytes, (unsigned)counted.faults, holds ? "as moved" : "NOT as moved");
    return holds;
}

/* ---- All of it ------------------------------------------------------------------------------------------------------------ */

static bool begin(struct map *gate)
{
    struct dray_counters before;
    test.gate = gate;
    if (dray_init(&test.engine, SOC_ENGINE) != DRAY_OK) return false;
    test.step = dray_has(&test.engine, DRAY_HAS_BYTES) ? 1u : test.engine.data_bytes;
    test.ring = memory_common_take(MEMORY_PAGE_BYTES, UINT32_MAX);
    test.source = memory_common_take(PAGES * MEMORY_PAGE_BYTES, UINT32_MAX);
    test.destination = memory_common_take(PAGES * MEMORY_PAGE_BYTES, UINT32_MAX);
    if (test.ring == 0u || test.source == 0u || test.destination == 0u) return false;
    struct dray_ring ring = { cache_uncached(test.ring), test.ring, SLOTS, true };
    if (dray_channel_open(&test.channel, &test.engine, CHANNEL, &ring) != DRAY_OK) return false;
    if (dray_has(&test.engine, DRAY_HAS_COUNTERS)) (void)dray_counters_take(&test.channel, &before);
    source_fill();
    return opened(test.ring, 1u, MAP_READ_WRITE);
}

static bool end(void)
{
    bool holds = dray_channel_close(&test.channel, POLLS) == DRAY_OK && closed(test.ring, 1u, MAP_READ_WRITE)
              && closed(test.source, PAGES, MAP_READ) && closed(test.destination, PAGES, MAP_WRITE);
    return holds && cache_posted_flush(POLLS) == CACHE_OK && memory_common_give(test.ring, MEMORY_PAGE_BYTES)
        && memory_common_give(test.source, PAGES * MEMORY_PAGE_BYTES) && memory_common_give(test.destination, PAGES * MEMORY_PAGE_BYTES);
}

bool selftest_engine(struct map *gate)
{
    if (!begin(gate)) {
        console_puts("engine: it does not begin\n");
        return false;
    }
    console_print("engine: %u channels, %u bits\n", (unsigned)test.engine.channels, 8u * test.engine.data_bytes);
    if (!gate_refuses() || !copies() || !kinds() || !nowhere(MAP_READ) || !nowhere(MAP_WRITE) || !counters()) return false;
    bool ended = end();
    if (!ended) console_puts("engine: it does not end\n");
    return ended;
}
