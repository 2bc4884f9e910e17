// SPDX-License-Identifier: Apache-2.0
//
// Stream to memory: what waits for data can be stopped, nothing of the stream is lost by that or by an error, and beats bear
// the identifiers that the registers say.
#include "testing.h"

#include <string.h>

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x60000,
    OPEN   = 0x100000,
    LIMIT  = 200000,
    PLACE  = 4096,
    COUNT  = 24,
};

static struct engine *engine;
static struct ring    ring;
static struct source *source;
static unsigned       channel, width, burst;

static void begin(void **state, unsigned latency)
{
    engine  = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    channel = engine_stream_in(engine);
    width   = engine->width_bytes;
    burst   = width * engine->parameters->burst_beats;
    source  = &engine->sources[channel];
    source->mode = SOURCE_ALWAYS;
    testing_fill(engine, testing_seed());
    ring_start(&ring, engine, channel, RING, 6);
    ring.may_fail = true;
    memory_permit(engine->memory, TARGET, 0x80000);
}

static uint32_t target_of(unsigned i) { return TARGET + i * PLACE; }

static uint16_t put_room(uint32_t destination, uint32_t room)
{
    return ring_put(&ring, &(struct descriptor){ .destination = destination, .length = room,
                                                 .flags = DESCRIPTOR_FROM_STREAM | DESCRIPTOR_WRITE_BACK });
}

static struct write_back back_of(uint16_t index) { return ring_write_back(&ring, ring_slot(&ring, index)); }

static void expect_bytes(uint32_t destination, size_t from, size_t count)
{
    assert_memory_equal(memory_at(engine->memory, destination, count), source->bytes + from, count);
}

static void stop(void)
{
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    engine_wait_state(engine, channel, DRAY_CHANNEL_STATE_STOPPED, 2000);
    assert_true(engine_quiet(engine, 50));
}

