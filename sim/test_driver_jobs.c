// SPDX-License-Identifier: Apache-2.0
//
// The native driver gives the real engine jobs of every kind: each retires in order with its tag and its true count,
// wherever it stands in the ring, and moves its bytes and no other.
#include "driver.h"

#include "dray.h"

enum {
    SLOTS   = 16,
    RING    = ENGINE_MEMORY_BASE,
    SEGMENT = ENGINE_MEMORY_BASE + 0x2000,
    LISTS   = ENGINE_MEMORY_BASE + 0x8000, // LIST bytes for each job of a batch
    LIST    = 256,
    SOURCE  = ENGINE_MEMORY_BASE + 0x10000,
    TARGET  = ENGINE_MEMORY_BASE + 0x20000, // PLACE bytes for each job of a batch
    PLACE   = 4096,
    AREA    = 0x10000,
    LIMIT   = 40000,
    BATCH   = 12,
    PIECES  = 9,
};

static struct engine      *engine;
static struct dray         dray;
static struct dray_channel channel;
static uint8_t             want[AREA], sent[AREA * 8];
static size_t              sent_count;
static unsigned            packets;
static uint64_t            seed;

static uint32_t below(uint32_t limit) { return (uint32_t)(memory_random(&seed) >> 20) % limit; }

static void begin_with(void **state, unsigned number, const struct dray_channel_options *options)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 13, .open_bytes = 0x40000, .stalls = { 40, 40, 40, 40, 40 } });
    seed   = testing_seed();
    driver_attach(engine);
    for (uint32_t i = 0; i < AREA; i++) *host_memory(SOURCE + i, 1) = (uint8_t)(memory_random(&seed) >> 33);
    memset(want, 0, sizeof want);
    sent_count = packets = 0;
    assert_int_equal(dray_init(&dray, SOC_ENGINE), DRAY_OK);
    struct dray_ring ring = { cache_uncached(RING), RING, SLOTS, true };
    assert_int_equal(dray_channel_open_with(&channel, &dray, number, &ring, options), DRAY_OK);
}

static void begin(void **state) { begin_with(state, 0, &(struct dray_channel_options){ .cyclic = false }); }

static void end(void)
{
    assert_int_equal(dray_channel_close(&channel, LIMIT), DRAY_OK);
    (void)driver_flush(NULL);
    assert_memory_equal(host_memory(TARGET, AREA), want, AREA);
    (void)fixture_end(NULL);
    testing_clean(engine);
}

static struct dray_result retired(enum dray_status wanted)
{
    struct dray_result result = { .index = 0 };
    enum dray_status   status = DRAY_EMPTY;
    for (unsigned i = 0; i < LIMIT && status == DRAY_EMPTY; i++) {
        if (dray_consumed(&channel) == 0 && dray_state(&channel) < DRAY_HALTED) continue;
        (void)driver_flush(NULL); // a load of the ring through the alias empties the posting bridge; the host's pointer does not
        status = dray_retire(&channel, &result);
    }
    assert_string_equal(dray_status_name(status), dray_status_name(wanted));
    return result;
}

// ---- What a job is to do, and how long it is

static void expect(uint32_t to, uint32_t from, uint32_t count) { memcpy(want + (to - TARGET), host_memory(from, count), count); }

static void expect_sent(uint32_t from, uint32_t count)
{
    memcpy(sent + sent_count, host_memory(from, count), count);
    sent_count += count;
}

static uint32_t place_of(unsigned n) { return TARGET + n * PLACE + below(64); }
static uint32_t any_source(uint32_t count) { return SOURCE + below(AREA - count); }

static struct dray_job make_rows(unsigned n, uint32_t *moved)
{
    uint32_t count = 1 + below(60), rows = 1 + below(9), gap = below(30), to = place_of(n);
    int32_t  stride = (int32_t)below(600) - 300;
    uint32_t from = SOURCE + 0x2000 + below(0x8000);
    for (uint32_t i = 0; i < rows; i++) expect(to + i * (count + gap), (uint32_t)((int32_t)from + stride * (int32_t)i), count);
    *moved = count * rows;
    return dray_rows(from, stride, to, (int32_t)(count + gap), count, (uint16_t)rows);
}

static struct dray_job make_fill(unsigned n, uint32_t *moved)
{
    uint32_t to = place_of(n), pattern = (uint32_t)memory_random(&seed);
    *moved = 1 + below(900);
    for (uint32_t i = 0; i < *moved; i++) want[to - TARGET + i] = (uint8_t)(pattern >> 8 * (i % 4));
    return dray_fill(pattern, to, *moved);
}

