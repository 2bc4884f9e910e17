// SPDX-License-Identifier: Apache-2.0
//
// What the native driver sets, counts and waits for, with the real engine: each option does what its comment says.
#include "driver.h"

#include "dray.h"

enum {
    SLOTS   = 32,
    RING    = ENGINE_MEMORY_BASE, // of channel n: 0x1000 behind that of n - 1
    SEGMENT = ENGINE_MEMORY_BASE + 0x4000,
    SOURCE  = ENGINE_MEMORY_BASE + 0x10000,
    TARGET  = ENGINE_MEMORY_BASE + 0x20000,
    HALF    = 0x8000, // of channel 1's target
    AREA    = 0x10000,
    LIMIT   = 40000,
    LENGTH  = 900,
    PLACE   = 1024,
};

static struct engine      *engine;
static struct dray         dray;
static struct dray_channel channels[2];
static unsigned            told[2];     // jobs
static uint64_t            told_bytes[2], ended[2]; // ended: cycle of the newest

static void on_done(void *context, const struct dray_result *result)
{
    unsigned number = (unsigned)((struct dray_channel *)context - channels);
    assert_int_equal(result->status, DRAY_OK);
    assert_int_equal(result->tag, told[number]++ & DRAY_TAG_MAX);
    told_bytes[number] += result->moved_bytes;
    ended[number] = engine_cycle(engine);
}

static void open_channel(unsigned number, const struct dray_channel_options *wanted)
{
    struct dray_channel_options options = *wanted;
    struct dray_ring ring = { cache_uncached(RING + number * 0x1000u), RING + number * 0x1000u, SLOTS, false };
    options.done    = on_done;
    options.context = &channels[number];
    assert_int_equal(dray_channel_open_with(&channels[number], &dray, number, &ring, &options), DRAY_OK);
    told[number]       = 0;
    told_bytes[number] = ended[number] = 0;
}

static void begin(void **state, const struct dray_channel_options *first, const struct dray_channel_options *second)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 13, .open_bytes = 0x40000 });
    uint64_t random = testing_seed();
    driver_attach(engine);
    for (uint32_t i = 0; i < AREA; i++) *host_memory(SOURCE + i, 1) = (uint8_t)(memory_random(&random) >> 33);
    assert_int_equal(dray_init(&dray, SOC_ENGINE), DRAY_OK);
    open_channel(0, first);
    open_channel(1, second);
}

static const struct dray_channel_options plain = { .cyclic = false };

static void end(void)
{
    for (unsigned c = 0; c < 2; c++) assert_int_equal(dray_channel_close(&channels[c], LIMIT), DRAY_OK);
    (void)fixture_end(NULL);
    testing_clean(engine);
}

static uint32_t target_of(unsigned channel, unsigned n) { return TARGET + channel * HALF + n * PLACE; }

static void make(struct dray_job *jobs, unsigned channel, unsigned count, uint32_t flags)
{
    for (unsigned i = 0; i < count; i++) {
        jobs[i] = dray_copy(SOURCE + i * PLACE, target_of(channel, i), LENGTH);
        jobs[i].flags = flags;
        jobs[i].tag = (uint16_t)(told[channel] + i) & DRAY_TAG_MAX;
    }
}

static void submit(unsigned channel, unsigned count, uint32_t flags)
{
    struct dray_job jobs[SLOTS];
    make(jobs, channel, count, flags);
    assert_int_equal(dray_submit(&channels[channel], jobs, count), DRAY_OK);
}

// Until so many more were told, or the channel stands still.
static enum dray_status serve(unsigned channel, unsigned jobs)
{
    enum dray_status status = DRAY_EMPTY;
    unsigned         wanted = told[channel] + jobs;
    for (unsigned i = 0; i < LIMIT && told[channel] < wanted && status >= DRAY_OK; i++) {
        status = dray_service(&channels[channel], 4);
        (void)driver_flush(NULL);
    }
    return told[channel] == wanted ? DRAY_OK : status;
}

