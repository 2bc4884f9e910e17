// SPDX-License-Identifier: Apache-2.0
//
// Cases of the cycle bench that are about channels: two side by side, one that feeds a screen, and one that is stopped.
#include "bench.h"

#include <stdio.h>
#include <string.h>

enum {
    HALF        = BENCH_COUNT / 2,
    HALF_LG     = 6,
    OTHER_RING  = BENCH_RING + 0x8000,
    FRAME       = BENCH_SEGMENTS, // what the screen shows, over and over
    LINES       = 64,
    LINES_LG    = 6,
    LINE_BYTES  = 4096,
    WARM_UP     = 4,     // lines that the screen has shown before the copies begin
    ABORT_AFTER = 1000,  // cycles from the doorbell, and 4 L
    LIMIT       = 100000,
    ALL_IRQS    = 7,
    HISTORY     = 64,
};

// ---- two channels, half of the transfers each, two doorbells

static uint64_t two_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return bench_linear_limit(bytes, latency, size) + 16;
}

static unsigned run_two(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       rings[2];
    uint64_t          ended[2] = { 0, 0 };
    bench_prepare(engine, latency);
    bench_transfers(engine, one, size, list);
    list[HALF - 1].flags |= DESCRIPTOR_IRQ;
    for (unsigned c = 0; c < 2; c++) {
        ring_start(&rings[c], engine, c, c ? OTHER_RING : BENCH_RING, HALF_LG);
        for (unsigned i = 0; i < HALF; i++) ring_put(&rings[c], &list[c * HALF + i]);
    }
    rows[0] = bench_row(engine, one, latency, size, BENCH_COUNT);
    ring_doorbell(&rings[0]);
    ring_doorbell(&rings[1]);
    for (uint64_t end = engine_cycle(engine) + 20 * rows[0].limit; ended[0] == 0 || ended[1] == 0;) {
        for (unsigned c = 0; c < 2; c++)
            if (ended[c] == 0 && (engine->pins.channel_irq >> c & 1)) ended[c] = engine_cycle(engine) - 1;
        if (engine_cycle(engine) > end) engine_stop(engine, "a channel never ended");
        engine_clock(engine);
    }
    uint64_t last  = ended[0] > ended[1] ? ended[0] : ended[1];
    uint64_t apart = ended[0] > ended[1] ? ended[0] - ended[1] : ended[1] - ended[0];
    rows[0].cycles      = last - rings[0].rung;
    rows[0].finish_skew = (double)apart / (double)rows[0].cycles;
    for (unsigned c = 0; c < 2; c++) bench_check(&rings[c]);
    return 1;
}

// ---- a screen on channel 0, copies as fast as they go on channel 1

static uint64_t screen_limit(unsigned bytes, unsigned latency, unsigned size)
{
    uint64_t p = bench_beats(size, bytes), d = bench_beats(SLOT_BYTES, bytes);
    double   left = 0.95 * (1.0 - 1.0 / bytes); // of the beats, when the screen has had its part
    return (uint64_t)(BENCH_COUNT * (double)(p + d) / left) + 3 * latency + 32;
}

static void start_screen(struct ring *ring, struct engine *engine)
{
    for (unsigned i = 0; i < LINES; i++) {
        struct descriptor line = { .source = FRAME + i * LINE_BYTES, .length = LINE_BYTES, .flags = DESCRIPTOR_TO_STREAM };
        descriptor_write(engine, OTHER_RING + i * SLOT_BYTES, &line, 0);
    }
    struct sink *sink = &engine->sinks[0];
    sink_clear(sink);
    sink->mode   = SINK_PACED;
    sink->period = engine->width_bytes; // a byte a clock
    ring_start_cyclic(ring, engine, 0, OTHER_RING, LINES_LG);
    for (unsigned i = 0; sink->packets < WARM_UP; i++) {
        if (i == WARM_UP * 2 * LINE_BYTES) engine_stop(engine, "the screen shows nothing");
        engine_clock(engine);
    }
}

// What the screen got so far is the frame from its start on, a packet a line.
static void check_screen(struct engine *engine)
{
    const struct sink *sink = &engine->sinks[0];
    for (size_t at = 0, span; at < sink->count; at += span) {
        size_t in_frame = at % ((size_t)LINES * LINE_BYTES), rest = (size_t)LINES * LINE_BYTES - in_frame;
        span = sink->count - at < rest ? sink->count - at : rest;
        if (memcmp(sink->bytes + at, memory_at(engine->memory, FRAME + in_frame, span), span) != 0)
            engine_stop(engine, "the screen got wrong bytes");
    }
    for (unsigned i = 0; i < sink->packets; i++)
        if (sink->packet_end[i] != (i + 1) * (size_t)LINE_BYTES) engine_stop(engine, "a line has a wrong length");
}

