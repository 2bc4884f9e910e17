/* SPDX-License-Identifier: Apache-2.0 */
/** @file dray_fixture.h  The native driver alone over the fake engine: rings in plain host memory, every frame open. */
#ifndef DRAY_FIXTURE_H
#define DRAY_FIXTURE_H

#include "fixture.h"

#include "dray.h"
#include "fake.h"

#define RING_BUS   (SOC_BUS_HOST + 0x4000u)
#define LIST_BUS   (SOC_BUS_HOST + 0x8000u)
#define SOURCE_BUS (SOC_BUS_HOST + 0x10000u)
#define TARGET_BUS (SOC_BUS_HOST + 0x20000u)
#define SLOTS      8u

static struct dray         engine;
static struct dray_channel channel;

static inline struct dray_ring ring_of(uint32_t slots)
{
    return (struct dray_ring){ .slots = cache_uncached(RING_BUS), .bus = RING_BUS, .slot_count = slots, .spare = true };
}

static inline int begin_with_options(const struct fake_config *config, unsigned number, const struct dray_channel_options *options)
{
    fixture_begin(NULL);
    fake_begin(config);
    fake.no_posting = true; /* what the engine writes is looked at through the host's pointer */
    memset(fake.guard, 3, sizeof fake.guard);
    fixture_fill(host_memory(SOURCE_BUS, 4096), 4096, 1);
    assert_int_equal(dray_init(&engine, SOC_ENGINE), DRAY_OK);
    struct dray_ring ring = ring_of(SLOTS);
    assert_int_equal(dray_channel_open_with(&channel, &engine, number, &ring, options), DRAY_OK);
    return 0;
}

static inline int begin_with(const struct fake_config *config)
{
    return begin_with_options(config, 0, &(struct dray_channel_options){ 0 });
}

static inline int begin(void **state)
{
    (void)state;
    return begin_with(&(struct fake_config){ 0 });
}

static inline struct dray_job job(uint32_t offset, uint32_t length, uint32_t flags)
{
    struct dray_job copy = dray_copy(SOURCE_BUS + offset, TARGET_BUS + offset, length);
    copy.flags = flags;
    copy.tag = (uint16_t)(offset & DRAY_TAG_MAX);
    return copy;
}

static inline void assert_moved(uint32_t offset, uint32_t length)
{
    assert_memory_equal(host_memory(TARGET_BUS + offset, length), host_memory(SOURCE_BUS + offset, length), length);
}

#define dray_test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

#endif
