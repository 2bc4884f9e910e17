// SPDX-License-Identifier: Apache-2.0
//
// Stream to memory: every byte in order at every alignment, true lengths, ends of packets, and a silent stream holds up nobody.
#include "testing.h"

#include <string.h>

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x60000,
    OPEN   = 0x100000,
    LIMIT  = 200000,
    PLACE  = 4096, // bytes of each target
};

static struct engine *engine;
static struct ring    ring;
static struct source *source;
static unsigned       channel, width;

static void begin(void **state, unsigned latency)
{
    engine  = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    channel = engine_stream_in(engine);
    width   = engine->width_bytes;
    source  = &engine->sources[channel];
    testing_fill(engine, testing_seed());
    ring_start(&ring, engine, channel, RING, 6);
    ring.may_fail = true;
}

static uint32_t target_of(unsigned i, unsigned offset) { return TARGET + i * PLACE + offset; }

static uint16_t put_room(uint32_t destination, uint32_t room, uint32_t flags)
{
    return ring_put(&ring, &(struct descriptor){ .source = 0xfffffff5, .destination = destination, .length = room,
                                                 .flags = flags | DESCRIPTOR_FROM_STREAM | DESCRIPTOR_WRITE_BACK });
}

// So many bytes of the stream from there on, and not a byte more, are to be written.
static void expect_bytes(uint32_t destination, size_t from, uint32_t count)
{
    if (count == 0) return;
    memory_permit(engine->memory, destination, count);
    memcpy(memory_expected(engine->memory, destination, count), source->bytes + from, count);
}

static void expect_status(uint16_t index, uint32_t moved, bool packet_end)
{
    struct write_back back = ring_write_back(&ring, ring_slot(&ring, index));
    testing_expect_slot(engine, ring_slot(&ring, index));
    assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
    assert_int_equal(back.cause, DRAY_CAUSE_NONE);
    if (back.moved != moved || back.packet_end != packet_end)
        fail_msg("descriptor %u: %u bytes%s, should be %u%s", index, (unsigned)back.moved, back.packet_end ? ", end" : "",
                 (unsigned)moved, packet_end ? ", end" : "");
}

static void run_and_compare(void)
{
    ring_doorbell(&ring);
    source->mode = SOURCE_ALWAYS;
    ring_wait_empty(&ring, LIMIT);
}

// ---- one packet, one descriptor

static void packets_of_every_length_come_to_every_offset(void **state)
{
    begin(state, 5);
    for (unsigned offset = 0; offset < width; offset++) {
        uint16_t first = ring.producer;
        for (unsigned length = 0; length <= 3 * width; length++) {
            source_packet(source, length, length % 3 == 1);
            const struct source_packet *packet = source_at(source, source->packet_count - 1);
            put_room(target_of(length, offset), 4 * width, 0);
            expect_bytes(target_of(length, offset), packet->first, (uint32_t)packet->count);
        }
        size_t packets = source->packet_count - (3 * width + 1);
        run_and_compare();
        for (unsigned length = 0; length <= 3 * width; length++)
            expect_status((uint16_t)(first + length), (uint32_t)source_at(source, packets + length)->count, true);
        testing_memory(engine);
        memory_forbid(engine->memory, TARGET, 50 * PLACE);
    }
    testing_clean(engine);
}

static void long_packets(void **state, enum source_mode mode, struct memory_stalls stalls)
{
    begin(state, 20);
    memory_set_stalls(engine->memory, stalls);
    for (unsigned i = 0; i < 40; i++) {
        uint32_t length = 1 + i * 331 % 3000, offset = i * 37 % 500;
        source_packet(source, length, i % 5 == 0);
        expect_bytes(target_of(i, offset), source_at(source, i)->first, (uint32_t)source_at(source, i)->count);
        put_room(target_of(i, offset), i % 2 ? 3500 : length + (i % 5 == 0), 0);
    }
    source->chance = 100;
    source->mode   = mode;
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    for (unsigned i = 0; i < 40; i++) expect_status((uint16_t)i, (uint32_t)source_at(source, i)->count, true);
    testing_memory(engine);
    testing_clean(engine);
}

static void long_packets_come_whole(void **state) { long_packets(state, SOURCE_ALWAYS, (struct memory_stalls){ 0 }); }