static void assert_copied(unsigned channel, unsigned count)
{
    (void)driver_flush(NULL);
    for (unsigned i = 0; i < count; i++) assert_memory_equal(host_memory(target_of(channel, i), LENGTH), host_memory(SOURCE + i * PLACE, LENGTH), LENGTH);
}

// ---- Counters

static void HW_13_counters_say_what_moved_and_what_the_bus_saw(void **state)
{
    begin(state, &plain, &plain);
    struct dray_counters counters[2], later;
    for (unsigned round = 1; round < 4; round++) {
        memory_counts_clear(engine->memory);
        submit(0, 10, 0);
        submit(1, round, 0);
        assert_int_equal(serve(0, 10), DRAY_OK);
        (void)serve(1, round);
        assert_int_equal(dray_synchronize(&channels[0], LIMIT), DRAY_OK);
        assert_int_equal(dray_synchronize(&channels[1], LIMIT), DRAY_OK);
        uint64_t addresses = memory_counts(engine->memory)->ar + memory_counts(engine->memory)->aw;
        for (unsigned c = 0; c < 2; c++) assert_int_equal(dray_counters_take(&channels[c], &counters[c]), DRAY_OK);
        assert_true(counters[0].bytes == 10u * LENGTH);
        assert_true(counters[1].bytes == (uint64_t)round * LENGTH);
        assert_true(counters[0].bursts + counters[1].bursts == addresses);
        assert_true(counters[0].busy_clocks > counters[0].bytes / engine->width_bytes && counters[0].stall_clocks < counters[0].busy_clocks);
        assert_true(counters[0].faults == 0);
    }
    assert_int_equal(dray_counters_read(&channels[0], &later), DRAY_OK);
    assert_true(later.bytes == 0 && later.bursts == 0);
    struct dray_job closed = dray_copy(SOURCE + 0x100000, TARGET, 64); // nobody may read there
    assert_int_equal(dray_submit(&channels[0], &closed, 1), DRAY_OK);
    driver_clocks(400);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(dray_counters_read(&channels[0], &later), DRAY_OK);
        assert_true(later.faults == 1); // reading takes nothing away
    }
    end();
}

// ---- Options

static void HW_16_a_channel_of_higher_priority_ends_first(void **state)
{
    for (unsigned high = 0; high < 2; high++) {
        begin(state, &(struct dray_channel_options){ .priority = high == 0 ? 7 : 1 }, &(struct dray_channel_options){ .priority = high == 1 ? 7 : 1 });
        submit(0, 30, 0);
        submit(1, 30, 0);
        while (told[0] < 30 || told[1] < 30) {
            (void)dray_service(&channels[0], 100);
            (void)dray_service(&channels[1], 100);
        }
        assert_true(ended[1 - high] > ended[high] + 30u * LENGTH / 2 / engine->width_bytes);
        end();
    }
}

static unsigned reads_now, reads_most;

static void note_reads(void *user, const struct memory_event *event)
{
    driver_event(user, event);
    if (event->addr < SOURCE || event->addr >= TARGET) return;
    if (event->kind == MEMORY_AR && ++reads_now > reads_most) reads_most = reads_now;
    if (event->kind == MEMORY_R && event->addr % (16u * engine->width_bytes) == 15u * engine->width_bytes) reads_now--;
}

static void HW_16_a_cap_bounds_the_bursts_on_their_way(void **state)
{
    unsigned most[2];
    for (unsigned capped = 0; capped < 2; capped++) {
        begin(state, &(struct dray_channel_options){ .bursts_max = capped ? 2 : 0 }, &plain);
        memory_set_latency(engine->memory, 60, 0);
        memory_log(engine->memory, note_reads, NULL);
        reads_now = reads_most = 0;
        struct dray_job job = dray_copy(SOURCE, TARGET, 0x4000);
        assert_int_equal(dray_submit(&channels[0], &job, 1), DRAY_OK);
        assert_int_equal(dray_synchronize(&channels[0], LIMIT), DRAY_OK);
        most[capped] = reads_most;
        end();
    }
    assert_true(most[0] > 4);
    assert_in_range(most[1], 1, 2);
}

