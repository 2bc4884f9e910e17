/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of the engine as the miniport answers them: real counts, everything completed, the client told once. */
#include "miniport_fixture.h"

#define LENGTH (20u * PAGE)

static int begin_deep(void **state)
{
    (void)state;
    return miniport_begin_with(&(struct miniport_config){ .packet_bytes_max = 4 * PAGE, .depth = 3 });
}

static void submit_and_wait(struct miniport_request *request)
{
    submit(request);
    run_to_the_end(request);
}

/* Descriptor n fails after some bytes; frames are scattered, so a descriptor is a page. */
static void error_at(unsigned descriptor, uint32_t bytes, uint32_t cause, enum dray_status status)
{
    static struct miniport_request bad, good;
    memset(host_memory(SOC_BUS_DEVICE, LENGTH), 0x11, LENGTH);
    client_fill(0, LENGTH, 3);
    fake_fail((int)descriptor, cause, bytes);
    bad = request_of(0, LENGTH, 0, MINIPORT_TO_FRAME_BUFFER);
    submit_and_wait(&bad);
    assert_string_equal(miniport_status_name(bad.status), miniport_status_name(MINIPORT_ERR_DEVICE));
    assert_string_equal(dray_status_name(bad.cause), dray_status_name(status));
    uint32_t moved = descriptor * PAGE + bytes;
    assert_int_equal(bad.moved_bytes, moved); /* PRT-05 */
    assert_frame_is(0, moved, 3);
    for (uint32_t i = moved; i < LENGTH; i++) assert_int_equal(*host_memory(SOC_BUS_DEVICE + i, 1), 0x11); /* ERR-02 */

    VP_ADAPTER_INFORMATION found; /* ERR-06: reset before the client was told */
    assert_true(VpQueryAdapter(&miniport, miniport.copy_adapter, &found));
    assert_false(found.Faulted);

    /* The next one needs no reset of anything else. */
    client_fill(0, LENGTH, 4);
    good = request_of(0, LENGTH, 0, MINIPORT_TO_FRAME_BUFFER);
    submit_and_wait(&good);
    assert_int_equal(good.status, MINIPORT_OK);
    assert_int_equal(good.moved_bytes, LENGTH);
    assert_frame_is(0, LENGTH, 4);
    assert_int_equal(memory_use().pins, 0);
    assert_no_violation();
}

static void sweep(void)
{
    fake_slow(true);
    for (unsigned descriptor = 0; descriptor < LENGTH / PAGE; descriptor++) {
        error_at(descriptor, descriptor * 7u % PAGE, DRAY_CAUSE_WRITE_SLVERR, DRAY_ERR_WRITE_SLVERR);
    }
}

static void PRT_05_the_total_is_what_really_moved_wherever_the_error_is(void **state)
{
    (void)state;
    sweep();
}

static void PRT_05_and_with_three_packets_in_the_ring(void **state)
{
    (void)state;
    sweep();
}

static void ERR_09_an_error_at_the_doorbell_runs_down_as_well(void **state)
{
    (void)state;
    for (unsigned descriptor = 0; descriptor < 9u; descriptor++) error_at(descriptor, 5, DRAY_CAUSE_READ_DECERR, DRAY_ERR_READ_DECERR);
}

