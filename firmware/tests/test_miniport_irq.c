/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt and DPC of the miniport: what they cost, and what they make of odd events. */
#include "miniport_fixture.h"

static void ISR_04_events_of_two_channels_add_up_until_the_dpc_takes_them(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    assert_int_equal(miniport_screen_on(&miniport, 0, 100), MINIPORT_OK);
    request = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    enum irql old = irql_raise(IRQL_DISPATCH);
    fake_fail(1, DRAY_CAUSE_READ_SLVERR, 0); /* the copy's descriptor is good, the screen's is the next */
    unsigned before = miniport.counts.interrupts;
    fake_run(1);
    fake_raise(0, DRAY_IRQ_DONE); /* a second interrupt, of the copy alone */
    host_irq_poll();
    assert_true(miniport.counts.interrupts >= before + 2u);
    assert_int_equal(told_count, 0);
    irql_lower(old); /* one DPC sees what both said */
    assert_int_equal(miniport.counts.dpcs, 1);
    assert_int_equal(told_count, 1);
    assert_int_equal(miniport_screen_status(&miniport), MINIPORT_ERR_DEVICE);
    assert_int_equal(miniport_screen_off(&miniport), MINIPORT_OK);
}

static void ISR_05_a_channel_that_is_off_does_not_interrupt(void **state)
{
    (void)state;
    struct dray_channel *copy = &miniport.copy;
    unsigned interrupts = miniport.counts.interrupts;
    assert_int_equal(dray_channel_close(copy, 10), DRAY_OK);
    fake_raise(0, DRAY_IRQ_ALL);
    host_irq_poll();
    assert_int_equal(miniport.counts.interrupts, interrupts);
    assert_int_equal(miniport.counts.not_mine, 0); /* nobody was even asked: the line stayed low */
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), 0);
}

static void HW_08_a_packet_of_many_elements_is_one_interrupt(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    request = request_of(0, 16 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    run_to_the_end(&request);
    assert_int_equal(request.elements, 16);
    assert_int_equal(miniport.counts.packets, 2);
    assert_int_equal(miniport.counts.interrupts, 2);
}

/* The line rises for a moment and has fallen when somebody looks: the summary reads zero. */
static bool pulsing;

static uint32_t summary_read(void *context, uint32_t offset)
{
    (void)context;
    (void)offset;
    uint32_t bits = 0;
    for (unsigned i = 0; i < FAKE_CHANNELS; i++) bits |= (fake.channels[i].irq_status & fake.channels[i].irq_enable) != 0u ? 1u << i : 0u;
    if (pulsing && bits == 0u) host_irq_set(SOC_LINE_ENGINE, false);
    pulsing = false;
    return bits;
}

static void summary_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    (void)offset;
    (void)value;
}

static void SUP_03_a_spurious_interrupt_is_refused_and_counted(void **state)
{
    (void)state;
    static struct miniport_request request;
    static struct host_device summary;
    host_device_attach(&summary, SOC_ENGINE + DRAY_IRQ_SUMMARY, 4, summary_read, summary_write, NULL);
    fake_slow(true);
    client_fill(0, 12 * PAGE, 4);
    request = request_of(0, 12 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    for (unsigned pulse = 1; pulse <= 12u; pulse++) {
        pulsing = true;
        host_irq_set(SOC_LINE_ENGINE, true);
        host_irq_poll();
        assert_int_equal(miniport.counts.not_mine, pulse);
        assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), pulse);
        fake_run(1);
    }
    assert_int_equal(request.moved_bytes, 12 * PAGE);
    assert_int_equal(told_count, 1);
    assert_frame_is(0, 12 * PAGE, 4);
}

static void SUP_04_done_without_a_start_or_twice_is_ignored(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_raise(0, DRAY_IRQ_DONE);
    host_irq_poll();
    assert_int_equal(told_count, 0);
    fake_slow(true);
    client_fill(0, 9 * PAGE, 6);
    request = request_of(0, 9 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    for (unsigned i = 0; i < 9u; i++) {
        fake_raise(0, DRAY_IRQ_DONE);
        host_irq_poll();
        fake_run(1);
    }
    fake_raise(0, DRAY_IRQ_DONE);
    host_irq_poll();
    assert_int_equal(told_count, 1);
    assert_int_equal(request.moved_bytes, 9 * PAGE);
    assert_frame_is(0, 9 * PAGE, 6);
}

/* An event in the cycle between the reading of the status and the write that acknowledges it. */
static bool late_event;

static uint32_t status_read(void *context, uint32_t offset)
{
    (void)context;
    (void)offset;
    uint32_t bits = fake.channels[0].irq_status;
    if (late_event) fake.channels[0].irq_status |= DRAY_IRQ_STOPPED;
    late_event = false;
    return bits;
}

static void status_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    (void)offset;
    fake.channels[0].irq_status &= ~value;
}