static struct dray_job make_list(unsigned n, uint32_t *moved, bool scatter, bool stream)
{
    struct dray_element *list     = (struct dray_element *)(void *)host_memory(LISTS + n * LIST, LIST);
    uint16_t             elements = (uint16_t)(1 + below(PIECES));
    uint32_t             to = place_of(n), from = any_source(PIECES * 200u), at = scatter ? to : 0;
    *moved = 0;
    for (unsigned i = 0; i < elements; i++) {
        uint32_t count = 1 + below(200), source = scatter ? from + *moved : any_source(200);
        if (scatter) at += below(90);
        if (stream) expect_sent(source, count);
        else expect(scatter ? at : to + *moved, source, count);
        list[i] = (struct dray_element){ scatter ? at : source, count };
        at += count;
        *moved += count;
    }
    packets += stream;
    struct dray_job job = scatter ? dray_scatter(from, LISTS + n * LIST, elements, *moved)
                                  : dray_gather(LISTS + n * LIST, elements, stream ? 0 : to, *moved);
    if (stream) job.flags = DRAY_TO_STREAM;
    return job;
}

static struct dray_job make_copy(unsigned n, uint32_t *moved, bool stream)
{
    uint32_t count = 1 + below(900), from = any_source(count), to = place_of(n);
    *moved = count;
    if (!stream) {
        expect(to, from, count);
        return dray_copy(from, to, count);
    }
    expect_sent(from, count);
    packets++;
    return dray_send(from, count);
}

static struct dray_job make_any(unsigned n, uint32_t *moved)
{
    switch (below(7)) {
    case 0: return make_rows(n, moved);
    case 1: return make_fill(n, moved);
    case 2: return make_list(n, moved, false, false);
    case 3: return make_list(n, moved, true, false);
    case 4: return make_list(n, moved, false, true);
    case 5: return make_copy(n, moved, true);
    default: return make_copy(n, moved, false);
    }
}

// ----

static void PRT_05_random_batches_of_every_kind_retire_with_their_bytes(void **state)
{
    begin(state);
    engine->sinks[0].mode = SINK_ALWAYS;
    unsigned behind = 0;
    for (unsigned round = 0; round < 60; round++) {
        struct dray_job jobs[BATCH];
        uint32_t        moved[BATCH];
        unsigned        count = 1 + below(SLOTS / 2);
        for (unsigned i = 0; i < count; i++) {
            jobs[i] = make_any(i, &moved[i]);
            jobs[i].tag = (uint16_t)below(DRAY_TAG_MAX + 1);
            if (below(3) == 0) jobs[i].flags |= DRAY_WRITE_BACK;
            if (below(4) == 0) jobs[i].flags |= DRAY_FENCE;
        }
        uint16_t first = dray_next_index(&channel);
        assert_int_equal(dray_submit(&channel, jobs, count), DRAY_OK);
        for (unsigned i = 0; i < count; i++) {
            struct dray_result result = retired(DRAY_OK);
            assert_string_equal(dray_status_name(result.status), dray_status_name(DRAY_OK));
            assert_int_equal(result.moved_bytes, moved[i]);
            assert_int_equal(result.tag, jobs[i].tag);
            behind += jobs[i].kind == &dray_kind_rows && result.index % SLOTS == SLOTS - 1;
            if (i == 0) assert_int_equal(result.index, first);
        }
        assert_int_equal(dray_free_slots(&channel), SLOTS);
        assert_memory_equal(host_memory(TARGET, AREA), want, AREA);
        memset(host_memory(TARGET, AREA), 0, AREA);
        memset(want, 0, AREA);
    }
    assert_int_equal(dray_synchronize(&channel, LIMIT), DRAY_OK);
    assert_int_equal(engine->sinks[0].count, sent_count);
    assert_memory_equal(engine->sinks[0].bytes, sent, sent_count);
    assert_int_equal(engine->sinks[0].packets, packets);
    assert_true(behind > 2);
    end();
}