static void HW_08_interrupts_come_by_count_or_by_time(void **state)
{
    begin(state, &(struct dray_channel_options){ .irq_count = 5, .irq_clocks = 6400 }, &plain);
    (void)dray_irq_take(&channels[0]);
    submit(0, 4, DRAY_IRQ);
    assert_int_equal(serve(0, 4), DRAY_OK);
    assert_int_equal(dray_irq_take(&channels[0]), 0);
    submit(0, 1, DRAY_IRQ);
    assert_int_equal(serve(0, 1), DRAY_OK);
    assert_int_equal(dray_irq_take(&channels[0]), DRAY_IRQ_DONE);
    submit(0, 2, DRAY_IRQ);
    assert_int_equal(serve(0, 2), DRAY_OK);
    driver_clocks(5000);
    assert_int_equal(dray_irq_take(&channels[0]), 0);
    driver_clocks(1600);
    assert_int_equal(dray_irq_take(&channels[0]), DRAY_IRQ_DONE);
    end();
}

// A handler of the level interrupt as docs/programming.md writes it; what ends while it serves makes it run again.
static void ISR_04_a_handler_that_takes_and_then_serves_misses_no_job(void **state)
{
    begin(state, &plain, &plain);
    unsigned submitted = 0, entered = 0;
    uint64_t until = engine_cycle(engine) + 20 * LIMIT;
    while (told[0] < 200 && engine_cycle(engine) < until) {
        if (submitted < 200 && dray_free_slots(&channels[0]) >= 7) {
            struct dray_job jobs[7];
            unsigned        count = 1 + submitted % 7;
            for (unsigned i = 0; i < count; i++, submitted++) {
                jobs[i] = dray_copy(SOURCE, TARGET, 1 + submitted % 40);
                jobs[i].tag = (uint16_t)submitted & DRAY_TAG_MAX;
                jobs[i].flags = DRAY_IRQ;
            }
            assert_int_equal(dray_submit(&channels[0], jobs, count), DRAY_OK);
        }
        driver_clocks(3);
        if (!engine->pins.irq) continue;
        entered++;
        assert_int_equal(dray_irq_summary(&dray), 1);
        assert_int_equal(dray_irq_take(&channels[0]), DRAY_IRQ_DONE);
        while (dray_service(&channels[0], 4) == DRAY_OK) { }
    }
    assert_in_range(told[0], 200, submitted);
    assert_true(entered > 20);
    end();
}

static unsigned strange, addresses_seen;

static void look_at_attributes(void *user)
{
    (void)user;
    const struct axi_address *at[2] = { &engine->pins.memory.ar, &engine->pins.memory.aw };
    for (unsigned i = 0; i < 2; i++) {
        if (!at[i]->valid) continue;
        addresses_seen++;
        strange += at[i]->prot != 2 || at[i]->cache != 15 || at[i]->qos != 9;
    }
}

static void HW_16_attributes_go_with_every_address(void **state)
{
    begin(state, &(struct dray_channel_options){ .attributes = DRAY_ATTRIBUTES(2, 15, 9) }, &plain);
    strange = addresses_seen = 0;
    engine->watch = look_at_attributes;
    submit(0, 5, DRAY_WRITE_BACK);
    assert_int_equal(serve(0, 5), DRAY_OK);
    assert_true(addresses_seen > 15);
    assert_int_equal(strange, 0);
    engine->watch = NULL;
    end();
}

