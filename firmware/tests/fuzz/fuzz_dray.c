/* SPDX-License-Identifier: Apache-2.0 */
/* The native driver over the fake engine: descriptors retire in order with their tags and true counts, whatever fails. */
#include "fixture.h"

#include "dray.h"
#include "fake.h"
#include "fuzz.h"

#define SLOTS  8u
#define RING   SOC_BUS_HOST
#define SOURCE (SOC_BUS_HOST + 0x10000u)
#define TARGET (SOC_BUS_HOST + 0x20000u)

static struct dray         engine;
static struct dray_channel channel;
static struct { uint16_t tag; uint32_t length; } expected[SLOTS]; /* of what was rung, by index modulo the ring */
static uint16_t newest, oldest;
static bool     open, lost; /* lost: a SKIP or DROP has left some out, so only order is known until the next open */

static struct dray_job job(void)
{
    uint32_t at = below(4096);
    return (struct dray_job){
        .source = chance(16) ? word_of_input() : SOURCE + at, .destination = chance(16) ? word_of_input() : TARGET + at,
        .length_bytes = chance(16) ? word_of_input() : below(200),
        .flags = chance(16) ? word_of_input() : below(2) * (uint32_t)DRAY_IRQ | below(2) * (uint32_t)DRAY_WRITE_BACK,
        .tag = (uint16_t)below(0x1100),
    };
}

static void begin(void)
{
    struct dray_ring ring = { cache_uncached(RING), RING, SLOTS, true };
    open = dray_channel_open(&channel, &engine, 0, &ring) == DRAY_OK;
    assert_true(open);
    newest = oldest = 0;
    lost = false;
}

static void submit(void)
{
    struct dray_job jobs[4];
    unsigned count = below(5), free = dray_free_slots(&channel);
    for (unsigned i = 0; i < count; i++) jobs[i] = job();
    enum dray_status status = dray_submit(&channel, jobs, count);
    if (status != DRAY_OK) {
        assert_int_equal(dray_free_slots(&channel), free);
        return;
    }
    assert_int_equal(dray_free_slots(&channel), free - count);
    for (unsigned i = 0; i < count; i++) {
        assert_true(jobs[i].length_bytes != 0u && jobs[i].tag <= DRAY_TAG_MAX);
        expected[newest % SLOTS].tag = jobs[i].tag;
        expected[newest++ % SLOTS].length = jobs[i].length_bytes;
    }
}

static void prepare_and_discard(void)
{
    struct dray_job one = job();
    unsigned free = dray_free_slots(&channel);
    (void)dray_prepare(&channel, &one);
    dray_discard(&channel);
    assert_int_equal(dray_free_slots(&channel), free);
}

static void retire(void)
{
    struct dray_result result;
    if (dray_retire(&channel, &result) != DRAY_OK) return;
    if (!lost) {
        assert_int_equal(result.index, oldest);
        assert_true((uint16_t)(newest - oldest) != 0u);
        assert_int_equal(result.tag, expected[oldest % SLOTS].tag);
        assert_true(result.moved_bytes <= expected[oldest % SLOTS].length);
        if (result.status == DRAY_OK) assert_int_equal(result.moved_bytes, expected[oldest % SLOTS].length);
    }
    oldest++;
}

static void run(void)    { (void)fake_run(1u + below(4)); }
static void slow(void)   { fake_slow(below(2) != 0u); }
static void failing(void) { fake_fail((int)below(6), 1u + below(16), below(64)); }
static void abort_it(void) { (void)dray_abort(&channel); }
static void resume(void) { (void)dray_resume(&channel); }

static void skip_one(void)
{
    if (dray_skip(&channel) == DRAY_OK) lost = true;
}

static void drop(void)
{
    if (dray_drop(&channel) == DRAY_OK) lost = true;
}

static void reopen(void)
{
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    begin();
}

static void ask(void)
{
    struct dray_failure failure;
    (void)dray_irq_take(&channel);
    (void)dray_consumed(&channel);
    if (dray_failure(&channel, &failure) == DRAY_OK) assert_string_not_equal(dray_status_name(failure.status), "unknown");
    (void)dray_outstanding(&channel);
    fake.gone = chance(8);
    assert_int_equal(dray_state(&channel) == DRAY_GONE, fake.gone);
    (void)dray_stop(&channel, 3);
    fake.gone = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const acts[])(void) = { submit, submit, submit, prepare_and_discard, retire, retire, run, run, slow, failing,
                                          abort_it, resume, skip_one, drop, reopen, ask };
    input_begin(data, size);
    (void)fixture_begin(NULL);
    fake_begin(&(struct fake_config){ .word_aligned = chance(8) });
    fake.no_posting = true; /* a load through the uncached alias drains the bridge; the host's pointer does not */
    memset(fake.guard[0], 3, (TARGET - SOC_BUS_HOST + 0x8000u) / HAL_PAGE_BYTES); /* what goes on behind it is a fault */
    fixture_fill(host_memory(SOURCE, 8192), 8192, 1);
    assert_int_equal(dray_init(&engine, SOC_ENGINE), DRAY_OK);
    begin();
    while (input_left()) acts[below(16)]();
    assert_true(dray_free_slots(&channel) <= SLOTS);
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    memset(fake.guard, 0, sizeof fake.guard);
    return 0;
}