static void EXE_05_a_segment_of_every_kind_is_one_slot(void **state)
{
    begin(state);
    for (unsigned round = 0; round < 2 * SLOTS; round++) {
        struct dray_job jobs[4];
        uint32_t        moved;
        jobs[0] = make_rows(0, &moved);
        jobs[1] = make_list(1, &moved, true, false);
        jobs[2] = make_fill(2, &moved);
        jobs[3] = make_rows(3, &moved);
        assert_int_equal(dray_prepare_segment(&channel, cache_uncached(SEGMENT), SEGMENT, jobs, 4), DRAY_OK);
        dray_ring(&channel);
        struct dray_result result = retired(DRAY_OK);
        assert_int_equal(result.status, DRAY_OK);
        assert_int_equal(result.index, round);
        assert_memory_equal(host_memory(TARGET, AREA), want, AREA);
        memset(host_memory(TARGET, AREA), 0, AREA);
        memset(want, 0, AREA);
    }
    end();
}

static unsigned receiver(void) { return engine->parameters->stream_in & 1 ? 0 : 1; }

static void PRT_05_packets_come_with_their_true_length_and_end(void **state)
{
    begin_with(state, 0, &(struct dray_channel_options){ .cyclic = false });
    if (receiver() != 0) {
        end();
        begin_with(state, receiver(), &(struct dray_channel_options){ .cyclic = false });
    }
    struct source *source = &engine->sources[receiver()];
    uint8_t        tid, tdest;
    source->mode = SOURCE_ALWAYS;
    for (unsigned round = 0; round < 3 * SLOTS; round++) {
        uint32_t room = 300, length = 1 + below(2 * room), to = TARGET + below(64);
        source_packet(source, length, false);
        const struct source_packet *packet = source_at(source, round);
        for (uint32_t at = 0; at < length; at += room) {
            struct dray_job job = dray_receive(to + at, room);
            assert_int_equal(dray_submit(&channel, &job, 1), DRAY_OK);
            struct dray_result result = retired(DRAY_OK);
            assert_int_equal(result.status, DRAY_OK);
            assert_int_equal(result.moved_bytes, length - at < room ? length - at : room);
            assert_int_equal(result.packet_end, length - at <= room);
        }
        assert_memory_equal(host_memory(to, length), source->bytes + packet->first, length);
        assert_int_equal(dray_stream_seen(&channel, &tid, &tdest), DRAY_OK);
        assert_int_equal(tid, round);
        assert_int_equal(tdest, 255 - round);
        memset(host_memory(TARGET, 2 * PLACE), 0, 2 * PLACE);
    }
    end();
}

static void HW_01_packets_bear_the_labels_that_were_set(void **state)
{
    begin(state);
    struct dray_job packet = dray_send(SOURCE, 40);
    engine->sinks[0].mode = SINK_ALWAYS;
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(dray_stream_label(&channel, (uint8_t)(i * 50), (uint8_t)(i + 7)), DRAY_OK);
        assert_int_equal(dray_submit(&channel, &packet, 1), DRAY_OK);
        (void)retired(DRAY_OK);
        assert_int_equal(engine->sinks[0].id, i * 50);
        assert_int_equal(engine->sinks[0].dest, i + 7);
    }
    end();
}

