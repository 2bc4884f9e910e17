/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fake_private.h"
#include "hal.h"
#include "host.h"
#include "soc.h"

struct fake fake;

static struct host_device engine_device;

/* ---- Engine -------------------------------------------------------------------------------------------------------- */

static void line_follow(void)
{
    bool high = false;
    if (fake.silent) return;
    for (unsigned i = 0; i < FAKE_CHANNELS; i++) high |= (fake.channels[i].irq_status & fake.channels[i].irq_enable) != 0u;
    host_irq_set(SOC_LINE_ENGINE, high);
}

void fake_raise(unsigned channel, uint32_t bits)
{
    fake.channels[channel].irq_status |= bits;
    line_follow();
}

static bool fetch(unsigned number, uint32_t at, uint32_t words[4])
{
    uint8_t bytes[16];
    for (uint32_t i = 0; i < 16u; i++) {
        if (!fake_access(number, (uint64_t)at + i, false, &bytes[i])) return false;
    }
    memcpy(words, bytes, sizeof bytes); /* little endian, as is every host of these tests */
    return true;
}

static void halt(struct fake_channel *channel, uint32_t cause, uint16_t index, uint32_t at, uint32_t moved, uint32_t slots)
{
    channel->state = DRAY_CHANNEL_STATE_HALTED;
    channel->failed = index | cause << DRAY_CHANNEL_FAILED_CAUSE_SHIFT;
    channel->failed_addr = at;
    channel->failed_moved = moved;
    channel->next = (uint16_t)(index + slots);
    channel->irq_status |= DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK;
}

static void write_back(unsigned number, uint32_t at, uint32_t moved, uint32_t status)
{
    uint8_t bytes[8];
    memcpy(bytes, &moved, 4);
    memcpy(bytes + 4, &status, 4);
    for (uint32_t i = 0; i < 8u; i++) assert_true(fake_access(number, (uint64_t)at + 8u + i, true, &bytes[i]));
}

static uint32_t one(unsigned number, uint16_t index, uint32_t at, uint32_t generation, uint32_t left);

/* In the ring a segment is one slot. @return false: the channel halted */
static bool segment(unsigned number, uint16_t index, uint32_t at, uint32_t count, uint32_t generation)
{
    for (uint32_t i = 0, taken; i < count; i += taken) {
        taken = one(number, index, at + 16u * i, generation, count - i);
        if (taken != 0u) continue;
        fake.channels[number].next = (uint16_t)(index + 1u);
        return false;
    }
    return true;
}

/* One descriptor, of the ring or of a segment; @p left slots are there for it. @return slots it has; 0: the channel halted */
static uint32_t one(unsigned number, uint16_t index, uint32_t at, uint32_t generation, uint32_t left)
{
    struct fake_channel *channel = &fake.channels[number];
    struct fake_descriptor descriptor = { 0 };
    uint32_t *words = descriptor.words, moved = 0, slots = 1, cause = DRAY_CAUSE_NONE;
    bool fetched = fetch(number, at, words), packet_end = false;

    fake.descriptors++;
    if (fetched && (words[3] & DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK) != 0u && left > 1u) {
        slots = 2;
        fetched = fetch(number, at + 16u, descriptor.second);
    }
    if (!fetched) cause = DRAY_CAUSE_FAULT;
    else if ((words[3] & DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK) != generation) cause = DRAY_CAUSE_GENERATION;
    else if (slots == 2u && (descriptor.second[3] & DRAY_SECOND_COUNT_GENERATION_MASK) != generation) cause = DRAY_CAUSE_GENERATION;
    else cause = fake_decode(number, &descriptor);
    if (cause == DRAY_CAUSE_NONE && (words[3] & DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK) == DRAY_DESC_TYPE_LINK) {
        return segment(number, index, words[0], words[2], generation) ? 1u : 0u;
    }
    if (cause == DRAY_CAUSE_NONE) cause = fake_move(number, &descriptor, &moved, &packet_end);

    if (cause != DRAY_CAUSE_NONE) halt(channel, cause, index, at, moved, slots);
    bool cyclic = (channel->control & DRAY_CHANNEL_CONTROL_CYCLIC_MASK) != 0u;
    if (fetched && !cyclic && (cause != DRAY_CAUSE_NONE || (words[3] & DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK) != 0u)) {
        write_back(number, at, moved, DRAY_DESC_TYPE_DONE | generation | cause << DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT
                                          | (packet_end ? DRAY_WRITE_BACK_STATUS_PACKET_END_MASK : 0u)
                                          | (words[3] & DRAY_DESCRIPTOR_CONTROL_TAG_MASK));
    }
    if (cause == DRAY_CAUSE_NONE && (words[3] & DRAY_DESCRIPTOR_CONTROL_IRQ_MASK) != 0u) channel->irq_status |= DRAY_CHANNEL_IRQ_STATUS_DONE_MASK;
    return cause == DRAY_CAUSE_NONE ? slots : 0u;
}

