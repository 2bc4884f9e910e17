/* SPDX-License-Identifier: Apache-2.0 */
/* The native driver over the fake engine: jobs of any kind retire in order with their tags and true counts, whatever fails. */
#include "fixture.h"

#include "dray.h"
#include "fake.h"
#include "fuzz.h"

#define SLOTS   8u
#define CHANNEL 1u
#define RING    SOC_BUS_HOST
#define LISTS   (SOC_BUS_HOST + 0x8000u) /* LIST bytes for each job that may be under way */
#define LIST    32u
#define SOURCE  (SOC_BUS_HOST + 0x10000u)
#define TARGET  (SOC_BUS_HOST + 0x20000u)
#define BATCH   4u

static struct dray         engine;
static struct dray_channel channel;
static struct { uint16_t tag, index; uint64_t length; bool exact, skipped; } expected[SLOTS]; /* of what was rung, in order */
static unsigned newest, oldest, made;

/* The newest batch that was taken. */
static struct { struct dray_job jobs[BATCH]; unsigned count; uint16_t first; } batch;

static uint64_t bytes_of(const struct dray_job *job)
{
    return job->kind == &dray_kind_rows ? (uint64_t)job->length_bytes * job->count : job->length_bytes;
}

static struct dray_job list(uint32_t from, uint32_t to)
{
    uint32_t at = LISTS + made++ % (2u * SLOTS) * LIST, total = 0, count = 1u + below(4);
    struct dray_element *elements = (struct dray_element *)(void *)host_memory(at, LIST);
    bool scatters = below(2) != 0u;
    for (uint32_t i = 0; i < count; i++) {
        elements[i] = (struct dray_element){ (scatters ? TARGET : SOURCE) + below(4096), 1u + below(60) };
        total += elements[i].length_bytes;
    }
    return scatters ? dray_scatter(from, at, (uint16_t)count, total) : dray_gather(at, (uint16_t)count, to, total);
}

static struct dray_job job_of(uint32_t from, uint32_t to)
{
    uint32_t count = chance(16) ? word_of_input() : below(200);
    switch (below(7)) {
    case 0: return dray_fill(word_of_input(), to, count);
    case 1: return dray_rows(from, (int32_t)below(600) - 300, to, (int32_t)below(600) - 300, below(20), (uint16_t)below(6));
    case 2: return list(from, to);
    case 3: return dray_send(from, count);
    case 4: return dray_receive(to, count);
    default: return dray_copy(from, to, count);
    }
}

static struct dray_job job(void)
{
    struct dray_job one = job_of(chance(16) ? word_of_input() : SOURCE + below(4096), chance(16) ? word_of_input() : TARGET + below(4096));
    one.flags ^= chance(16) ? word_of_input() : below(2) * (uint32_t)DRAY_IRQ | below(2) * (uint32_t)DRAY_WRITE_BACK;
    one.tag = (uint16_t)below(0x1100);
    return one;
}

static void done(void *context, const struct dray_result *result)
{
    assert_ptr_equal(context, &channel);
    assert_true(newest != oldest);
    uint64_t length = expected[oldest % SLOTS].length;
    assert_int_equal(result->index, expected[oldest % SLOTS].index);
    assert_int_equal(result->tag, expected[oldest % SLOTS].tag);
    assert_true(result->moved_bytes <= length);
    if (result->status == DRAY_OK && expected[oldest % SLOTS].exact) assert_true(result->moved_bytes == length);
    if (result->status == DRAY_ERR_UNTOLD || expected[oldest % SLOTS].skipped) assert_int_equal(result->moved_bytes, 0);
    if (expected[oldest % SLOTS].skipped) assert_int_equal(result->status, DRAY_ERR_ABORTED);
    assert_true(result->status != DRAY_ERR_TYPE && result->status != DRAY_ERR_GENERATION); /* the driver writes no such descriptor */
    oldest++;
}

static void begin(void)
{
    struct dray_ring ring = { cache_uncached(RING), RING, SLOTS, true };
    struct dray_channel_options options = { .priority = (uint8_t)below(10), .bursts_max = (uint8_t)below(70), .done = done, .context = &channel };
    while (dray_channel_open_with(&channel, &engine, CHANNEL, &ring, &options) != DRAY_OK) options.priority = options.bursts_max = 0;
    newest = oldest = batch.count = 0;
}

