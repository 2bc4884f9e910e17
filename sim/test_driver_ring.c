// SPDX-License-Identifier: Apache-2.0
//
// The native driver alone with the real engine: batches, segments, errors, aborts, a cyclic ring.
#include "driver.h"

#include "dray.h"

enum {
    SLOTS   = 32,
    RING    = ENGINE_MEMORY_BASE,
    SEGMENT = ENGINE_MEMORY_BASE + 0x2000,
    SOURCE  = ENGINE_MEMORY_BASE + 0x10000,
    TARGET  = ENGINE_MEMORY_BASE + 0x20000,
    AREA    = 0x10000,
    LIMIT   = 20000,
};

static struct dray         dray;
static struct dray_channel channel;
static uint8_t             want[AREA];

static struct engine *begin(void **state, unsigned latency)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = 0x40000 });
    uint64_t       random = testing_seed();
    driver_attach(engine);
    for (uint32_t i = 0; i < AREA; i++) *host_memory(SOURCE + i, 1) = (uint8_t)(memory_random(&random) >> 33);
    memset(want, 0, sizeof want);
    assert_int_equal(dray_init(&dray, SOC_ENGINE), DRAY_OK);
    assert_int_equal(dray.data_bytes, engine->width_bytes);
    struct dray_ring ring = { cache_uncached(RING), RING, SLOTS, false };
    assert_int_equal(dray_channel_open(&channel, &dray, 0, &ring), DRAY_OK);
    return engine;
}

static void end(struct engine *engine)
{
    assert_int_equal(dray_channel_close(&channel, 1000), DRAY_OK);
    (void)driver_flush(NULL);
    assert_memory_equal(host_memory(TARGET, AREA), want, AREA);
    (void)fixture_end(NULL);
    testing_clean(engine);
}

static struct dray_job job_at(uint32_t from, uint32_t to, uint32_t length, uint32_t flags, uint16_t tag)
{
    return (struct dray_job){ .source = SOURCE + from, .destination = TARGET + to, .length_bytes = length, .flags = flags, .tag = tag };
}

static void expect(const struct dray_job *job, uint32_t length)
{
    memcpy(want + (job->destination - TARGET), host_memory((uint32_t)job->source, length), length);
}

static enum dray_status retire(struct dray_result *result)
{
    enum dray_status status = DRAY_EMPTY;
    for (unsigned i = 0; i < LIMIT && status == DRAY_EMPTY; i++) status = dray_retire(&channel, result);
    (void)driver_flush(NULL); // reading the ring through the alias empties the posting bridge
    return status;
}

static void PRT_05_random_batches_retire_in_order_with_bytes_and_tags(void **state)
{
    struct engine *engine = begin(state, 13);
    uint64_t       random = testing_seed();
    uint16_t       tag = 0, index = 0;
    for (unsigned round = 0; round < 40; round++) {
        struct dray_job jobs[SLOTS];
        unsigned        count = 1 + (unsigned)(memory_random(&random) % SLOTS);
        for (unsigned i = 0; i < count; i++) {
            uint32_t length = 1 + (uint32_t)(memory_random(&random) % 700);
            uint32_t flags  = memory_random(&random) % 3 == 0 ? DRAY_WRITE_BACK : memory_random(&random) % 5 == 0 ? DRAY_FENCE : 0;
            jobs[i] = job_at((uint32_t)(memory_random(&random) % (AREA - 700)), (uint32_t)(memory_random(&random) % (AREA - 700)), length,
                             flags | DRAY_FENCE, tag++ & DRAY_TAG_MAX);
            expect(&jobs[i], length);
        }
        assert_int_equal(dray_submit(&channel, jobs, count), DRAY_OK);
        for (unsigned i = 0; i < count; i++) {
            struct dray_result result;
            assert_int_equal(retire(&result), DRAY_OK);
            assert_int_equal(result.status, DRAY_OK);
            assert_int_equal(result.index, index++);
            assert_int_equal(result.tag, jobs[i].tag);
            if (result.moved_bytes != jobs[i].length_bytes) assert_int_equal(result.moved_bytes, jobs[i].length_bytes);
        }
    }
    end(engine);
}

static void segments_run_through_their_link(void **state)
{
    struct engine          *engine  = begin(state, 5);
    struct dray_descriptor *segment = cache_uncached(SEGMENT);
    for (unsigned round = 0; round < 3 * SLOTS; round++) {
        struct dray_job jobs[5];
        for (uint32_t i = 0; i < 5; i++) {
            jobs[i] = job_at(round * 97 + i * 50, round * 31 + i * 64, 50, 0, 0);
            expect(&jobs[i], 50);
        }
        assert_int_equal(dray_prepare_segment(&channel, segment, SEGMENT, jobs, 5), DRAY_OK);
        dray_ring(&channel);
        struct dray_result result;
        assert_int_equal(retire(&result), DRAY_OK);
        assert_int_equal(result.status, DRAY_OK);
        // Segments overwrite each other's bytes, in order.
    }
    end(engine);
}

