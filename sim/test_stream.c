// SPDX-License-Identifier: Apache-2.0
//
// Memory to stream: every byte in order, one packet a descriptor, and a stream that waits holds up nobody else.
#include "testing.h"

enum {
    RING    = ENGINE_MEMORY_BASE,
    SOURCE  = ENGINE_MEMORY_BASE + 0x20000,
    TARGET  = ENGINE_MEMORY_BASE + 0x60000,
    OPEN    = 0x80000,
    LIMIT   = 200000,
    PACKETS = 48,
};

static struct engine *engine;
static struct ring    ring;
static struct sink   *sink;

static void begin(void **state, unsigned latency)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    sink = &engine->sinks[0];
    sink_clear(sink);
    ring_start(&ring, engine, 0, RING, 6);
    ring.may_fail = true;
}

static uint32_t source_of(unsigned i) { return SOURCE + i * 1500 + i % 16; }
static uint32_t length_of(unsigned i) { return i < 20 ? i + 1 : 1 + i * 131 % 1400; }

static void put_packet(unsigned i, uint32_t flags)
{
    ring_put(&ring, &(struct descriptor){ .source = source_of(i), .destination = 0xffffffff, .length = length_of(i),
                                          .flags = flags | DESCRIPTOR_TO_STREAM, .tag = i });
}

// Packet n of the sink has the bytes of packet i.
static void expect_packet(unsigned n, unsigned i)
{
    assert_true(n < sink->packets);
    size_t from = n == 0 ? 0 : sink->packet_end[n - 1], count = sink->packet_end[n] - from;
    if (count != length_of(i) || sink->packet_cut[n])
        fail_msg("packet %u has %zu bytes%s, should have %u", n, count, sink->packet_cut[n] ? ", cut short" : "",
                 (unsigned)length_of(i));
    assert_memory_equal(sink->bytes + from, memory_at(engine->memory, source_of(i), length_of(i)), length_of(i));
}

static void all_packets(void **state, enum sink_mode mode, uint8_t chance, struct memory_stalls stalls)
{
    begin(state, 13);
    memory_set_stalls(engine->memory, stalls);
    sink->mode   = mode;
    sink->chance = chance;
    for (unsigned i = 0; i < PACKETS; i++) put_packet(i, i % 3 == 0 ? DESCRIPTOR_WRITE_BACK : 0);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(sink->packets, PACKETS);
    for (unsigned i = 0; i < PACKETS; i++) {
        expect_packet(i, i);
        if (i % 3 == 0) {
            struct write_back back = ring_write_back(&ring, ring_slot(&ring, (uint16_t)i));
            assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
            assert_int_equal(back.cause, DRAY_CAUSE_NONE);
            assert_int_equal(back.moved, length_of(i));
            testing_expect_slot(engine, ring_slot(&ring, (uint16_t)i));
        }
    }
    testing_memory(engine);
    testing_clean(engine);
}

static void packets_of_every_offset_and_length_come_whole(void **state)
{
    all_packets(state, SINK_ALWAYS, 0, (struct memory_stalls){ 0 });
}

static void packets_come_whole_when_tready_is_random(void **state)
{
    all_packets(state, SINK_RANDOM, 90, (struct memory_stalls){ .rvalid = 60 });
}

static void packets_come_whole_when_tready_is_rare(void **state)
{
    all_packets(state, SINK_RANDOM, 20, (struct memory_stalls){ 0 });
}