static void ERR_04_a_budget_ends_segments_that_are_too_long(void **state)
{
    begin(state, &(struct dray_channel_options){ .budget_slots = 3 }, &plain);
    for (unsigned count = 2; count < 6; count++) {
        struct dray_job      jobs[6];
        struct dray_failure  failure;
        struct dray_result   result;
        make(jobs, 0, count, 0);
        assert_int_equal(dray_prepare_segment(&channels[0], cache_uncached(SEGMENT), SEGMENT, jobs, count), DRAY_OK);
        dray_ring(&channels[0]);
        driver_clocks(2000);
        enum dray_status status = dray_failure(&channels[0], &failure);
        assert_int_equal(status, count <= 3 ? DRAY_ERR_STATE : DRAY_OK);
        if (status == DRAY_OK) {
            assert_int_equal(failure.status, DRAY_ERR_BUDGET);
            assert_int_equal(failure.failed_bus, SEGMENT + 3 * 16);
            assert_int_equal(dray_drop(&channels[0]), DRAY_OK);
        } else {
            assert_int_equal(dray_retire(&channels[0], &result), DRAY_OK);
        }
    }
    end();
}

static void ERR_04_a_memory_that_does_not_answer_is_told_in_time(void **state)
{
    begin(state, &plain, &plain);
    struct dray_failure failure;
    assert_int_equal(dray_watchdog(&dray, 1000), DRAY_OK);
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_READ, .first = SOURCE + 2 * PLACE, .last = SOURCE + 2 * PLACE + 99,
                                                             .count = 1, .resp = BUS_OKAY, .silent = true });
    submit(0, 4, 0);
    driver_clocks(1000);
    assert_int_equal(dray_irq_take(&channels[0]), 0);
    driver_clocks(2000);
    assert_int_equal(dray_irq_take(&channels[0]), DRAY_IRQ_WATCHDOG);
    assert_int_equal(dray_state(&channels[0]), DRAY_DRAINING);
    assert_int_equal(dray_terminate(&channels[0], 10), DRAY_BUSY); // it may still touch memory
    assert_int_equal(dray_failure(&channels[0], &failure), DRAY_ERR_STATE);
    memory_answer(engine->memory);
    driver_clocks(500);
    assert_int_equal(dray_irq_take(&channels[0]), DRAY_IRQ_HALTED);
    assert_int_equal(dray_failure(&channels[0], &failure), DRAY_OK);
    assert_int_equal(failure.status, DRAY_ERR_WATCHDOG);
    memory_faults_clear(engine->memory);
    assert_int_equal(dray_terminate(&channels[0], 10), DRAY_OK);
    assert_int_equal(dray_watchdog(&dray, 0), DRAY_OK);
    told[0] = 0;
    submit(0, 4, 0);
    assert_int_equal(serve(0, 4), DRAY_OK);
    assert_copied(0, 4);
    end();
}

// ---- Standing still and going on

static void HW_05_a_pause_at_any_cycle_loses_nothing(void **state)
{
    begin(state, &plain, &plain);
    for (unsigned when = 0; when < 900; when += 31) {
        struct dray_job     jobs[6];
        struct dray_failure failure;
        memset(host_memory(TARGET, HALF), 0, HALF);
        make(jobs, 0, 6, 0);
        uint16_t first = dray_next_index(&channels[0]);
        assert_int_equal(dray_submit(&channels[0], jobs, 6), DRAY_OK);
        driver_clocks(when);
        assert_int_equal(dray_pause(&channels[0], LIMIT), DRAY_OK);
        assert_false(dray_outstanding(&channels[0]));
        assert_int_equal(dray_failure(&channels[0], &failure), DRAY_OK);
        unsigned done = (uint16_t)(failure.next_index - first);
        assert_true(dray_residue(&channels[0], jobs, 6, first) == (6 - done) * (uint64_t)LENGTH);
        assert_copied(0, done);
        if (done < 6) assert_int_equal(dray_synchronize(&channels[0], 1), DRAY_ERR_PAUSED);
        if (done < 6) assert_int_equal(serve(0, 6), DRAY_ERR_PAUSED);
        assert_int_equal(dray_resume(&channels[0]), DRAY_OK);
        assert_int_equal(dray_synchronize(&channels[0], LIMIT), DRAY_OK);
        (void)serve(0, 6 * (when / 31 + 1) - told[0]);
        assert_copied(0, 6);
    }
    assert_true(told_bytes[0] == 30u * 6u * LENGTH);
    end();
}

