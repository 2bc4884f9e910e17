// SPDX-License-Identifier: Apache-2.0
//
// Makes one descriptor of a ring wrong, and looks at all of them when the channel has halted.
#include "wrong.h"

static const uint32_t causes[] = {
    [FETCH_SLVERR]     = DRAY_CAUSE_DESC_SLVERR,
    [FETCH_DECERR]     = DRAY_CAUSE_DESC_DECERR,
    [READ_SLVERR]      = DRAY_CAUSE_READ_SLVERR,
    [READ_DECERR]      = DRAY_CAUSE_READ_DECERR,
    [READ_LAST_BEAT]   = DRAY_CAUSE_READ_SLVERR,
    [WRITE_SLVERR]     = DRAY_CAUSE_WRITE_SLVERR,
    [WRITE_DECERR]     = DRAY_CAUSE_WRITE_DECERR,
    [BACK_SLVERR]      = DRAY_CAUSE_BACK_SLVERR,
    [BACK_DECERR]      = DRAY_CAUSE_BACK_DECERR,
    [LENGTH_ZERO]      = DRAY_CAUSE_LENGTH,
    [TYPE_ZERO]        = DRAY_CAUSE_TYPE,
    [TYPE_DONE]        = DRAY_CAUSE_TYPE,
    [TYPE_UNKNOWN]     = DRAY_CAUSE_TYPE,
    [STALE]            = DRAY_CAUSE_GENERATION,
    [UNALIGNED_SOURCE] = DRAY_CAUSE_ADDRESS,
    [UNALIGNED_LENGTH] = DRAY_CAUSE_LENGTH,
    [LINK_ZERO]        = DRAY_CAUSE_LENGTH,
    [GATE_READ]        = DRAY_CAUSE_FAULT,
    [GATE_WRITE]       = DRAY_CAUSE_FAULT,
};

void wrong_begin(struct wrong_bench *bench, void **state, unsigned latency)
{
    bench->engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = WRONG_OPEN });
    testing_fill(bench->engine, testing_seed());
    ring_start(&bench->ring, bench->engine, 0, WRONG_RING, 5);
    bench->others_done = 0;
    if (bench->engine->channels > 1) ring_start(&bench->other, bench->engine, 1, WRONG_RING + 0x8000, 5);
}

static void fault(struct wrong_bench *bench, enum memory_direction direction, uint64_t first, unsigned len_bytes, uint8_t resp)
{
    memory_fault_add(bench->engine->memory, &(struct memory_fault){ .direction = direction,
                                                                    .first = first,
                                                                    .last = first + len_bytes - 1u,
                                                                    .count = 1000,
                                                                    .resp = resp,
                                                                    .beat = MEMORY_BEATS_HIT });
}

// All descriptors, one of them wrong.
void wrong_put_all(struct wrong_bench *bench, unsigned bad, enum wrong wrong)
{
    for (unsigned i = 0; i < WRONG_COUNT; i++) {
        struct descriptor copy = { .source = wrong_source(i),
                                   .destination = wrong_target(i),
                                   .length = WRONG_LENGTH,
                                   .tag = 0x100 + i,
                                   .flags = DESCRIPTOR_WRITE_BACK };
        uint32_t slot = (uint32_t)ring_slot(&bench->ring, bench->ring.producer);
        memory_permit(bench->engine->memory, copy.destination, copy.length);
        if (i == bad)
            switch (wrong) {
            case FETCH_SLVERR: fault(bench, MEMORY_READ, slot, SLOT_BYTES, BUS_SLVERR); break;
            case FETCH_DECERR: fault(bench, MEMORY_READ, slot, SLOT_BYTES, BUS_DECERR); break;
            case READ_SLVERR: fault(bench, MEMORY_READ, copy.source, WRONG_LENGTH, BUS_SLVERR); break;
            case READ_DECERR: fault(bench, MEMORY_READ, copy.source, WRONG_LENGTH, BUS_DECERR); break;
            case READ_LAST_BEAT: fault(bench, MEMORY_READ, copy.source + WRONG_LENGTH - 1, 1, BUS_SLVERR); break;
            case WRITE_SLVERR: fault(bench, MEMORY_WRITE, copy.destination, WRONG_LENGTH, BUS_SLVERR); break;
            case WRITE_DECERR: fault(bench, MEMORY_WRITE, copy.destination, WRONG_LENGTH, BUS_DECERR); break;
            case BACK_SLVERR: fault(bench, MEMORY_WRITE, slot, SLOT_BYTES, BUS_SLVERR); break;
            case BACK_DECERR: fault(bench, MEMORY_WRITE, slot, SLOT_BYTES, BUS_DECERR); break;
            case LENGTH_ZERO: copy.length = 0; break;
            case TYPE_ZERO: copy.type = 0; break; // written below
            case TYPE_DONE: copy.type = DRAY_DESC_TYPE_DONE; break;
            case TYPE_UNKNOWN: copy.type = 5; break;
            case STALE: break; // written below
            case UNALIGNED_SOURCE: copy.source += 1; break;
            case UNALIGNED_LENGTH: copy.length += 1; break;
            case LINK_ZERO: copy.type = DRAY_DESC_TYPE_LINK, copy.length = 0; break;
            case GATE_READ: copy.source = 0x90000000; break;
            case GATE_WRITE: copy.destination = 0x90000000; break;
            }
        ring_put(&bench->ring, &copy);
        if (i != bad) continue;
        uint32_t control = memory_word(bench->engine->memory, slot + DRAY_DESCRIPTOR_CONTROL);
        if (wrong == TYPE_ZERO) memory_set_word(bench->engine->memory, slot + DRAY_DESCRIPTOR_CONTROL, control & ~7u);
        if (wrong == STALE)
            memory_set_word(bench->engine->memory, slot + DRAY_DESCRIPTOR_CONTROL,
                            control ^ DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK);
    }
}