static void ERR_01_a_halt_is_told_to_the_byte_and_the_ring_goes_on(void **state)
{
    struct engine *engine = begin(state, 13);
    uint64_t       random = testing_seed();
    for (unsigned round = 0; round < 20; round++) {
        struct dray_job jobs[6];
        for (uint32_t i = 0; i < 6; i++) jobs[i] = job_at(i * 1000, i * 1024, 1000, 0, (uint16_t)i);
        unsigned bad = (unsigned)(memory_random(&random) % 6);
        struct memory_fault fault = { .direction = MEMORY_WRITE, .first = jobs[bad].destination, .last = jobs[bad].destination + 999,
                                      .count = 1, .resp = BUS_SLVERR, .beat = MEMORY_ALL_BEATS, .skip = round % 4 };
        memory_fault_add(engine->memory, &fault);
        assert_int_equal(dray_submit(&channel, jobs, 6), DRAY_OK);
        unsigned failed = 0;
        for (unsigned i = 0; i < 6; i++) {
            struct dray_result result;
            enum dray_status   status = retire(&result);
            if (status == DRAY_ERR_HALTED) {
                assert_int_equal(dray_resume(&channel), DRAY_OK);
                status = retire(&result);
            }
            assert_int_equal(status, DRAY_OK);
            assert_int_equal(result.tag, i);
            if (i == bad && result.status != DRAY_OK) {
                failed++;
                assert_int_equal(result.status, DRAY_ERR_WRITE_SLVERR);
                assert_true(result.moved_bytes < 1000);
                assert_memory_equal(host_memory(TARGET + i * 1024, 1000), host_memory(SOURCE + i * 1000, 1000), result.moved_bytes);
            } else {
                assert_int_equal(result.status, DRAY_OK);
                assert_int_equal(result.moved_bytes, 1000);
            }
        }
        memory_faults_clear(engine->memory);
        if (dray_state(&channel) == DRAY_HALTED) assert_int_equal(dray_drop(&channel), DRAY_OK);
        (void)failed;
    }
    for (uint32_t i = 0; i < 6; i++) {
        struct dray_job    again = job_at(i * 1000, i * 1024, 1000, 0, 0);
        struct dray_result result;
        expect(&again, 1000);
        assert_int_equal(dray_submit(&channel, &again, 1), DRAY_OK);
        assert_int_equal(retire(&result), DRAY_OK);
    }
    end(engine);
}

static void CAN_03_an_abort_at_any_cycle_tells_what_moved_and_the_next_runs(void **state)
{
    struct engine *engine = begin(state, 13);
    for (unsigned delay = 0; delay < 400; delay += 7) {
        struct dray_job jobs[3];
        for (uint32_t i = 0; i < 3; i++) jobs[i] = job_at(i * 900, i * 1024, 800, 0, (uint16_t)i);
        memset(host_memory(TARGET, 4096), 0, 4096);
        assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
        driver_clocks(delay);
        assert_int_equal(dray_stop(&channel, LIMIT), DRAY_OK);
        assert_false(dray_outstanding(&channel));
        (void)driver_flush(NULL);
        for (unsigned i = 0; i < 3; i++) {
            struct dray_result result;
            enum dray_status   status = dray_retire(&channel, &result);
            if (status == DRAY_ERR_STOPPED) break;
            assert_int_equal(status, DRAY_OK);
            assert_int_equal(result.tag, i);
            if (result.status == DRAY_OK) assert_int_equal(result.moved_bytes, 800);
            else assert_int_equal(result.status, DRAY_ERR_ABORTED);
            assert_memory_equal(host_memory(TARGET + i * 1024, 800), host_memory(SOURCE + i * 900, 800), result.moved_bytes);
        }
        assert_int_equal(dray_drop(&channel), DRAY_OK);
        for (uint32_t i = 0; i < 3; i++) expect(&jobs[i], 800);
        assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
        for (unsigned i = 0; i < 3; i++) {
            struct dray_result result;
            assert_int_equal(retire(&result), DRAY_OK);
            assert_int_equal(result.status, DRAY_OK);
        }
    }
    end(engine);
}

int main(void)
{
    static const char *const one[] = { "default64", NULL };
    const struct testing_case all[] = {
        TESTING_CASE(PRT_05_random_batches_retire_in_order_with_bytes_and_tags),
        TESTING_CASE(segments_run_through_their_link),
    };
    const struct testing_case single[] = {
        TESTING_CASE(ERR_01_a_halt_is_told_to_the_byte_and_the_ring_goes_on),
        TESTING_CASE(CAN_03_an_abort_at_any_cycle_tells_what_moved_and_the_next_runs),
    };
    TESTING_ADD(testing_widths, all);
    TESTING_ADD(one, single);
    return testing_run("driver: ring");
}