static void ERR_05_a_refusal_of_the_gate_fails_the_request_and_is_recorded(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    client_fill(0, 4 * PAGE, 3);
    request = request_of(0, 4 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
    uint32_t frame = memory_client_page(client, buffer + PAGE).frame;
    fake.guard[0][frame] = 0; /* closed behind the driver's back */
    while ((uintptr_t)request.context == 0u) assert_true(fake_run(1) != 0u);
    assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
    assert_int_equal(request.cause, DRAY_ERR_FAULT);
    assert_int_equal(request.moved_bytes, PAGE);
    VP_ADAPTER_INFORMATION found; /* the engine's record and the gate's agree */
    assert_true(VpQueryAdapter(&miniport, miniport.copy_adapter, &found));
    assert_int_equal(found.FaultAddress.QuadPart, memory_frame_bus(frame));
    assert_int_equal(found.FaultCause, DRAY_GATE_FAULT_CAUSE_DIRECTION);
    assert_false(found.FaultWrite);
    assert_no_violation(); /* it had a packet, so it was no stray */
}

static void EXE_06_what_cannot_be_programmed_is_completed_and_fails(void **state)
{
    (void)state;
    static struct miniport_request request, next;
    miniport.engine.addr_bits = 20; /* the native driver now refuses every address */
    request = request_of(0, 2 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    unsigned doorbells = fake.doorbells;
    assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
    assert_int_equal((uintptr_t)request.context, 1);
    assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
    assert_int_equal(request.moved_bytes, 0);
    assert_int_equal(fake.doorbells, doorbells);
    bool said = false;
    for (size_t i = 0; i < host_trace_count(); i++) said |= host_trace_at(i)->event == TRACE_STATUS; /* EXE-07 */
    assert_true(said);
    miniport.engine.addr_bits = 32;
    next = request_of(0, 2 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit_and_wait(&next);
    assert_int_equal(next.status, MINIPORT_OK);
}

static void PRT_07_a_failing_request_does_not_hurt_those_behind_it(void **state)
{
    (void)state;
    static struct miniport_request requests[4];
    fake_slow(true);
    for (uint32_t i = 0; i < 4u; i++) {
        client_fill(i * 4 * PAGE, 4 * PAGE, i + 1u);
        requests[i] = request_of(i * 4 * PAGE, 4 * PAGE, i * 4 * PAGE, MINIPORT_TO_FRAME_BUFFER);
        assert_int_equal(miniport_submit(&miniport, &requests[i]), MINIPORT_OK);
    }
    fake_fail(5, DRAY_CAUSE_READ_SLVERR, 10); /* the second page of the second one */
    while (told_count < 4u) assert_true(fake_run(1) != 0u);
    for (uint32_t i = 0; i < 4u; i++) {
        assert_int_equal((uintptr_t)requests[i].context, 1);
        assert_int_equal(requests[i].status, i == 1u ? MINIPORT_ERR_DEVICE : MINIPORT_OK);
        assert_int_equal(requests[i].moved_bytes, i == 1u ? PAGE + 10u : 4 * PAGE);
        assert_frame_is(i * 4 * PAGE, requests[i].moved_bytes, i + 1u);
    }
}

static void ADP_08_an_error_of_the_copy_leaves_the_screen_running(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    assert_int_equal(miniport_screen_on(&miniport, 0, 100), MINIPORT_OK);
    fake.slow = true;
    request = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
    fake_fail(0, DRAY_CAUSE_READ_SLVERR, 0);
    while ((uintptr_t)request.context == 0u) fake_run(1);
    assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
    uint32_t streamed = fake.channels[1].streamed;
    fake_run(5);
    assert_int_equal(fake.channels[1].streamed, streamed + 500u);
    assert_int_equal(miniport_screen_off(&miniport), MINIPORT_OK);
}

static void ERR_03_a_screen_that_halts_is_known_and_the_copy_runs_on(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    assert_int_equal(miniport_screen_status(&miniport), MINIPORT_ERR_STATE);
    assert_int_equal(miniport_screen_on(&miniport, 0, 100), MINIPORT_OK);
    fake_fail(0, DRAY_CAUSE_READ_SLVERR, 0);
    fake_run(1);
    assert_int_equal(miniport_screen_status(&miniport), MINIPORT_ERR_DEVICE);
    request = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit_and_wait(&request);
    assert_int_equal(request.status, MINIPORT_OK);
    assert_int_equal(miniport_screen_off(&miniport), MINIPORT_OK);
    assert_int_equal(miniport_screen_on(&miniport, 0, 100), MINIPORT_OK);
    assert_int_equal(miniport_screen_status(&miniport), MINIPORT_OK);
    assert_int_equal(miniport_screen_off(&miniport), MINIPORT_OK);
}

static void CPL_04_an_engine_that_says_done_and_is_not_is_closed_by_force(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    request = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
    fake.outstanding[0] = 1;
    while ((uintptr_t)request.context == 0u) fake_run(1);
    assert_violation(VIOL_ENGINE_BUSY);
    assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
    fake.outstanding[0] = 0;
}

static void miniport_find_gives_everything_back_when_a_step_fails(void **state)
{
    (void)state;
    struct miniport_config config = miniport.config;
    static struct miniport other;
    config.registers = SOC_REGISTERS + 0x8000u;
    assert_int_equal(miniport_find(&other, &config), MINIPORT_ERR_ENGINE);
    config.registers = SOC_ENGINE;
    config.depth = MINIPORT_DEPTH_MAX + 1u;
    assert_int_equal(miniport_find(&other, &config), MINIPORT_ERR_ARGUMENT);
    config.depth = 1;
    assert_int_equal(miniport_find(&other, &config), MINIPORT_ERR_PORT); /* both channels are taken */
    assert_int_equal(fake_open_entries(), 0);
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    assert_int_equal(fake_open_frames(), 0);
    config.frame_buffer_bus = 0; /* not guarded */
    assert_int_equal(miniport_find(&miniport, &config), MINIPORT_ERR_PORT);
    config.frame_buffer_bus = SOC_BUS_DEVICE;
    assert_int_equal(miniport_find(&miniport, &config), MINIPORT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        miniport_test(PRT_05_the_total_is_what_really_moved_wherever_the_error_is),
        cmocka_unit_test_setup_teardown(PRT_05_and_with_three_packets_in_the_ring, begin_deep, miniport_end),
        miniport_test(ERR_09_an_error_at_the_doorbell_runs_down_as_well),
        miniport_test(ERR_05_a_refusal_of_the_gate_fails_the_request_and_is_recorded),
        miniport_test(EXE_06_what_cannot_be_programmed_is_completed_and_fails),
        miniport_test(PRT_07_a_failing_request_does_not_hurt_those_behind_it),
        miniport_test(ADP_08_an_error_of_the_copy_leaves_the_screen_running),
        miniport_test(ERR_03_a_screen_that_halts_is_known_and_the_copy_runs_on),
        miniport_test(CPL_04_an_engine_that_says_done_and_is_not_is_closed_by_force),
        miniport_test(miniport_find_gives_everything_back_when_a_step_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