// The bus refuses one place; every kind that meets it ends with its own cause and a true count, and the next one runs.
static void ERR_04_errors_of_every_kind_are_told_to_the_byte(void **state)
{
    const struct { struct dray_job job; enum memory_direction direction; uint32_t at; uint8_t resp; enum dray_status status; } cases[] = {
        { dray_gather(LISTS, 6, TARGET, 1800), MEMORY_READ, LISTS, BUS_SLVERR, DRAY_ERR_LIST_SLVERR },
        { dray_gather(LISTS, 6, TARGET, 1800), MEMORY_READ, LISTS, BUS_DECERR, DRAY_ERR_LIST_DECERR },
        { dray_gather(LISTS, 6, TARGET, 1800), MEMORY_READ, SOURCE + 4 * 1024, BUS_SLVERR, DRAY_ERR_READ_SLVERR },
        { dray_rows(SOURCE, 1024, TARGET, 300, 300, 6), MEMORY_READ, SOURCE + 4 * 1024, BUS_DECERR, DRAY_ERR_READ_DECERR },
        { dray_rows(SOURCE, 1024, TARGET, 300, 300, 6), MEMORY_WRITE, TARGET + 1000, BUS_DECERR, DRAY_ERR_WRITE_DECERR },
        { dray_fill(0x01020304, TARGET, 1800), MEMORY_WRITE, TARGET + 1000, BUS_SLVERR, DRAY_ERR_WRITE_SLVERR },
    };
    begin(state);
    struct dray_element *list = (struct dray_element *)(void *)host_memory(LISTS, LIST);
    for (unsigned i = 0; i < 6; i++) list[i] = (struct dray_element){ SOURCE + i * 1024, 300 };
    for (unsigned n = 0; n < 2 * SLOTS * sizeof cases / sizeof cases[0]; n++) {
        unsigned        i = n % (sizeof cases / sizeof cases[0]);
        struct dray_job jobs[2] = { cases[i].job, dray_copy(SOURCE, TARGET + 0x2000, 100) };
        jobs[0].tag = (uint16_t)n;
        memory_fault_add(engine->memory, &(struct memory_fault){ .direction = cases[i].direction, .first = cases[i].at, .last = cases[i].at + 7,
                                                                 .count = 1, .resp = cases[i].resp, .beat = MEMORY_BEATS_HIT });
        uint16_t first = dray_next_index(&channel);
        assert_int_equal(dray_submit(&channel, jobs, 2), DRAY_OK);
        struct dray_result result = retired(DRAY_OK);
        assert_string_equal(dray_status_name(result.status), dray_status_name(cases[i].status));
        assert_true(result.moved_bytes <= 1000 + (cases[i].direction == MEMORY_READ ? 800u : 0u));
        assert_int_equal(result.tag, n);
        if (jobs[0].kind != &dray_kind_fill) {
            for (uint32_t byte = 0; byte < result.moved_bytes; byte++)
                assert_int_equal(*host_memory(TARGET + byte, 1), *host_memory(SOURCE + byte / 300 * 1024 + byte % 300, 1));
        }
        // The next one may have begun before a late response.
        if (dray_residue(&channel, jobs, 2, first) != 0) {
            (void)retired(DRAY_ERR_HALTED);
            assert_int_equal(dray_resume(&channel), DRAY_OK);
            assert_int_equal(retired(DRAY_OK).moved_bytes, 100);
        } else {
            assert_int_equal(retired(DRAY_OK).moved_bytes, 100);
            assert_int_equal(dray_resume(&channel), DRAY_OK);
        }
        memory_faults_clear(engine->memory);
        memset(host_memory(TARGET, AREA), 0, AREA);
    }
    end();
}

// What was cut short anywhere, behind the ring too, counts to the byte; what never began is still to be done.
static void CAN_03_an_abort_at_any_cycle_counts_jobs_of_every_kind(void **state)
{
    begin(state);
    unsigned cut = 0;
    for (unsigned when = 0; when < 1200; when += 3) {
        struct dray_job jobs[5];
        uint32_t        length[5];
        uint64_t        all = 0, moved = 0;
        jobs[0] = make_rows(0, &length[0]);
        jobs[1] = make_list(1, &length[1], false, false);
        jobs[2] = make_rows(2, &length[2]);
        jobs[3] = make_list(3, &length[3], true, false);
        jobs[4] = make_fill(4, &length[4]);
        uint16_t first = dray_next_index(&channel);
        assert_int_equal(dray_submit(&channel, jobs, 5), DRAY_OK);
        driver_clocks(when);
        assert_int_equal(dray_stop(&channel, LIMIT), DRAY_OK);
        (void)driver_flush(NULL);
        uint64_t           left = dray_residue(&channel, jobs, 5, first);
        struct dray_result result;
        enum dray_status   status = DRAY_OK;
        for (unsigned i = 0; i < 5; i++) {
            all += length[i];
            if (status != DRAY_OK || (status = dray_retire(&channel, &result)) != DRAY_OK) continue;
            moved += result.moved_bytes;
            assert_true(result.status == DRAY_OK ? result.moved_bytes == length[i] : result.status == DRAY_ERR_ABORTED);
            cut += result.status != DRAY_OK && jobs[i].kind == &dray_kind_rows;
        }
        assert_true(moved + left == all);
        assert_int_equal(dray_drop(&channel), DRAY_OK);
        assert_int_equal(dray_submit(&channel, jobs, 5), DRAY_OK);
        for (unsigned i = 0; i < 5; i++) assert_int_equal(retired(DRAY_OK).moved_bytes, length[i]);
        assert_memory_equal(host_memory(TARGET, AREA), want, AREA);
        memset(host_memory(TARGET, AREA), 0, AREA);
        memset(want, 0, AREA);
    }
    print_message("[   INFO   ] %s: %u jobs of rows were cut short\n", engine->name, cut);
    assert_true(cut > 5);
    end();
}