static void resume(void)
{
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

static void a_descriptor_for_which_nothing_came_has_never_begun(void **state)
{
    begin(state, 13);
    put_room(target_of(0), 500);
    ring_doorbell(&ring);
    for (unsigned turn = 0; turn < 2; turn++) {
        engine_clocks(engine, 300);
        stop();
        assert_int_equal(ring_halt(&ring).next, 0);
        resume();
    }
    engine_clocks(engine, 300);
    ring_stop(&ring, 2000); // clearing ENABLE ends it too
    ring_start(&ring, engine, channel, RING, 6);
    put_room(target_of(0), 500);
    ring_doorbell(&ring);
    engine_clocks(engine, 300);
    source_packet(source, 321, false);
    ring_wait_empty(&ring, LIMIT);
    expect_bytes(target_of(0), 0, 321);
    assert_int_equal(back_of(0).moved, 321);
    testing_clean(engine);
}

// Beats that no chunk has claimed stay in the buffer, and so does what comes behind them.
static void a_descriptor_that_waits_for_more_is_cut_by_an_abort(void **state)
{
    for (unsigned offset = 0; offset < width; offset += 3) {
        begin(state, 13);
        size_t there = 3 * burst / 2; // of a packet that goes on
        source_packet(source, there + 100, false);
        put_room(target_of(0) + offset, 2000);
        put_room(target_of(1), 2000);
        ring_doorbell(&ring);
        while (source->beats < there / width) engine_clock(engine);
        source->mode = SOURCE_SILENT;
        engine_clocks(engine, 300);
        stop();
        assert_int_equal(ring_halt(&ring).next, 1);
        struct write_back back = back_of(0);
        assert_int_equal(back.cause, DRAY_CAUSE_ABORTED);
        assert_false(back.packet_end);
        assert_in_range(back.moved, burst - width, burst);
        expect_bytes(target_of(0) + offset, 0, back.moved);
        resume();
        source->mode = SOURCE_ALWAYS;
        ring_wait_empty(&ring, LIMIT);
        assert_int_equal(back_of(1).moved, there + 100 - burst);
        assert_true(back_of(1).packet_end);
        expect_bytes(target_of(1), burst, there + 100 - burst);
        testing_clean(engine);
    }
}

static void a_channel_that_is_disabled_while_it_waits_loses_no_beat(void **state)
{
    begin(state, 5);
    source_packet(source, 4 * width + 1, false);
    put_room(target_of(0), 2 * width + 1);
    put_room(target_of(1), 100 * burst);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    put_room(target_of(2), 1000);
    ring_doorbell(&ring);
    engine_clocks(engine, 200);
    ring_stop(&ring, 2000);
    source_packet(source, 50, false);
    engine_clocks(engine, 100);
    ring_start(&ring, engine, channel, RING, 6);
    put_room(target_of(3), 1000);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    expect_bytes(target_of(0), 0, 2 * width + 1);
    expect_bytes(target_of(1), 2 * width + 1, 2 * width);
    expect_bytes(target_of(3), 4 * width + 1, 50);
    assert_int_equal(back_of(0).moved, 50);
    testing_clean(engine);
}

// Wherever it is cut: the statuses account for every beat, and what follows is there.
static void an_abort_at_any_cycle_loses_only_the_beat_where_it_stood(void **state)
{
    for (unsigned when = 5; when < 400; when += 13) {
        begin(state, 13);
        for (unsigned i = 0; i < COUNT; i++) {
            source_packet(source, 10 * burst + i, false);
            put_room(target_of(i) + i, 12 * burst);
        }
        ring_doorbell(&ring);
        engine_clocks(engine, when);
        stop();
        unsigned begun = ring_halt(&ring).next, skip = 0;
        for (unsigned i = 0; i < begun; i++) {
            struct write_back back = back_of((uint16_t)i);
            expect_bytes(target_of(i) + i, source_at(source, i)->first, back.moved);
            if (back.cause == DRAY_CAUSE_NONE) continue;
            assert_int_equal(back.cause, DRAY_CAUSE_ABORTED);
            assert_int_equal(i, begun - 1);
            skip = (back.moved + width - 1) / width * width;
            if (skip >= source_at(source, i)->count) skip = 0; // its last beat has gone with it
            assert_false(back.packet_end);
        }
        resume();
        if (begun == COUNT) continue;
        ring_wait_empty(&ring, LIMIT);
        // The packet that was cut goes on in the first descriptor behind.
        for (unsigned i = begun, n = begun - (skip != 0); i < COUNT; i++, n++, skip = 0) {
            const struct source_packet *packet = source_at(source, n);
            expect_bytes(target_of(i) + i, packet->first + skip, packet->count - skip);
            assert_int_equal(back_of((uint16_t)i).moved, packet->count - skip);
            assert_true(back_of((uint16_t)i).packet_end);
        }
        testing_clean(engine);
    }
}

static void a_refused_page_ends_the_descriptor_and_the_next_gets_what_follows(void **state)
{
    for (unsigned offset = 0; offset < width; offset++) {
        begin(state, 13);
        engine_guard(engine, channel, target_of(1), 1, ENGINE_READ);
        uint32_t room = 2 * burst + 5 + offset; // up to the page that is refused
        source_packet(source, 20 * burst + 3, false);
        source_packet(source, 77, false);
        put_room(target_of(2), width + 1); // the failing one begins in the middle of a beat
        put_room(target_of(1) - room, 10 * burst);
        put_room(target_of(3) + 1, 30 * burst);
        put_room(target_of(8), 100);
        ring_doorbell(&ring);
        engine_wait_state(engine, channel, DRAY_CHANNEL_STATE_HALTED, LIMIT);
        struct halt halt = ring_halt(&ring);
        assert_int_equal(halt.failed, 1);
        assert_int_equal(halt.next, 2);
        assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
        assert_int_equal(halt.moved, room);
        assert_int_equal(back_of(0).moved, width + 1);
        assert_false(back_of(0).packet_end);
        expect_bytes(target_of(1) - room, width + 1, room);
        resume();
        ring_wait_empty(&ring, LIMIT);
        size_t from = (width + 1 + room + width - 1) / width * width; // the next beat
        expect_bytes(target_of(3) + 1, from, 20 * burst + 3 - from);
        assert_int_equal(back_of(2).moved, 20 * burst + 3 - from);
        assert_true(back_of(2).packet_end);
        assert_int_equal(back_of(3).moved, 77);
        expect_bytes(target_of(8), 20 * burst + 3, 77);
        testing_clean(engine);
    }
}

static void a_bad_write_response_costs_its_packet_and_no_other(void **state)
{
    begin(state, 13);
    for (unsigned i = 0; i < COUNT; i++) {
        source_packet(source, 100 + i * 40, false);
        put_room(target_of(i) + i, 2000);
    }
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_WRITE, .first = target_of(7) + 50, .count = 100,
                                                             .last = target_of(7) + 50, .resp = BUS_SLVERR });
    ring_doorbell(&ring);
    engine_wait_state(engine, channel, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.failed, 7);
    assert_int_equal(halt.cause, DRAY_CAUSE_WRITE_SLVERR);
    assert_true(back_of(7).packet_end); // it ran to its end all the same
    memory_faults_clear(engine->memory);
    resume();
    ring_wait_empty(&ring, LIMIT);
    for (unsigned i = 0; i < COUNT; i++) {
        if (i != 7) expect_bytes(target_of(i) + i, source_at(source, i)->first, 100 + i * 40);
        if (i != 7) assert_int_equal(back_of((uint16_t)i).moved, 100 + i * 40);
    }
    testing_clean(engine);
}

static void a_channel_that_failed_does_not_wait_for_a_packet_that_never_comes(void **state)
{
    begin(state, 13);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = target_of(0), .length = 64 });
    put_room(target_of(1), 100);
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_WRITE, .first = target_of(0), .count = 100,
                                                             .last = target_of(0), .resp = BUS_DECERR });
    ring_doorbell(&ring);
    engine_wait_state(engine, channel, DRAY_CHANNEL_STATE_HALTED, 2000);
    assert_int_equal(ring_halt(&ring).failed, 0);
    assert_int_equal(ring_halt(&ring).next, 1);
    testing_clean(engine);
}