static bool step(unsigned number)
{
    struct fake_channel *channel = &fake.channels[number];
    bool cyclic = (channel->control & DRAY_CHANNEL_CONTROL_CYCLIC_MASK) != 0u;
    if (fake.hangs || channel->state != DRAY_CHANNEL_STATE_RUNNING || (!cyclic && channel->producer == channel->next)) return false;
    uint32_t slots = 1u << channel->ring_lg, slot = channel->next & (slots - 1u);
    /* Cyclic: the parity of the newest index below the producer that fell on the slot. */
    uint32_t newest = cyclic ? channel->producer - (slot >= (channel->producer & (slots - 1u)) ? slots : 0u) : channel->next;
    uint32_t generation = (newest & slots) == 0u ? DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK : 0u;
    uint16_t index = channel->next++;
    uint32_t taken = one(number, index, channel->ring_base + 16u * slot, generation, slots - slot);
    if (taken == 0u) return true;
    channel->consumer = channel->next = (uint16_t)(index + taken);
    return true;
}

unsigned fake_run(unsigned count)
{
    unsigned done = 0;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned number = 0; number < FAKE_CHANNELS; number++) done += step(number);
    }
    line_follow();
    (void)host_irq_poll();
    return done;
}

/* ---- Abort --------------------------------------------------------------------------------------------------------- */

/* The descriptor that was cut short: its first bytes are moved, and it counts as begun. */
static void cut_short(unsigned number, struct fake_channel *channel)
{
    uint32_t words[4], at = channel->ring_base + 16u * (channel->next & ((1u << channel->ring_lg) - 1u));
    assert_true(fetch(number, at, words) && fake.abort_moved < words[2]);
    for (uint32_t i = 0; i < fake.abort_moved; i++) {
        uint8_t byte;
        assert_true(fake_access(number, (uint64_t)words[0] + i, false, &byte));
        assert_true(fake_access(number, (uint64_t)words[1] + i, true, &byte));
    }
    channel->failed = channel->next | (uint32_t)DRAY_CAUSE_ABORTED << DRAY_CHANNEL_FAILED_CAUSE_SHIFT;
    channel->failed_addr = at;
    channel->failed_moved = fake.abort_moved;
    channel->consumer = channel->next++;
}

static void stopped(struct fake_channel *channel)
{
    if (fake.abort_moved != 0u && channel->producer != channel->next) cut_short((unsigned)(channel - fake.channels), channel);
    channel->state = DRAY_CHANNEL_STATE_STOPPED;
    channel->irq_status |= DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK;
}

static void paused(struct fake_channel *channel)
{
    channel->state = DRAY_CHANNEL_STATE_PAUSED;
    channel->irq_status |= DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK;
}

static uint32_t status_read(struct fake_channel *channel)
{
    if (channel->state == DRAY_CHANNEL_STATE_DRAINING && fake.pause_after != 0u) {
        if (--fake.pause_after == 0u) paused(channel);
    } else if (channel->state == DRAY_CHANNEL_STATE_DRAINING && fake.stop_after-- == 0u) stopped(channel);
    return channel->state | (fake.busy ? DRAY_CHANNEL_STATUS_BUSY_MASK : 0u);
}

/* ---- Registers ------------------------------------------------------------------------------------------------------ */

static uint32_t channel_read(struct fake_channel *channel, uint32_t offset)
{
    uint32_t value;
    if (fake_option_read((unsigned)(channel - fake.channels), offset, &value)) return value;
    switch (offset + 0x100u) {
    case DRAY_CHANNEL_CONTROL(0):    return channel->control;
    case DRAY_CHANNEL_STATUS(0):     return status_read(channel);
    case DRAY_CHANNEL_IRQ_STATUS(0): return channel->irq_status;
    case DRAY_CHANNEL_IRQ_ENABLE(0): return channel->irq_enable;
    case DRAY_CHANNEL_PRODUCER(0):   return channel->producer;
    case DRAY_CHANNEL_CONSUMER(0):   return channel->consumer;
    case DRAY_CHANNEL_FAILED(0):     return channel->failed;
    case DRAY_CHANNEL_FAILED_ADDR(0):  return channel->failed_addr;
    case DRAY_CHANNEL_FAILED_MOVED(0): return channel->failed_moved;
    case DRAY_CHANNEL_NEXT(0):       return channel->next;
    case DRAY_CHANNEL_NEXT_ADDR(0):  return channel->next_addr;
    default: return 0;
    }
}

static uint32_t engine_read(void *context, uint32_t offset)
{
    (void)context;
    if (fake.gone) return 0xffffffffu;
    if (offset >= 0x100u) {
        unsigned number = offset / 0x100u - 1u;
        return number < FAKE_CHANNELS ? channel_read(&fake.channels[number], offset % 0x100u) : 0u;
    }
    switch (offset) {
    case DRAY_ID:           return 0x44524159u;
    case DRAY_VERSION:      return 0x100u;
    case DRAY_CAPABILITIES: return 3u | fake.config.addr_bits << 8 | FAKE_CHANNELS << 16 | 12u << 24;
    case DRAY_FEATURES:     return fake_features();
    case DRAY_IRQ_SUMMARY: {
        uint32_t bits = 0;
        for (unsigned i = 0; i < FAKE_CHANNELS; i++) {
            if ((fake.channels[i].irq_status & fake.channels[i].irq_enable) != 0u) bits |= 1u << i;
        }
        return bits;
    }
    default: return 0;
    }
}