static unsigned run_screen(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       screen, copies;
    struct sink      *sink = &engine->sinks[0];
    bench_prepare(engine, latency);
    struct bench_case copy = *one;
    copy.flags = 0; // it is the other channel that streams
    bench_transfers(engine, &copy, size, list);
    ring_start(&copies, engine, 1, BENCH_RING, BENCH_RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) ring_put(&copies, &list[i]);
    start_screen(&screen, engine);
    rows[0] = bench_row(engine, one, latency, size, BENCH_COUNT);
    ring_doorbell(&copies);
    rows[0].cycles    = engine_wait_channel_irq(engine, 1, (unsigned)(20 * rows[0].limit)) - copies.rung;
    rows[0].underruns = (int64_t)sink->underruns;
    check_screen(engine);
    sink->mode = SINK_ALWAYS;
    ring_stop(&screen, LIMIT);
    ring_acknowledge(&screen, ALL_IRQS);
    sink_clear(sink);
    bench_check(&copies);
    return 1;
}

// ---- a full pipeline, and ABORT

static uint64_t read_beats, write_beats; // asked for, and not yet over the bus

static void watch_beats(void *user, const struct memory_event *event)
{
    (void)user;
    if (event->kind == MEMORY_AR) read_beats += event->beats;
    if (event->kind == MEMORY_R) read_beats--;
    if (event->kind == MEMORY_AW) write_beats += event->beats;
    if (event->kind == MEMORY_W) write_beats--;
}

// So many in each of the last cycles: in which one the command came is known only when it was answered.
static struct { struct engine *engine; uint64_t beats[HISTORY]; } seen;

static void watch_cycle(void *user)
{
    (void)user;
    seen.beats[(engine_cycle(seen.engine) - 1) % HISTORY] = read_beats + write_beats;
}

static unsigned run_abort(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    bench_prepare(engine, latency);
    bench_transfers(engine, one, size, list);
    memory_expect_reset(engine->memory); // how many of them happen is not known yet
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    ring.may_fail = true;
    for (unsigned i = 0; i < BENCH_COUNT; i++) ring_put(&ring, &list[i]);
    read_beats = write_beats = 0;
    memory_log(engine->memory, watch_beats, NULL);
    ring_doorbell(&ring);
    engine_clocks(engine, ABORT_AFTER + 4 * latency);
    seen.engine   = engine;
    engine->watch = watch_cycle;
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    uint64_t written = engine->registers.data_cycle;
    engine->watch    = NULL;
    rows[0]          = bench_row(engine, one, latency, size, BENCH_COUNT);
    rows[0].limit    = seen.beats[written % HISTORY] + 2 * latency + 32;
    rows[0].cycles   = engine_wait_irq(engine, LIMIT) - written;
    memory_log(engine->memory, NULL, NULL);
    if (engine_state(engine, 0) != DRAY_CHANNEL_STATE_STOPPED) engine_stop(engine, "ABORT did not end in STOPPED");

    // The last to have begun was cut short, and its status says where; nothing behind it was touched.
    struct halt       halt = ring_halt(&ring);
    unsigned          last = halt.next - 1u;
    struct write_back back = ring_write_back(&ring, ring_slot(&ring, (uint16_t)last));
    if (halt.next == 0 || halt.next >= BENCH_COUNT) engine_stop(engine, "ABORT came too late or too early");
    bool cut = back.type == DRAY_DESC_TYPE_DONE;
    if (cut && (back.cause != DRAY_CAUSE_ABORTED || back.moved >= size)) engine_stop(engine, "the status of what was cut short is wrong");
    for (unsigned i = 0; i <= last; i++)
        memcpy(memory_expected(engine->memory, list[i].destination, size), memory_at(engine->memory, list[i].source, size),
               cut && i == last ? back.moved : size);
    if (cut) memcpy(memory_expected(engine->memory, ring_slot(&ring, (uint16_t)last), SLOT_BYTES),
                    memory_at(engine->memory, ring_slot(&ring, (uint16_t)last), SLOT_BYTES), SLOT_BYTES);
    bench_check(&ring);
    return 1;
}

const struct bench_case bench_channel_cases[] = {
    { .name = "two_channels", .size_least = 8, .size_least_128 = 8, .size_most = 16384, .limit = two_limit, .run = run_two },
    { .name = "screen", .size_least = 4096, .size_least_128 = 4096, .size_most = 4096, .limit = screen_limit, .run = run_screen,
      .flags = DESCRIPTOR_TO_STREAM },
    { .name = "abort", .size_least = 1024, .size_least_128 = 1024, .size_most = 1024, .run = run_abort },
};
const unsigned bench_channel_count = sizeof bench_channel_cases / sizeof bench_channel_cases[0];