static void CAN_03_what_is_terminated_at_any_cycle_touches_nothing_more(void **state)
{
    begin(state, &plain, &plain);
    uint8_t before[HALF];
    for (unsigned when = 0; when < 900; when += 29) {
        submit(0, 6, 0);
        driver_clocks(when);
        assert_int_equal(dray_terminate(&channels[0], LIMIT), DRAY_OK);
        (void)driver_flush(NULL);
        memcpy(before, host_memory(TARGET, HALF), HALF);
        driver_clocks(300);
        (void)driver_flush(NULL);
        assert_memory_equal(before, host_memory(TARGET, HALF), HALF);
        assert_int_equal(dray_free_slots(&channels[0]), SLOTS);
        struct dray_result result;
        assert_int_equal(dray_retire(&channels[0], &result), DRAY_EMPTY);
    }
    submit(0, 6, 0);
    assert_int_equal(serve(0, 6), DRAY_OK);
    assert_copied(0, 6);
    end();
}

// Never too small while it runs, and exact when an abort has stopped it.
static void HW_02_a_residue_at_any_cycle_covers_what_is_not_moved(void **state)
{
    begin(state, &plain, &plain);
    unsigned partly = 0;
    for (unsigned when = 0; when < 900; when += 17) {
        struct dray_job jobs[6];
        memset(host_memory(TARGET, HALF), 0, HALF);
        make(jobs, 0, 6, 0);
        uint16_t first = dray_next_index(&channels[0]);
        assert_int_equal(dray_submit(&channels[0], jobs, 6), DRAY_OK);
        driver_clocks(when);
        uint64_t running = dray_residue(&channels[0], jobs, 6, first);
        assert_int_equal(dray_stop(&channels[0], LIMIT), DRAY_OK);
        (void)driver_flush(NULL);
        uint64_t moved = 0, left = dray_residue(&channels[0], jobs, 6, first);
        assert_true(left <= running);
        struct dray_result result;
        while (dray_retire(&channels[0], &result) == DRAY_OK) moved += result.moved_bytes;
        assert_true(moved + left == 6u * LENGTH);
        partly += left % LENGTH != 0;
        assert_int_equal(dray_drop(&channels[0]), DRAY_OK);
    }
    assert_true(partly > 10);
    end();
}

static void HW_06_a_job_that_is_skipped_moves_nothing(void **state)
{
    begin(state, &plain, &plain);
    struct dray_job    jobs[4];
    struct dray_result result;
    assert_int_equal(dray_pause(&channels[0], LIMIT), DRAY_OK);
    make(jobs, 0, 4, 0);
    memset(host_memory(TARGET, HALF), 0, HALF);
    assert_int_equal(dray_submit(&channels[0], jobs, 4), DRAY_OK);
    for (unsigned i = 0; i < 2; i++) assert_int_equal(dray_skip(&channels[0]), DRAY_OK);
    assert_int_equal(dray_resume(&channels[0]), DRAY_OK);
    assert_int_equal(dray_synchronize(&channels[0], LIMIT), DRAY_OK);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(dray_retire(&channels[0], &result), DRAY_OK);
        assert_int_equal(result.status, i < 2 ? DRAY_ERR_ABORTED : DRAY_OK);
        assert_int_equal(result.moved_bytes, i < 2 ? 0 : LENGTH);
        assert_int_equal(result.tag, i);
    }
    (void)driver_flush(NULL);
    for (unsigned i = 0; i < 2 * PLACE; i++) assert_int_equal(*host_memory(TARGET + i, 1), 0);
    assert_memory_equal(host_memory(target_of(0, 3), LENGTH), host_memory(SOURCE + 3 * PLACE, LENGTH), LENGTH);
    end();
}