void wrong_expect_bytes(struct wrong_bench *bench, unsigned i)
{
    assert_memory_equal(memory_at(bench->engine->memory, wrong_target(i), WRONG_LENGTH),
                        memory_at(bench->engine->memory, wrong_source(i), WRONG_LENGTH), WRONG_LENGTH);
}

void wrong_expect_target_kept(struct wrong_bench *bench, unsigned i)
{
    assert_memory_equal(memory_at(bench->engine->memory, wrong_target(i), WRONG_LENGTH),
                        memory_expected(bench->engine->memory, wrong_target(i), WRONG_LENGTH), WRONG_LENGTH);
}

void wrong_expect_copied(struct wrong_bench *bench, unsigned i)
{
    struct write_back back = ring_write_back(&bench->ring, ring_slot(&bench->ring, (uint16_t)i));
    if (back.type != DRAY_DESC_TYPE_DONE || back.cause != DRAY_CAUSE_NONE || back.moved != WRONG_LENGTH ||
        back.tag != 0x100 + i)
        fail_msg("descriptor %u: status type %u cause %u moved %u tag 0x%x", i, (unsigned)back.type, (unsigned)back.cause,
                 (unsigned)back.moved, (unsigned)back.tag);
    wrong_expect_bytes(bench, i);
}

void wrong_expect_untouched(struct wrong_bench *bench, unsigned i)
{
    wrong_expect_target_kept(bench, i);
    assert_int_equal(memory_word(bench->engine->memory, ring_slot(&bench->ring, (uint16_t)i) + DRAY_DESCRIPTOR_LENGTH),
                     WRONG_LENGTH);
}

// The other channel copies all along, and does not notice.
void wrong_other_put(struct wrong_bench *bench)
{
    if (bench->engine->channels < 2) return;
    for (unsigned i = 0; i < 8; i++, bench->others_done++) {
        uint32_t to = WRONG_OTHER + bench->others_done * 128;
        testing_expect_copy(bench->engine, WRONG_OTHER + 0x4000 + i * 128, to, 128);
        ring_put(&bench->other,
                 &(struct descriptor){ .source = WRONG_OTHER + 0x4000 + i * 128, .destination = to, .length = 128 });
    }
    ring_doorbell(&bench->other);
}

void wrong_other_check(struct wrong_bench *bench)
{
    if (bench->engine->channels < 2) return;
    ring_wait_empty(&bench->other, WRONG_LIMIT);
    assert_int_equal(engine_state(bench->engine, 1), DRAY_CHANNEL_STATE_RUNNING);
    assert_memory_equal(memory_at(bench->engine->memory, WRONG_OTHER, bench->others_done * 128),
                        memory_expected(bench->engine->memory, WRONG_OTHER, bench->others_done * 128),
                        bench->others_done * 128);
}

static bool is_late(enum wrong wrong)
{
    return wrong == WRITE_SLVERR || wrong == WRITE_DECERR || wrong == BACK_SLVERR || wrong == BACK_DECERR;
}

// One wrong descriptor at `bad`: HALTED, and everything before, at and behind it as it must be. @return NEXT.
unsigned wrong_expect_halt(struct wrong_bench *bench, unsigned bad, enum wrong wrong)
{
    engine_wait_state(bench->engine, 0, DRAY_CHANNEL_STATE_HALTED, WRONG_LIMIT);
    struct halt halt = ring_halt(&bench->ring);
    if (halt.cause != causes[wrong] || halt.failed != bad)
        fail_msg("case %d: failed %u with cause %u, expected %u with %u", (int)wrong, halt.failed, (unsigned)halt.cause, bad,
                 (unsigned)causes[wrong]);
    assert_int_equal(ring_consumer(&bench->ring), bad); // those before it have retired, all of them
    assert_int_equal(halt.failed_addr, ring_slot(&bench->ring, (uint16_t)bad));
    assert_int_equal(halt.next_addr, ring_slot(&bench->ring, halt.next));
    if (is_late(wrong)) assert_in_range(halt.next, bad + 1, WRONG_COUNT);
    else assert_int_equal(halt.next, bad + 1);
    assert_true(ring_interrupts(&bench->ring) & DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    assert_true(bench->engine->pins.channel_irq & 1);

    for (unsigned i = 0; i < bad; i++) wrong_expect_copied(bench, i);
    bool back_failed = wrong == BACK_SLVERR || wrong == BACK_DECERR;
    assert_int_equal(halt.moved, back_failed ? WRONG_LENGTH : halt.moved);
    assert_true(halt.moved <= WRONG_LENGTH);
    assert_memory_equal(memory_at(bench->engine->memory, wrong_target(bad), halt.moved),
                        memory_at(bench->engine->memory, wrong_source(bad), halt.moved), halt.moved);
    if (wrong != READ_LAST_BEAT && !back_failed) assert_int_equal(halt.moved, 0);
    if (!back_failed) {
        struct write_back back = ring_write_back(&bench->ring, halt.failed_addr);
        assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
        assert_int_equal(back.cause, causes[wrong]);
        assert_int_equal(back.moved, halt.moved);
        for (unsigned i = bad + 1; i < halt.next; i++) wrong_expect_copied(bench, i);
    }
    if (wrong == READ_SLVERR || wrong == READ_DECERR)
        wrong_expect_target_kept(bench, bad);
    for (unsigned i = halt.next; i < WRONG_COUNT; i++) wrong_expect_untouched(bench, i);
    assert_true(bench->engine->channels > 1 || engine_quiet(bench->engine, 250));
    return halt.next;
}