// Rows and lists in a ring that goes round by itself; its last slot leads behind it.
static void COM_04_a_cyclic_ring_of_rows_and_lists_goes_round(void **state)
{
    begin_with(state, 0, &(struct dray_channel_options){ .cyclic = true });
    struct dray_job jobs[SLOTS];
    uint32_t        moved;
    unsigned        count = 0, slots = 0;
    for (; slots < SLOTS - 1u; slots += jobs[count++].kind == &dray_kind_rows ? 2 : 1)
        jobs[count] = slots < SLOTS - 2u && count % 2 ? make_rows(count, &moved) : count % 4 ? make_list(count, &moved, true, false) : make_fill(count, &moved);
    jobs[count] = make_rows(count, &moved); // in the last slot
    assert_int_equal(slots, SLOTS - 1u);
    assert_int_equal(dray_submit(&channel, jobs, count + 1), DRAY_OK);
    for (uint16_t round = 0, was = 0, is; round < 4; round++, was = is) {
        driver_clocks(6000);
        (void)driver_flush(NULL);
        assert_int_equal(dray_state(&channel), DRAY_RUNNING);
        assert_int_equal(dray_position(&channel, &is), DRAY_OK);
        assert_in_range((uint16_t)(is - was), SLOTS, 20 * SLOTS);
        assert_memory_equal(host_memory(TARGET, AREA), want, AREA);
    }
    assert_int_equal(dray_end_period(&channel), DRAY_OK);
    driver_clocks(3000);
    assert_int_equal(dray_state(&channel), DRAY_STOPPED);
    end();
}

// What was not built is said before anything is touched.
static void HW_01_the_smallest_engine_says_what_it_lacks(void **state)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 13, .open_bytes = 0x40000 });
    driver_attach(engine);
    memset(want, 0, sizeof want);
    assert_int_equal(dray_init(&dray, SOC_ENGINE), DRAY_OK);
    struct dray_ring     ring = { cache_uncached(RING), RING, SLOTS, true };
    struct dray_counters counters;
    assert_int_equal(dray_channel_open_with(&channel, &dray, 0, &ring, &(struct dray_channel_options){ .priority = 1 }), DRAY_ERR_ABSENT);
    assert_int_equal(dray_channel_open(&channel, &dray, 0, &ring), DRAY_OK);
    const struct dray_job absent[] = { dray_fill(1, TARGET, 64), dray_rows(SOURCE, 64, TARGET, 64, 64, 2), dray_gather(LISTS, 1, TARGET, 64),
                                       dray_scatter(SOURCE, LISTS, 1, 64), dray_send(SOURCE, 64), dray_receive(TARGET, 64) };
    for (unsigned i = 0; i < 6; i++) assert_int_equal(dray_submit(&channel, &absent[i], 1), DRAY_ERR_ABSENT);
    assert_int_equal(dray_watchdog(&dray, 1000), DRAY_ERR_ABSENT);
    assert_int_equal(dray_counters_read(&channel, &counters), DRAY_ERR_ABSENT);
    assert_int_equal(dray_stream_label(&channel, 1, 1), DRAY_ERR_ABSENT);
    struct dray_job copy = dray_copy(SOURCE, TARGET, 64);
    assert_int_equal(dray_submit(&channel, &copy, 1), DRAY_OK);
    assert_int_equal(retired(DRAY_OK).moved_bytes, 64);
    expect(TARGET, SOURCE, 64);
    end();
}

int main(void)
{
    static const char *const smallest[] = { "min32", NULL };
    const struct testing_case streams[] = {
        TESTING_CASE(PRT_05_random_batches_of_every_kind_retire_with_their_bytes),
        TESTING_CASE(EXE_05_a_segment_of_every_kind_is_one_slot),
        TESTING_CASE(PRT_05_packets_come_with_their_true_length_and_end),
        TESTING_CASE(HW_01_packets_bear_the_labels_that_were_set),
        TESTING_CASE(ERR_04_errors_of_every_kind_are_told_to_the_byte),
        TESTING_CASE(CAN_03_an_abort_at_any_cycle_counts_jobs_of_every_kind),
        TESTING_CASE(COM_04_a_cyclic_ring_of_rows_and_lists_goes_round),
    };
    const struct testing_case small[] = { TESTING_CASE(HW_01_the_smallest_engine_says_what_it_lacks) };
    TESTING_ADD(testing_streams, streams);
    TESTING_ADD(smallest, small);
    return testing_run("driver: jobs");
}