static void submit(void)
{
    struct dray_job jobs[BATCH];
    unsigned count = below(BATCH + 1u), free = dray_free_slots(&channel);
    for (unsigned i = 0; i < count; i++) jobs[i] = job();
    uint16_t index = dray_next_index(&channel);
    batch.first = index;
    if (dray_submit(&channel, jobs, count) != DRAY_OK) {
        assert_int_equal(dray_free_slots(&channel), free);
        assert_int_equal(dray_next_index(&channel), index);
        batch.count = 0;
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(dray_check(&channel, &jobs[i]), DRAY_OK);
        expected[newest % SLOTS].tag = jobs[i].tag;
        expected[newest % SLOTS].index = index;
        expected[newest % SLOTS].skipped = false;
        expected[newest % SLOTS].exact = (jobs[i].flags & DRAY_FROM_STREAM) == 0u;
        expected[newest++ % SLOTS].length = bytes_of(&jobs[i]);
        index = (uint16_t)(index + (jobs[i].kind == &dray_kind_rows && index % SLOTS != SLOTS - 1u ? 2u : 1u));
    }
    assert_int_equal(dray_next_index(&channel), index);
    memcpy(batch.jobs, jobs, sizeof jobs);
    batch.count = count;
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
    if (dray_retire(&channel, &result) == DRAY_OK) done(&channel, &result);
}

static void residue(void)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < batch.count; i++) all += bytes_of(&batch.jobs[i]);
    assert_true(dray_residue(&channel, batch.jobs, batch.count, batch.first) <= all);
}

static void run(void)    { (void)fake_run(1u + below(4)); }
static void slow(void)   { fake_slow(below(2) != 0u); }
static void failing(void) { fake_fail((int)below(6), 1u + (DRAY_CAUSE_GENERATION + below(16)) % DRAY_CAUSE_BUDGET, below(64)); }
static void packet(void) { fake.channels[CHANNEL].packet_left = below(300); }
static void serve(void)  { (void)dray_service(&channel, below(5)); }
static void abort_it(void) { (void)dray_abort(&channel); }
static void pause_it(void) { (void)dray_pause(&channel, 3); }
static void resume(void) { (void)dray_resume(&channel); }

static void skip_one(void)
{
    struct dray_failure failure;
    if (dray_failure(&channel, &failure) != DRAY_OK || dray_skip(&channel) != DRAY_OK) return;
    for (unsigned i = oldest; i != newest; i++) {
        if (expected[i % SLOTS].index == failure.next_index) expected[i % SLOTS].skipped = true;
    }
}

static void give_up(void)
{
    enum dray_status status = below(2) != 0u ? dray_drop(&channel) : dray_terminate(&channel, 3);
    if (status != DRAY_OK) return;
    assert_int_equal(dray_free_slots(&channel), SLOTS);
    oldest = newest;
}

static void reopen(void)
{
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    begin();
}

static void ask(void)
{
    struct dray_failure failure;
    struct dray_counters counters;
    (void)dray_irq_take(&channel);
    (void)dray_consumed(&channel);
    if (dray_failure(&channel, &failure) == DRAY_OK) assert_string_not_equal(dray_status_name(failure.status), "unknown");
    if (dray_synchronize(&channel, 2) == DRAY_OK) assert_int_equal(fake.channels[CHANNEL].consumer, fake.channels[CHANNEL].producer);
    (void)dray_counters_take(&channel, &counters);
    fake.gone = chance(8);
    assert_int_equal(dray_state(&channel) == DRAY_GONE, fake.gone);
    (void)dray_stop(&channel, 3);
    fake.gone = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const acts[])(void) = { submit, submit, submit, submit, prepare_and_discard, retire, retire, serve, run, run, slow, failing,
                                          packet, residue, abort_it, pause_it, resume, resume, skip_one, give_up, reopen, ask };
    input_begin(data, size);
    (void)fixture_begin(NULL);
    fake_begin(&(struct fake_config){ .word_aligned = chance(8) });
    fake.no_posting = true; /* a load through the uncached alias drains the bridge; the host's pointer does not */
    memset(fake.guard[CHANNEL], 3, (TARGET - SOC_BUS_HOST + 0x8000u) / HAL_PAGE_BYTES); /* what goes on behind it is a fault */
    fixture_fill(host_memory(SOURCE, 8192), 8192, 1);
    assert_int_equal(dray_init(&engine, SOC_ENGINE), DRAY_OK);
    begin();
    while (input_left()) acts[below(sizeof acts / sizeof acts[0])]();
    assert_true(dray_free_slots(&channel) <= SLOTS);
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    memset(fake.guard, 0, sizeof fake.guard);
    return 0;
}