// ---- identifiers, and both streams at once

static void a_newer_beat_changes_what_stream_in_says(void **state)
{
    begin(state, 5);
    for (unsigned i = 0; i < 5; i++) {
        source_packet(source, 3 * width, false);
        put_room(target_of(i), 100);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_STREAM_IN(channel)), i | (~i & 0xffu) << 8);
    }
    testing_clean(engine);
}

enum { WIRE_BEATS = 4 };
static struct { struct axis beats[WIRE_BEATS]; unsigned count; uint64_t taken; } wire;

// What m_axis of channel 0 gave goes to s_axis. A beat on the way is one that the sink has taken.
static void carry(void *user)
{
    (void)user;
    struct axis *from = &engine->pins.stream_out[0], *to = &engine->pins.stream_in[channel];
    struct sink *sink = &engine->sinks[0];
    if (sink->beats != wire.taken) wire.beats[wire.count++] = *from;
    wire.taken = sink->beats;
    if (!to->valid && wire.count != 0) {
        bool ready = to->ready;
        *to        = wire.beats[0];
        to->valid  = true;
        to->ready  = ready;
        memmove(wire.beats, wire.beats + 1, --wire.count * sizeof wire.beats[0]);
    }
    from->ready = wire.count < WIRE_BEATS;
}

static void a_packet_to_the_stream_comes_back_by_the_other(void **state)
{
    begin(state, 13);
    struct ring out;
    if (channel == 0) out = ring;
    else ring_start(&out, engine, 0, RING + 0x8000, 6);
    out.may_fail  = true;
    engine->watch = carry;
    wire.count = 0;
    wire.taken = 0;
    for (unsigned i = 0; i < COUNT; i++) { // the buffer takes a packet as a whole, so one channel can do both
        uint32_t from = SOURCE + i * 1500 + i, length = 1 + i * 131 % (engine->parameters->stream_beats * width / 2);
        engine_write(engine, DRAY_CHANNEL_STREAM(0), 0x100u * (200 - i) + i);
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_STREAM(0)), 0x100u * (200 - i) + i);
        struct descriptor packet = { .source = from, .length = length, .flags = DESCRIPTOR_TO_STREAM };
        ring_put(channel == 0 ? &ring : &out, &packet);
        uint16_t index = put_room(target_of(i) + 3, 3000);
        if (channel != 0) ring_doorbell(&out);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        assert_int_equal(back_of(index).moved, length);
        assert_true(back_of(index).packet_end);
        assert_memory_equal(memory_at(engine->memory, target_of(i) + 3, length), memory_at(engine->memory, from, length), length);
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_STREAM_IN(channel)), 0x100u * (200 - i) + i);
    }
    engine->watch = NULL;
    testing_clean(engine);
}

// The sink holds the engine to its beats; what the packet bears is what stood there when it began.
static void a_packet_keeps_its_identifiers(void **state)
{
    begin(state, 5);
    struct ring  out;
    struct sink *sink = &engine->sinks[0];
    ring_stop(&ring, LIMIT);
    ring_start(&out, engine, 0, RING + 0x8000, 6);
    sink->mode = SINK_STALLED;
    engine_write(engine, DRAY_CHANNEL_STREAM(0), 0x1122);
    for (unsigned i = 0; i < 2; i++)
        ring_put(&out, &(struct descriptor){ .source = SOURCE, .length = 4 * width, .flags = DESCRIPTOR_TO_STREAM });
    ring_doorbell(&out);
    engine_clocks(engine, 200);
    engine_write(engine, DRAY_CHANNEL_STREAM(0), 0x3344);
    sink->mode = SINK_ALWAYS;
    while (sink->packets != 1) engine_clock(engine);
    assert_int_equal(sink->dest, 0x11);
    assert_int_equal(sink->id, 0x22);
    ring_wait_empty(&out, LIMIT);
    assert_int_equal(sink->dest, 0x33);
    assert_int_equal(sink->id, 0x44);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_descriptor_for_which_nothing_came_has_never_begun),
        TESTING_CASE(a_descriptor_that_waits_for_more_is_cut_by_an_abort),
        TESTING_CASE(a_channel_that_is_disabled_while_it_waits_loses_no_beat),
        TESTING_CASE(an_abort_at_any_cycle_loses_only_the_beat_where_it_stood),
        TESTING_CASE(a_refused_page_ends_the_descriptor_and_the_next_gets_what_follows),
        TESTING_CASE(a_bad_write_response_costs_its_packet_and_no_other),
        TESTING_CASE(a_channel_that_failed_does_not_wait_for_a_packet_that_never_comes),
        TESTING_CASE(a_newer_beat_changes_what_stream_in_says),
        TESTING_CASE(a_packet_to_the_stream_comes_back_by_the_other),
        TESTING_CASE(a_packet_keeps_its_identifiers),
    };
    TESTING_ADD(testing_streams, cases);
    return testing_run("stream_stop");
}