// ---- Above 4 GiB: the ring stands in the bench's own memory, and the window leads the jobs there.

static void HW_02_a_ring_above_4_gib_is_driven_like_any_other(void **state)
{
    const uint64_t base = 0x100000000u, frame = base + 0x40000; // as the guard of wide64 has it
    engine = testing_engine(state, &(struct engine_config){ .latency = 7, .memory_base = base });
    driver_attach_registers(engine);
    memory_fill_random(engine->memory, base, 0x80000, testing_seed());
    memory_expect_reset(engine->memory);
    memory_forbid_all(engine->memory);
    engine_guard(engine, 0, base, 4096, ENGINE_READ | ENGINE_WRITE);
    uint64_t           source = engine_window_open(engine, 0, 0, frame, ENGINE_READ), target = engine_window_open(engine, 1, 0, frame + 4096, ENGINE_WRITE);
    struct dray_ring   ring = { (struct dray_descriptor *)(void *)memory_at(engine->memory, base + 0x100, 128), base + 0x100, 8, false };
    struct dray_result result;
    struct dray_failure failure;
    assert_int_equal(dray_init(&dray, SOC_ENGINE), DRAY_OK);
    assert_int_equal(dray.addr_bits, 40);
    assert_int_equal(dray_channel_open(&channels[0], &dray, 0, &ring), DRAY_OK);
    struct dray_job jobs[2] = { dray_copy(source + 7, target + 1, 3000), dray_copy(source, source, 8) };
    memory_permit(engine->memory, frame + 4096 + 1, 3000);
    memory_permit(engine->memory, base + 0x100 + 24, 8);
    assert_int_equal(dray_submit(&channels[0], jobs, 2), DRAY_OK);
    driver_clocks(3000);
    assert_int_equal(dray_retire(&channels[0], &result), DRAY_OK);
    assert_memory_equal(memory_at(engine->memory, frame + 4096 + 1, 3000), memory_at(engine->memory, frame + 7, 3000), 3000);
    assert_int_equal(dray_failure(&channels[0], &failure), DRAY_OK); // the source may not be written
    assert_int_equal(failure.status, DRAY_ERR_FAULT);
    assert_true(failure.failed_bus == base + 0x110 && failure.next_bus == base + 0x120);
    assert_int_equal(dray_channel_close(&channels[0], LIMIT), DRAY_OK);
    (void)fixture_end(NULL);
    testing_clean(engine);
}

int main(void)
{
    static const char *const full[] = { "full64", NULL }, *const wide[] = { "wide64", NULL };
    const struct testing_case cases[] = {
        TESTING_CASE(HW_13_counters_say_what_moved_and_what_the_bus_saw),
        TESTING_CASE(HW_16_a_channel_of_higher_priority_ends_first),
        TESTING_CASE(HW_16_a_cap_bounds_the_bursts_on_their_way),
        TESTING_CASE(HW_08_interrupts_come_by_count_or_by_time),
        TESTING_CASE(ISR_04_a_handler_that_takes_and_then_serves_misses_no_job),
        TESTING_CASE(HW_16_attributes_go_with_every_address),
        TESTING_CASE(ERR_04_a_budget_ends_segments_that_are_too_long),
        TESTING_CASE(ERR_04_a_memory_that_does_not_answer_is_told_in_time),
        TESTING_CASE(HW_05_a_pause_at_any_cycle_loses_nothing),
        TESTING_CASE(CAN_03_what_is_terminated_at_any_cycle_touches_nothing_more),
        TESTING_CASE(HW_02_a_residue_at_any_cycle_covers_what_is_not_moved),
        TESTING_CASE(HW_06_a_job_that_is_skipped_moves_nothing),
    };
    const struct testing_case high[] = { TESTING_CASE(HW_02_a_ring_above_4_gib_is_driven_like_any_other) };
    TESTING_ADD(full, cases);
    TESTING_ADD(wide, high);
    return testing_run("driver: options");
}