static void long_packets_come_whole_with_gaps_and_stalls(void **state)
{
    long_packets(state, SOURCE_RANDOM, (struct memory_stalls){ 60, 60, 60, 60, 60 });
}

// ---- one packet, several descriptors

static void a_packet_longer_than_its_room_goes_on_in_the_next_descriptor(void **state)
{
    begin(state, 3);
    for (unsigned turn = 0; turn < 24; turn++) {
        size_t   at    = source->count;
        uint16_t first = ring.producer;
        uint32_t total = 700 + turn, rooms[60];
        unsigned count = 0;
        source_packet(source, total, false);
        for (uint32_t left = total; left != 0; left -= rooms[count++]) {
            uint32_t room = 1 + (turn * 7 + count * 5) % (3 * width + 20);
            rooms[count] = room < left && count < 59 ? room : left; // the last one ends with the packet, and is full
            uint32_t to = target_of(count, (turn * 3 + count) % 40);
            put_room(to, rooms[count], 0);
            expect_bytes(to, at + total - left, rooms[count]);
        }
        run_and_compare();
        for (unsigned i = 0; i < count; i++) expect_status((uint16_t)(first + i), rooms[i], i + 1 == count);
        testing_memory(engine);
        memory_forbid(engine->memory, TARGET, 60 * PLACE);
    }
    testing_clean(engine);
}

static void an_end_without_bytes_ends_the_next_descriptor(void **state)
{
    begin(state, 3);
    for (unsigned offset = 0; offset < width; offset++) {
        size_t   at    = source->count;
        uint16_t first = ring.producer;
        source_packet(source, 2 * width, true);
        source_packet(source, 5, false);
        put_room(target_of(0, offset), 2 * width, 0);
        put_room(target_of(1, offset), 9, 0);
        put_room(target_of(2, offset), 9, 0);
        expect_bytes(target_of(0, offset), at, 2 * width);
        expect_bytes(target_of(2, offset), at + 2 * width, 5);
        run_and_compare();
        expect_status(first, 2 * width, false);
        expect_status((uint16_t)(first + 1), 0, true);
        expect_status((uint16_t)(first + 2), 5, true);
        testing_memory(engine);
    }
    testing_clean(engine);
}

// ---- who waits

static void without_a_descriptor_no_beat_is_taken(void **state)
{
    begin(state, 5);
    source->endless = 300;
    source->mode    = SOURCE_ALWAYS;
    testing_expect_copy(engine, SOURCE, TARGET, 1000);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET, .length = 1000 });
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_clocks(engine, 200);
    assert_true(engine->pins.stream_in[channel].valid);
    assert_int_equal(source->beats, 0);

    memory_permit(engine->memory, target_of(1, 0), PLACE);
    put_room(target_of(1, 0), 1, 0);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_clocks(engine, 20);
    uint64_t beats = source->beats;
    assert_in_range(beats, 1, engine->parameters->stream_beats);
    engine_clocks(engine, 500);
    assert_int_equal(source->beats, beats);
    assert_false(engine->pins.stream_in[channel].ready);
    testing_clean(engine);
}

static void a_silent_stream_does_not_hold_up_the_other_channel(void **state)
{
    begin(state, 30);
    struct ring other;
    ring_start(&other, engine, 1 - channel, RING + 0x8000, 6);
    source_packet(source, 10 * width, false);
    source_packet(source, 5 * width, true);
    source_packet(source, 100 * width, false); // a burst of it comes, and some beats that wait in the buffer
    memory_permit(engine->memory, target_of(50, 0), 4 * PLACE);
    for (unsigned i = 0; i < 4; i++) put_room(target_of(50 + i, 3), 1000, 0);
    source->mode = SOURCE_ALWAYS;
    ring_doorbell(&ring);
    while (source->beats < 16 + engine->parameters->burst_beats + 5) engine_clock(engine);
    source->mode = SOURCE_SILENT;
    engine_clocks(engine, 1500);
    uint32_t total = 0;
    for (unsigned i = 0; i < 40; i++, total += 1000) {
        testing_expect_copy(engine, SOURCE + i * 1000, TARGET + i * 1024, 1000);
        ring_put(&other, &(struct descriptor){ .source = SOURCE + i * 1000, .destination = TARGET + i * 1024, .length = 1000,
                                               .flags = i == 39 ? DESCRIPTOR_IRQ : 0 });
    }
    ring_doorbell(&other);
    uint64_t done = ring_wait_done(&other, LIMIT);
    assert_true(done - other.rung < total / width * 5 / 4 + 600); // at nearly full rate, as if it were alone
    assert_int_equal(ring_consumer(&ring), 2);
    assert_memory_equal(memory_at(engine->memory, target_of(51, 3), 5 * width), source->bytes + 10 * width, 5 * width);
    testing_clean(engine);
}