static void a_descriptor_to_the_stream_is_done_when_its_last_beat_is_taken(void **state)
{
    begin(state, 5);
    sink->mode = SINK_STALLED;
    put_packet(30, DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    engine_clocks(engine, 2000);
    assert_false(engine->pins.irq);
    assert_int_equal(ring_consumer(&ring), 0);
    sink->mode = SINK_ALWAYS;
    ring_wait_done(&ring, LIMIT);
    assert_true(engine->irq_rose > sink->last_beat);
    assert_int_equal(sink->packets, 1);
    expect_packet(0, 30);
    testing_clean(engine);
}

static void a_stalled_stream_does_not_hold_up_the_other_channel(void **state)
{
    begin(state, 30);
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x8000, 6);
    sink->mode = SINK_STALLED;
    for (unsigned i = 20; i < PACKETS; i++) put_packet(i, 0);
    ring_doorbell(&ring);
    engine_clocks(engine, 1500);
    uint32_t total = 0;
    for (unsigned i = 0; i < 40; i++) {
        uint32_t length = 1000;
        testing_expect_copy(engine, SOURCE + i * 1000, TARGET + i * 1024, length);
        ring_put(&other, &(struct descriptor){ .source = SOURCE + i * 1000, .destination = TARGET + i * 1024, .length = length,
                                               .flags = i == 39 ? DESCRIPTOR_IRQ : 0 });
        total += length;
    }
    ring_doorbell(&other);
    uint64_t done = ring_wait_done(&other, LIMIT);
    // At nearly full rate, as if it were alone.
    assert_true(done - other.rung < total / engine->width_bytes * 5 / 4 + 600);
    assert_int_equal(sink->beats, 0);
    sink->mode = SINK_ALWAYS;
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(sink->packets, PACKETS - 20);
    for (unsigned i = 20; i < PACKETS; i++) expect_packet(i - 20, i);
    testing_memory(engine);
    testing_clean(engine);
}

// The other channel ends a job as often as the engine can.
static void HW_16_a_packet_ends_while_the_other_channel_does_the_shortest_copies(void **state)
{
    const unsigned latencies[] = { 1, 2, 5, 13, 40, 100 };
    for (unsigned l = 0; l < sizeof latencies / sizeof latencies[0]; l++) {
        begin(state, latencies[l]);
        struct ring other;
        memory_permit(engine->memory, TARGET, 2);
        descriptor_write(engine, RING + 0x8000, &(struct descriptor){ .source = SOURCE, .destination = TARGET, .length = 2 }, 0);
        ring_start_cyclic(&other, engine, 1, RING + 0x8000, 0);
        engine_clocks(engine, 500);
        for (unsigned i = 0; i < 8; i++) put_packet(i, 0);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        for (unsigned i = 0; i < 8; i++) expect_packet(i, i);
        testing_clean(engine);
    }
}

static void one_channel_does_both_copies_and_packets_in_order(void **state)
{
    begin(state, 13);
    sink->mode   = SINK_RANDOM;
    sink->chance = 128;
    for (unsigned i = 0; i < 40; i++) {
        if (i % 2) {
            put_packet(i, i % 5 == 0 ? DESCRIPTOR_FENCE : 0);
            continue;
        }
        testing_expect_copy(engine, source_of(i), TARGET + i * 1500, length_of(i));
        ring_put(&ring, &(struct descriptor){
                            .source = source_of(i), .destination = TARGET + i * 1500, .length = length_of(i) });
    }
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(sink->packets, 20);
    for (unsigned i = 0; i < 20; i++) expect_packet(i, 2 * i + 1);
    testing_memory(engine);
    testing_clean(engine);
}

// What is cut short is closed by one beat of TKEEP 0 with TLAST, or never began.
static void expect_cut(unsigned begun, uint32_t cause)
{
    struct write_back back = ring_write_back(&ring, ring_slot(&ring, (uint16_t)(begun - 1)));
    assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
    if (back.cause == DRAY_CAUSE_NONE) {
        assert_int_equal(sink->packets, begun);
        return;
    }
    assert_int_equal(back.cause, cause);
    size_t from = sink->packets < 2 ? 0 : sink->packet_end[sink->packets - 2], count = sink->count - from;
    if (back.moved != 0) assert_true(sink->packet_cut[sink->packets - 1]);
    if (sink->packets != 0 && sink->packet_cut[sink->packets - 1]) {
        assert_int_equal(count, back.moved);
        assert_memory_equal(sink->bytes + from, memory_at(engine->memory, source_of(begun - 1), back.moved), back.moved);
    }
}