static void ISR_07_an_event_between_the_reading_and_the_acknowledge_is_not_lost(void **state)
{
    (void)state;
    static struct host_device status;
    host_device_attach(&status, SOC_ENGINE + DRAY_CHANNEL_IRQ_STATUS(0), 4, status_read, status_write, NULL);
    enum irql old = irql_raise(IRQL_DEVICE);
    fake_raise(0, DRAY_IRQ_DONE);
    late_event = true;
    assert_int_equal(dray_irq_take(&miniport.copy), DRAY_IRQ_DONE);
    assert_int_equal(dray_irq_take(&miniport.copy), DRAY_IRQ_STOPPED);
    assert_int_equal(dray_irq_take(&miniport.copy), 0);
    fake_raise(0, 0);
    irql_lower(old);
}

/* ---- DPC ----------------------------------------------------------------------------------------------------------- */

static void DPC_05_an_event_whose_dpc_is_queued_already_is_not_lost(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    client_fill(0, PAGE, 3);
    request = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    enum irql old = irql_raise(IRQL_DISPATCH);
    fake_raise(0, DRAY_IRQ_DONE); /* nothing: but its DPC now stands in the queue */
    host_irq_poll();
    assert_int_equal(miniport.counts.dpc_merged, 0);
    fake_run(1);
    assert_int_equal(miniport.counts.dpc_merged, 1); /* FALSE */
    assert_int_equal(told_count, 0);
    irql_lower(old);
    assert_int_equal(told_count, 1);
    assert_frame_is(0, PAGE, 3);
}

static void again_with(const struct miniport_config *config)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    miniport_begin_with(config);
}

/* The trace has the time of each; on the host time is accesses to registers, which are what a DPC spends it on. */
static void QDP_02_QDP_03_a_dpc_is_short_whatever_it_serves_and_its_time_is_recorded(void **state)
{
    (void)state;
    static struct miniport_request request;
    again_with(&(struct miniport_config){ .packet_bytes_max = PAGE, .depth = 4 });
    fake_slow(true);
    request = request_of(0, 12 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    unsigned dpcs = 0, returns = 0;
    uint32_t most = 0;
    for (unsigned round = 0; round < 3u; round++) {
        enum irql old = irql_raise(IRQL_DISPATCH);
        for (unsigned i = 0; i < 4; i++) fake_run(1);
        struct host_accesses before = host_accesses();
        irql_lower(old);
        struct host_accesses after = host_accesses();
        uint32_t spent = after.reads - before.reads + after.writes - before.writes;
        if (spent > most) most = spent;
    }
    assert_true(most > 0u && most <= 4u * 12u); /* four packets, each closed, waited for, and followed by the next */
    uint64_t begun = 0;
    for (size_t i = 0; i < host_trace_count(); i++) {
        const struct host_record *record = host_trace_at(i);
        if (record->event == TRACE_DPC) begun = record->cycle;
        dpcs += record->event == TRACE_DPC;
        if (record->event != TRACE_DPC_RETURN) continue;
        returns++;
        assert_true(record->cycle - begun < 100u);
    }
    assert_true(dpcs >= 3u);
    assert_int_equal(dpcs, returns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        miniport_test(ISR_04_events_of_two_channels_add_up_until_the_dpc_takes_them),
        miniport_test(ISR_05_a_channel_that_is_off_does_not_interrupt),
        miniport_test(HW_08_a_packet_of_many_elements_is_one_interrupt),
        miniport_test(SUP_03_a_spurious_interrupt_is_refused_and_counted),
        miniport_test(SUP_04_done_without_a_start_or_twice_is_ignored),
        miniport_test(ISR_07_an_event_between_the_reading_and_the_acknowledge_is_not_lost),
        miniport_test(DPC_05_an_event_whose_dpc_is_queued_already_is_not_lost),
        miniport_test(QDP_02_QDP_03_a_dpc_is_short_whatever_it_serves_and_its_time_is_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