static void copies_and_packets_of_one_channel_keep_their_order(void **state)
{
    begin(state, 13);
    for (unsigned i = 0; i < 30; i++) {
        source_packet(source, 20 + 9 * i, false);
        expect_bytes(target_of(i, 7), source_at(source, i)->first, 20 + 9 * i);
        put_room(target_of(i, 7), 1000, 0);
        testing_expect_copy(engine, target_of(i, 7), target_of(i, 2000), 20 + 9 * i); // what the packet brought
        ring_put(&ring, &(struct descriptor){ .source = target_of(i, 7), .destination = target_of(i, 2000),
                                              .length = 20 + 9 * i, .flags = DESCRIPTOR_FENCE });
    }
    run_and_compare();
    for (unsigned i = 0; i < 30; i++) expect_status((uint16_t)(2 * i), 20 + 9 * i, true);
    testing_memory(engine);
    testing_clean(engine);
}

// ---- what makes no sense

static void refused(uint32_t type, uint32_t flags)
{
    uint16_t index = ring_put(&ring, &(struct descriptor){ .type = type, .source = SOURCE, .destination = TARGET, .length = 64,
                                                           .flags = flags | DESCRIPTOR_FROM_STREAM });
    ring_doorbell(&ring);
    engine_wait_state(engine, ring.channel, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).failed, index);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

static void only_a_linear_descriptor_comes_from_a_stream_and_goes_to_memory(void **state)
{
    begin(state, 5);
    refused(DRAY_DESC_TYPE_FILL, 0);
    refused(DRAY_DESC_TYPE_LINK, 0);
    refused(DRAY_DESC_TYPE_LINEAR, DESCRIPTOR_TO_STREAM);
    testing_clean(engine);
}

static void a_channel_without_a_stream_refuses_such_a_descriptor(void **state)
{
    begin(state, 5);
    ring_stop(&ring, LIMIT);
    for (unsigned c = 0; c < engine->channels; c++) {
        if (engine->parameters->stream_in >> c & 1) continue;
        ring_start(&ring, engine, c, RING + 0x8000, 6);
        ring.may_fail = true;
        refused(DRAY_DESC_TYPE_LINEAR, 0);
        ring_stop(&ring, LIMIT);
        engine->sources[c].endless = 100;
        engine->sources[c].mode    = SOURCE_ALWAYS;
        engine_clocks(engine, 100);
        assert_int_equal(engine->sources[c].beats, 0);
    }
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(packets_of_every_length_come_to_every_offset),
        TESTING_CASE(long_packets_come_whole),
        TESTING_CASE(long_packets_come_whole_with_gaps_and_stalls),
        TESTING_CASE(a_packet_longer_than_its_room_goes_on_in_the_next_descriptor),
        TESTING_CASE(an_end_without_bytes_ends_the_next_descriptor),
        TESTING_CASE(without_a_descriptor_no_beat_is_taken),
        TESTING_CASE(a_silent_stream_does_not_hold_up_the_other_channel),
        TESTING_CASE(copies_and_packets_of_one_channel_keep_their_order),
        TESTING_CASE(only_a_linear_descriptor_comes_from_a_stream_and_goes_to_memory),
        TESTING_CASE(a_channel_without_a_stream_refuses_such_a_descriptor),
    };
    const struct testing_case without[] = { TESTING_CASE(a_channel_without_a_stream_refuses_such_a_descriptor) };
    TESTING_ADD(testing_streams, cases);
    TESTING_ADD(testing_words, without);
    return testing_run("stream_in");
}