static void an_abort_closes_the_packet_that_it_cuts(void **state)
{
    for (unsigned when = 5; when < 900; when += 29) {
        begin(state, 13);
        sink->mode   = SINK_RANDOM;
        sink->chance = 100;
        for (unsigned i = 20; i < 36; i++) {
            ring_put(&ring, &(struct descriptor){ .source = source_of(i - 20),
                                                  .destination = 0,
                                                  .length = length_of(i - 20) + 300,
                                                  .flags = DESCRIPTOR_WRITE_BACK | DESCRIPTOR_TO_STREAM,
                                                  .tag = i });
        }
        ring_doorbell(&ring);
        engine_clocks(engine, when);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
        assert_true(engine_quiet(engine, 50));
        unsigned begun = ring_halt(&ring).next;
        uint64_t beats = sink->beats;
        if (begun != 0) expect_cut(begun, DRAY_CAUSE_ABORTED);
        engine_clocks(engine, 100);
        assert_int_equal(sink->beats, beats);
        if (begun == 16) continue;

        // The packet after RESUME begins cleanly.
        unsigned packets = sink->packets;
        size_t   from    = sink->count;
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        ring_wait_empty(&ring, LIMIT);
        assert_int_equal(sink->packets - packets, 16 - begun);
        assert_int_equal(sink->packet_end[packets] - from, length_of(begun) + 300);
        assert_memory_equal(sink->bytes + from, memory_at(engine->memory, source_of(begun), length_of(begun) + 300),
                            length_of(begun) + 300);
        testing_clean(engine);
    }
}

static void a_read_error_closes_the_packet_that_it_cuts(void **state)
{
    begin(state, 13);
    for (unsigned i = 0; i < 6; i++) put_packet(30 + i, DESCRIPTOR_WRITE_BACK);
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_READ, .first = source_of(32) + 400,
                                                             .last = source_of(32) + 400, .count = 100, .resp = BUS_SLVERR,
                                                             .beat = MEMORY_BEATS_HIT });
    assert_true(length_of(32) > 500);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.failed, 2);
    assert_int_equal(halt.next, 3);
    assert_int_equal(halt.cause, DRAY_CAUSE_READ_SLVERR);
    assert_int_equal(sink->packets, 3);
    expect_packet(0, 30);
    expect_packet(1, 31);
    assert_true(sink->packet_cut[2]);
    assert_true(halt.moved <= 400);
    assert_int_equal(sink->packet_end[2] - sink->packet_end[1], halt.moved);
    memory_faults_clear(engine->memory);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(sink->packets, 6);
    for (unsigned i = 3; i < 6; i++) expect_packet(i, 30 + i);
    testing_clean(engine);
}

static void a_build_without_a_stream_refuses_such_a_descriptor(void **state)
{
    begin(state, 5);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .length = 64, .flags = DESCRIPTOR_TO_STREAM });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
    testing_clean(engine);
}

// More than there are chunks on their way: each is one beat of the buffer, and a job that is not over.
static void short_packets_that_wait_keep_the_channel_busy(void **state)
{
    enum { MANY = 250, WAIT = 20000 };
    begin(state, 1);
    ring_stop(&ring, LIMIT);
    ring_start(&ring, engine, 0, RING, 8);
    sink->mode = SINK_STALLED;
    for (unsigned i = 0; i < MANY; i++)
        ring_put(&ring, &(struct descriptor){ .source = SOURCE + i, .length = 1, .flags = DESCRIPTOR_TO_STREAM });
    ring_doorbell(&ring);
    for (unsigned i = 0; i < WAIT; i += 100) {
        engine_clocks(engine, 100);
        assert_true(engine_read(engine, DRAY_CHANNEL_STATUS(0)) & DRAY_CHANNEL_STATUS_BUSY_MASK);
    }
    sink->mode = SINK_ALWAYS;
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(sink->packets, MANY);
    assert_memory_equal(sink->bytes, memory_at(engine->memory, SOURCE, MANY), MANY);
    testing_memory(engine);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(short_packets_that_wait_keep_the_channel_busy),
        TESTING_CASE(packets_of_every_offset_and_length_come_whole),
        TESTING_CASE(packets_come_whole_when_tready_is_random),
        TESTING_CASE(packets_come_whole_when_tready_is_rare),
        TESTING_CASE(a_descriptor_to_the_stream_is_done_when_its_last_beat_is_taken),
        TESTING_CASE(a_stalled_stream_does_not_hold_up_the_other_channel),
        TESTING_CASE(HW_16_a_packet_ends_while_the_other_channel_does_the_shortest_copies),
        TESTING_CASE(one_channel_does_both_copies_and_packets_in_order),
        TESTING_CASE(an_abort_closes_the_packet_that_it_cuts),
        TESTING_CASE(a_read_error_closes_the_packet_that_it_cuts),
    };
    static const char *const  without_streams[] = { "min32", NULL };
    const struct testing_case without[] = { TESTING_CASE(a_build_without_a_stream_refuses_such_a_descriptor) };
    TESTING_ADD(testing_streams, cases);
    TESTING_ADD(without_streams, without);
    return testing_run("stream");
}