static void command(struct fake_channel *channel, uint32_t bits)
{
    bool rests = channel->state >= DRAY_CHANNEL_STATE_HALTED;
    if ((bits & DRAY_CHANNEL_COMMAND_ABORT_MASK) != 0u && channel->state == DRAY_CHANNEL_STATE_RUNNING) {
        channel->state = DRAY_CHANNEL_STATE_DRAINING;
        if (fake.stop_after == 0u) stopped(channel);
    }
    if ((bits & DRAY_CHANNEL_COMMAND_END_PERIOD_MASK) != 0u && channel->state == DRAY_CHANNEL_STATE_RUNNING) stopped(channel);
    if ((bits & DRAY_CHANNEL_COMMAND_PAUSE_MASK) != 0u && channel->state == DRAY_CHANNEL_STATE_RUNNING) {
        channel->state = DRAY_CHANNEL_STATE_DRAINING;
        if (fake.pause_after == 0u) paused(channel);
    }
    if (!rests) return;
    if ((bits & DRAY_CHANNEL_COMMAND_SKIP_MASK) != 0u) channel->next++;
    if ((bits & DRAY_CHANNEL_COMMAND_DROP_MASK) != 0u) channel->next = channel->producer;
    if ((bits & DRAY_CHANNEL_COMMAND_RESUME_MASK) != 0u) channel->state = DRAY_CHANNEL_STATE_RUNNING;
    channel->consumer = channel->next;
}

static void channel_write(struct fake_channel *channel, uint32_t offset, uint32_t value)
{
    if (fake_option_write((unsigned)(channel - fake.channels), offset, value)) return;
    switch (offset + 0x100u) {
    case DRAY_CHANNEL_CONTROL(0):
        channel->control = value;
        if ((value & 1u) == 0u) {
            channel->state = DRAY_CHANNEL_STATE_OFF;
            channel->producer = channel->consumer = channel->next = 0;
        } else if (channel->state == DRAY_CHANNEL_STATE_OFF) {
            channel->state = DRAY_CHANNEL_STATE_RUNNING;
        }
        return;
    case DRAY_CHANNEL_COMMAND(0):    command(channel, value); return;
    case DRAY_CHANNEL_IRQ_STATUS(0): channel->irq_status &= ~value; return;
    case DRAY_CHANNEL_IRQ_ENABLE(0): channel->irq_enable = value; return;
    case DRAY_CHANNEL_RING_BASE(0):  channel->ring_base = value; return;
    case DRAY_CHANNEL_RING_SIZE(0):  channel->ring_lg = value; return;
    case DRAY_CHANNEL_PRODUCER(0):
        assert_true(fake.fresh); /* what the engine now fetches has to be in memory */
        fake.fresh = false;
        fake.doorbells++;
        channel->producer = (uint16_t)value;
        return;
    default: fail_msg("engine: a store to channel register 0x%x", (unsigned)offset);
    }
}

static void engine_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    if (fake.gone) return;
    if (offset == DRAY_SCRATCH) return;
    if (offset == DRAY_WATCHDOG && (fake.config.absent & DRAY_FEATURES_WATCHDOG_MASK) == 0u) {
        fake.watchdog = value;
        return;
    }
    unsigned number = offset / 0x100u - 1u;
    assert_true(offset >= 0x100u && number < FAKE_CHANNELS);
    channel_write(&fake.channels[number], offset % 0x100u, value);
    bool cyclic = (fake.channels[number].control & DRAY_CHANNEL_CONTROL_CYCLIC_MASK) != 0u;
    while (!fake.slow && !cyclic && step(number)) { }
    line_follow();
}

static void published(void *context)
{
    (void)context;
    fake.published++;
    fake.fresh = true;
}

void fake_slow(bool slow)
{
    fake.slow = slow;
}

void fake_fail(int after, uint32_t cause, uint32_t moved)
{
    fake.fail_in = after;
    fake.fail_cause = cause;
    fake.fail_moved = moved;
}

void fake_begin(const struct fake_config *config)
{
    memset(&fake, 0, sizeof fake);
    fake.config = *config;
    fake.fail_in = -1;
    if (fake.config.window == 0u) fake.config.window = FAKE_WINDOW;
    if (fake.config.addr_bits == 0u) fake.config.addr_bits = 32u;
    host_device_attach(&engine_device, SOC_ENGINE, 0x1000u, engine_read, engine_write, NULL);
    fake_gate_begin();
    host_on_publish(published, NULL);
}
