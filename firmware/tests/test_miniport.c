/* SPDX-License-Identifier: Apache-2.0 */
/* The miniport over the whole stack: every request moves every byte, and the client is told once. */
#include "miniport_fixture.h"

static void assert_told(const struct miniport_request *request, enum miniport_status status, uint32_t moved)
{
    assert_int_equal((uintptr_t)request->context, 1);
    assert_string_equal(miniport_status_name(request->status), miniport_status_name(status));
    assert_int_equal(request->moved_bytes, moved);
}

static void PRT_01_a_request_of_many_packets_moves_every_byte(void **state)
{
    (void)state;
    static struct miniport_request request;
    client_fill(100, 30 * PAGE, 1);
    request = request_of(100, 30 * PAGE, 33, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    assert_told(&request, MINIPORT_OK, 30 * PAGE);
    assert_frame_is(33, 30 * PAGE, 1);
    assert_int_equal(miniport.counts.packets, 4);
    assert_no_violation();
}

static void PRT_06_and_back_again_from_the_frame_buffer(void **state)
{
    (void)state;
    static struct miniport_request request;
    fixture_fill(host_memory(SOC_BUS_DEVICE + 5u, 20 * PAGE), 20 * PAGE, 2);
    client_fill(0, 22 * PAGE, 9);
    request = request_of(PAGE - 1u, 20 * PAGE, 5, MINIPORT_FROM_FRAME_BUFFER);
    submit(&request);
    assert_told(&request, MINIPORT_OK, 20 * PAGE);
    assert_client_is(PAGE - 1u, 20 * PAGE, 2);
    uint8_t before, after;
    assert_int_equal(memory_client_read(client, buffer + PAGE - 2u, &before, 1), MEMORY_OK);
    assert_int_equal(memory_client_read(client, buffer + 21 * PAGE - 1u, &after, 1), MEMORY_OK);
    assert_int_equal(before, fixture_byte(9, PAGE - 2u));
    assert_int_equal(after, fixture_byte(9, 21 * PAGE - 1u));
}

static void PRT_01_every_offset_and_small_length_in_both_directions(void **state)
{
    (void)state;
    static struct miniport_request request;
    for (uint32_t offset = PAGE - 9u; offset < PAGE + 3u; offset++) {
        for (uint32_t length = 1; length < 24; length += 3) {
            client_fill(0, 2 * PAGE, offset);
            request = request_of(offset, length, offset % 7u, MINIPORT_TO_FRAME_BUFFER);
            submit(&request);
            assert_told(&request, MINIPORT_OK, length);
            const uint8_t *frame = host_memory(SOC_BUS_DEVICE + offset % 7u, length);
            for (uint32_t i = 0; i < length; i++) assert_int_equal(frame[i], fixture_byte(offset, offset + i));
            client_fill(0, 2 * PAGE, 0);
            request = request_of(offset, length, offset % 7u, MINIPORT_FROM_FRAME_BUFFER);
            submit(&request);
            uint8_t got[24];
            assert_int_equal(memory_client_read(client, buffer + offset, got, length), MEMORY_OK);
            assert_memory_equal(got, frame, length);
        }
    }
}

static void EXE_08_an_engine_that_is_done_at_the_doorbell_is_no_surprise(void **state)
{
    (void)state;
    static struct miniport_request request;
    client_fill(0, 10 * PAGE, 3);
    request = request_of(0, 10 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request); /* the fake raises its line inside the doorbell: ISR, DPC and all before this returns */
    assert_told(&request, MINIPORT_OK, 10 * PAGE);
    assert_frame_is(0, 10 * PAGE, 3);
}

static void L5_an_idle_engine_between_two_packets_is_not_a_finished_request(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    client_fill(0, 20 * PAGE, 3);
    request = request_of(0, 20 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    assert_int_equal(told_count, 0);
    unsigned idle = 0;
    while (told_count == 0u) {
        unsigned before = miniport.counts.packets;
        fake_run(1);
        if (miniport.counts.packets != before) {
            idle++;
            assert_int_equal(told_count, 0);
        }
    }
    assert_int_equal(idle, 2);
    assert_told(&request, MINIPORT_OK, 20 * PAGE);
}

static void PRT_07_requests_are_told_once_each_and_in_order(void **state)
{
    (void)state;
    static struct miniport_request requests[5];
    fake_slow(true);
    for (uint32_t i = 0; i < 5u; i++) {
        client_fill(i * 3 * PAGE, 3 * PAGE, i + 1u);
        requests[i] = request_of(i * 3 * PAGE, 3 * PAGE, i * 3 * PAGE, MINIPORT_TO_FRAME_BUFFER);
        submit(&requests[i]);
    }
    for (unsigned done = 0; done < 5u;) {
        fake_run(1);
        assert_true(told_count <= done + 1u);
        if (told_count == done + 1u) assert_told(&requests[done++], MINIPORT_OK, 3 * PAGE);
    }
    for (uint32_t i = 0; i < 5u; i++) assert_frame_is(i * 3 * PAGE, 3 * PAGE, i + 1u);
    assert_int_equal(told_count, 5);
}

static void STA_21_with_depth_four_several_packets_stand_in_the_ring(void **state)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    (void)state;
    miniport_begin_with(&(struct miniport_config){ .packet_bytes_max = 2 * PAGE, .depth = 4 });
    static struct miniport_request request;
    fake_slow(true);
    client_fill(7, 30 * PAGE, 6);
    request = request_of(7, 30 * PAGE, 1, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    assert_int_equal(miniport.count, 4);
    assert_int_equal(fake.doorbells, 4);
    while (told_count == 0u) assert_true(fake_run(1) != 0u);
    assert_told(&request, MINIPORT_OK, 30 * PAGE);
    assert_frame_is(1, 30 * PAGE, 6);
}

static void DD_01_through_the_window_it_is_the_same_picture(void **state)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    (void)state;
    for (uint32_t depth = 1; depth <= 2; depth++) {
        miniport_begin_with(&(struct miniport_config){ .packet_bytes_max = 8 * PAGE, .depth = depth, .one_element = true });
        static struct miniport_request request;
        client_fill(3, 30 * PAGE, 8);
        request = request_of(3, 30 * PAGE, 11, MINIPORT_TO_FRAME_BUFFER);
        submit(&request);
        assert_told(&request, MINIPORT_OK, 30 * PAGE);
        assert_frame_is(11, 30 * PAGE, 8);
        memset(host_memory(SOC_BUS_DEVICE, 64), 0x3c, 64);
        request = request_of(30, 64, 0, MINIPORT_FROM_FRAME_BUFFER);
        submit(&request);
        uint8_t got[64];
        assert_int_equal(memory_client_read(client, buffer + 30u, got, 64), MEMORY_OK);
        for (unsigned i = 0; i < 64; i++) assert_int_equal(got[i], 0x3c);
        if (depth == 1u) {
            assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
            assert_int_equal(memory_client_destroy(client), MEMORY_OK);
        }
    }
}

static void CMB_02_two_registers_beside_the_ring_still_move_everything(void **state)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    (void)state;
    miniport_begin_with(&(struct miniport_config){ .packet_bytes_max = 8 * PAGE, .map_registers = 3, .depth = 3 });
    static struct miniport_request request;
    fake_slow(true);
    client_fill(PAGE / 2, 9 * PAGE, 8);
    request = request_of(PAGE / 2, 9 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    assert_int_equal(miniport.count, 2); /* one runs, one waits for registers in the port */
    while (told_count == 0u) assert_true(fake_run(1) != 0u);
    assert_told(&request, MINIPORT_OK, 9 * PAGE);
    assert_frame_is(0, 9 * PAGE, 8);
}

static void LCK_04_pages_do_not_move_under_a_request(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    client_fill(0, 20 * PAGE, 5);
    (void)memory_steal(); /* everything out: lock has to bring it in */
    request = request_of(0, 20 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    while (told_count == 0u) {
        (void)memory_steal();
        fake_run(1);
    }
    assert_frame_is(0, 20 * PAGE, 5);
    assert_int_equal(memory_use().pins, 0);
}

static void ADP_03_the_screen_runs_beside_the_copy(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    assert_int_equal(miniport_screen_off(&miniport), MINIPORT_ERR_STATE);
    assert_int_equal(miniport_screen_on(&miniport, 0, FRAME_BYTES + 1u), MINIPORT_ERR_ARGUMENT);
    assert_int_equal(miniport_screen_on(&miniport, 256, 1000), MINIPORT_OK);
    assert_int_equal(miniport_screen_on(&miniport, 256, 1000), MINIPORT_ERR_STATE);
    client_fill(0, 3 * PAGE, 4);
    request = request_of(0, 3 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    while (told_count == 0u) fake_run(1);
    assert_told(&request, MINIPORT_OK, 3 * PAGE);
    assert_true(fake.channels[1].streamed >= 2000u);
    assert_int_equal(fake.channels[1].streamed % 1000u, 0);
    assert_int_equal(miniport_release(&miniport), MINIPORT_ERR_STATE);
    assert_int_equal(miniport_screen_off(&miniport), MINIPORT_OK);
}

/* ---- Interrupts ---------------------------------------------------------------------------------------------------- */

static void ISR_01_an_interrupt_that_is_not_mine_touches_nothing(void **state)
{
    (void)state;
    unsigned interrupts = miniport.counts.interrupts;
    host_irq_set(SOC_LINE_ENGINE, true);
    for (unsigned i = 0; i < 3; i++) (void)host_accesses();
    host_irq_poll();
    host_irq_set(SOC_LINE_ENGINE, false);
    assert_int_equal(miniport.counts.interrupts, interrupts);
    assert_int_equal(miniport.counts.dpcs, 0);
    assert_true(miniport.counts.not_mine > 0u);
}

static void ISR_02_each_event_is_one_interrupt_and_no_storm(void **state)
{
    (void)state;
    static struct miniport_request request;
    request = request_of(0, 8 * PAGE - 8u, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    assert_int_equal(miniport.counts.interrupts, 1);
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), 0);
    assert_int_equal(fake.channels[0].irq_status, 0);
}

static void DPC_04_one_dpc_serves_everything_that_finished(void **state)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    (void)state;
    miniport_begin_with(&(struct miniport_config){ .packet_bytes_max = PAGE, .depth = 4 });
    static struct miniport_request request;
    fake_slow(true);
    request = request_of(0, 4 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    enum irql old = irql_raise(IRQL_DISPATCH);
    for (unsigned i = 0; i < 4; i++) fake_run(1); /* four interrupts, and the DPC cannot run */
    assert_int_equal(miniport.counts.interrupts, 4);
    assert_int_equal(miniport.counts.dpc_merged, 3); /* DPC-05: FALSE, and nothing is lost */
    irql_lower(old);
    assert_int_equal(miniport.counts.dpcs, 1);
    assert_told(&request, MINIPORT_OK, 4 * PAGE);
}

static void DPC_06_a_dpc_with_nothing_to_do_does_nothing(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_raise(0, DRAY_IRQ_DONE); /* SUP-04: done without a start */
    host_irq_poll();
    assert_int_equal(miniport.counts.dpcs_empty, 1);
    fake_slow(true);
    request = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    fake_raise(0, DRAY_IRQ_DONE);
    host_irq_poll();
    assert_int_equal(told_count, 0);
    while (told_count == 0u) fake_run(1);
    assert_told(&request, MINIPORT_OK, PAGE);
}

static void ISR_06_registers_of_all_ones_are_not_a_status(void **state)
{
    (void)state;
    static struct miniport_request request, later;
    fake_slow(true);
    request = request_of(0, 3 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    later = request;
    submit(&request);
    fake.gone = true;
    host_irq_set(SOC_LINE_ENGINE, true);
    host_irq_poll();
    host_irq_set(SOC_LINE_ENGINE, false);
    assert_told(&request, MINIPORT_ERR_GONE, 0);
    assert_int_equal(miniport_submit(&miniport, &later), MINIPORT_ERR_GONE);
    assert_null(later.context);
    assert_int_equal(fake_open_frames() != 0u, 1); /* ring and frame buffer, until release */
    fake.gone = false;
}

static void PRT_07_a_request_that_is_refused_is_never_told(void **state)
{
    (void)state;
    static struct miniport_request bad[4];
    bad[0] = request_of(0, 0, 0, MINIPORT_TO_FRAME_BUFFER);
    bad[1] = request_of(0, 16, FRAME_BYTES - 15u, MINIPORT_TO_FRAME_BUFFER);
    bad[2] = request_of(0, 16, FRAME_BYTES, MINIPORT_TO_FRAME_BUFFER);
    bad[3] = request_of(CLIENT_PAGES * PAGE - 8u, 16, 0, MINIPORT_TO_FRAME_BUFFER);
    for (unsigned i = 0; i < 3; i++) assert_int_equal(miniport_submit(&miniport, &bad[i]), MINIPORT_ERR_ARGUMENT);
    assert_int_equal(miniport_submit(&miniport, &bad[3]), MINIPORT_ERR_LOCK);
    assert_int_equal(told_count, 0);
    assert_no_violation();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        miniport_test(PRT_01_a_request_of_many_packets_moves_every_byte),
        miniport_test(PRT_06_and_back_again_from_the_frame_buffer),
        miniport_test(PRT_01_every_offset_and_small_length_in_both_directions),
        miniport_test(EXE_08_an_engine_that_is_done_at_the_doorbell_is_no_surprise),
        miniport_test(L5_an_idle_engine_between_two_packets_is_not_a_finished_request),
        miniport_test(PRT_07_requests_are_told_once_each_and_in_order),
        miniport_test(STA_21_with_depth_four_several_packets_stand_in_the_ring),
        miniport_test(DD_01_through_the_window_it_is_the_same_picture),
        miniport_test(CMB_02_two_registers_beside_the_ring_still_move_everything),
        miniport_test(LCK_04_pages_do_not_move_under_a_request),
        miniport_test(ADP_03_the_screen_runs_beside_the_copy),
        miniport_test(ISR_01_an_interrupt_that_is_not_mine_touches_nothing),
        miniport_test(ISR_02_each_event_is_one_interrupt_and_no_storm),
        miniport_test(DPC_04_one_dpc_serves_everything_that_finished),
        miniport_test(DPC_06_a_dpc_with_nothing_to_do_does_nothing),
        miniport_test(ISR_06_registers_of_all_ones_are_not_a_status),
        miniport_test(PRT_07_a_request_that_is_refused_is_never_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
