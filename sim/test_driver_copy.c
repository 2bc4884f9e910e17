// SPDX-License-Identifier: Apache-2.0
//
// The miniport moves pictures with the real engine: whole stack, ISR, DPC, gate, scattered frames.
#include "driver.h"

#include "laws.h"
#include "map.h"
#include "miniport.h"
#include "port.h"

enum {
    PICTURE      = 640 * 480 * 4,
    CLIENT_PAGES = 304,
    GUARDED      = 4096,
    LIMIT        = 4000000,
    PAGE         = 4096,
};

static struct map            gate;
static uint8_t               counts[GUARDED * 2];
static struct miniport       miniport;
static struct memory_client *client;
static uintptr_t             buffer;
static uint8_t               picture[PICTURE + PAGE], got[PICTURE + PAGE];
static unsigned              told_count;

static void told(struct miniport_request *request)
{
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    request->context = request;
    told_count++;
}

static struct engine *begin(void **state, unsigned latency, const struct miniport_config *wanted)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = latency });
    struct miniport_config config = *wanted;
    driver_attach(engine);
    config.registers          = SOC_ENGINE;
    config.line               = SOC_LINE_ENGINE;
    config.frame_buffer_bus   = SOC_BUS_DEVICE;
    config.frame_buffer_bytes = PICTURE + PAGE;
    assert_int_equal(map_init(&gate, SOC_GATE, counts, sizeof counts), MAP_OK);
    port_init(&gate, 300);
    assert_int_equal(miniport_find(&miniport, &config), MINIPORT_OK);
    client = memory_client_create();
    (void)memory_client_attach(client);
    assert_int_equal(memory_client_map(client, CLIENT_PAGES, MEMORY_MAY_WRITE, &buffer), MEMORY_OK);
    told_count = 0;
    return engine;
}

static void end(struct engine *engine)
{
    if (miniport.screen_on) assert_int_equal(miniport_screen_off(&miniport), MINIPORT_OK);
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    (void)memory_client_attach(NULL);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    laws_check();
    (void)fixture_end(NULL);
    testing_clean(engine);
}

static void fill(uint8_t *bytes, uint32_t length, uint64_t seed)
{
    for (uint32_t i = 0; i < length; i++) bytes[i] = (uint8_t)(memory_random(&seed) >> 40);
}

static struct miniport_request request_of(uint32_t offset, uint32_t length, uint32_t frame_offset, enum miniport_direction direction)
{
    return (struct miniport_request){ .buffer = (void *)(buffer + offset), .length_bytes = length, .frame_offset = frame_offset,
                                      .direction = direction, .told = told };
}

// @return cycles from submit to told
static uint64_t run(struct miniport_request *request)
{
    uint64_t begun = engine_cycle(driver.engine);
    assert_int_equal(miniport_submit(&miniport, request), MINIPORT_OK);
    while (request->context == NULL) {
        if (engine_cycle(driver.engine) - begun > LIMIT) engine_stop(driver.engine, "the client was never told");
        driver_clocks(16);
    }
    return engine_cycle(driver.engine) - begun;
}

static void to_frame_buffer(uint32_t offset, uint32_t length, uint32_t frame_offset, uint64_t seed)
{
    struct miniport_request request = request_of(offset, length, frame_offset, MINIPORT_TO_FRAME_BUFFER);
    fill(picture, length, seed);
    assert_int_equal(memory_client_write(client, buffer + offset, picture, length), MEMORY_OK);
    uint64_t cycles = run(&request);
    assert_int_equal(request.status, MINIPORT_OK);
    assert_int_equal(request.moved_bytes, length);
    assert_memory_equal(host_memory(SOC_BUS_DEVICE + frame_offset, length), picture, length);
    if (length == PICTURE) {
        print_message("[   INFO   ] %s: %u bytes in %llu cycles, %u packets, %u interrupts\n", driver.engine->name, length,
                      (unsigned long long)cycles, miniport.counts.packets, miniport.counts.interrupts);
    }
}

static void from_frame_buffer(uint32_t offset, uint32_t length, uint32_t frame_offset, uint64_t seed)
{
    struct miniport_request request = request_of(offset, length, frame_offset, MINIPORT_FROM_FRAME_BUFFER);
    fill(host_memory(SOC_BUS_DEVICE + frame_offset, length), length, seed);
    (void)run(&request);
    assert_int_equal(request.status, MINIPORT_OK);
    assert_int_equal(memory_client_read(client, buffer + offset, got, length), MEMORY_OK);
    assert_memory_equal(got, host_memory(SOC_BUS_DEVICE + frame_offset, length), length);
}

static void PRT_01_a_whole_picture_reaches_the_frame_buffer(void **state)
{
    struct engine *engine = begin(state, 13, &(struct miniport_config){ 0 });
    to_frame_buffer(123, PICTURE, 0, testing_seed());
    end(engine);
}

static void PRT_06_a_whole_picture_comes_back(void **state)
{
    struct engine *engine = begin(state, 13, &(struct miniport_config){ 0 });
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    from_frame_buffer(77, PICTURE, 0, testing_seed());
    (void)memory_steal(); // CPL-01, LCK-11: what the engine wrote is in the pages, and survives
    assert_int_equal(memory_client_read(client, buffer + 77, got, PICTURE), MEMORY_OK);
    assert_memory_equal(got, host_memory(SOC_BUS_DEVICE, PICTURE), PICTURE);
    end(engine);
}

static void pieces(void **state, const struct miniport_config *config, unsigned rounds)
{
    uint64_t       random = testing_seed();
    struct engine *engine = begin(state, 1 + (unsigned)(random % 20), config);
    for (unsigned i = 0; i < rounds; i++) {
        uint32_t length = 1 + (uint32_t)(memory_random(&random) % (i % 3 == 0 ? 64 : 40000));
        uint32_t offset = (uint32_t)(memory_random(&random) % (10 * PAGE)), frame = (uint32_t)(memory_random(&random) % PICTURE / 2);
        to_frame_buffer(offset, length, frame, memory_random(&random));
        from_frame_buffer(offset + 3, length, frame + 1, memory_random(&random));
    }
    end(engine);
}

static void PRT_01_pieces_at_any_offset_go_there_and_back(void **state)
{
    pieces(state, &(struct miniport_config){ .packet_bytes_max = 4 * PAGE }, 12);
}

static void STA_21_four_packets_deep(void **state)
{
    pieces(state, &(struct miniport_config){ .packet_bytes_max = 2 * PAGE, .depth = 4 }, 12);
}

static void DD_01_one_element_through_the_window(void **state)
{
    pieces(state, &(struct miniport_config){ .packet_bytes_max = 6 * PAGE, .one_element = true, .depth = 2 }, 12);
}

static void ADP_04_three_registers_for_everything(void **state)
{
    pieces(state, &(struct miniport_config){ .map_registers = 3 }, 6);
}

static void PRT_05_a_bus_error_ends_with_what_really_moved(void **state)
{
    struct engine *engine = begin(state, 13, &(struct miniport_config){ .packet_bytes_max = 4 * PAGE, .depth = 3 });
    uint64_t       random = testing_seed();
    for (unsigned i = 0; i < 12; i++) {
        uint32_t length = 20000 + (uint32_t)(memory_random(&random) % 20000);
        bool     write  = i % 2 == 0;
        uint8_t  resp   = i % 4 < 2 ? BUS_SLVERR : BUS_DECERR;
        struct memory_fault fault = { .direction = write ? MEMORY_WRITE : MEMORY_READ, .count = 1, .resp = resp, .beat = MEMORY_ALL_BEATS,
                                      .skip = (unsigned)(memory_random(&random) % (length / 256)) };
        // Writes to the frame buffer; reads of the client's frames, behind those of the ring and the page tables.
        fault.first = write ? SOC_BUS_DEVICE : memory_frame_bus(MEMORY_FRAME_FIRST);
        fault.last  = write ? SOC_BUS_DEVICE + SOC_BUS_DEVICE_BYTES - 1 : memory_frame_bus(MEMORY_FRAME_FIRST + MEMORY_FRAMES) - 1;
        memory_fault_add(engine->memory, &fault);

        struct miniport_request request = request_of(5, length, 9, MINIPORT_TO_FRAME_BUFFER);
        fill(picture, length, memory_random(&random));
        memset(host_memory(SOC_BUS_DEVICE, PICTURE), 0, PICTURE);
        assert_int_equal(memory_client_write(client, buffer + 5, picture, length), MEMORY_OK);
        (void)run(&request);
        memory_faults_clear(engine->memory);
        assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
        enum dray_status want = write ? (resp == BUS_SLVERR ? DRAY_ERR_WRITE_SLVERR : DRAY_ERR_WRITE_DECERR)
                                      : (resp == BUS_SLVERR ? DRAY_ERR_READ_SLVERR : DRAY_ERR_READ_DECERR);
        assert_string_equal(dray_status_name(request.cause), dray_status_name(want));
        assert_true(request.moved_bytes < length);
        assert_memory_equal(host_memory(SOC_BUS_DEVICE + 9, length), picture, request.moved_bytes);
        to_frame_buffer(1, 5000, 3, memory_random(&random)); // no reset in between
    }
    end(engine);
}

static void ERR_05_what_the_gate_refuses_fails_and_is_recorded(void **state)
{
    struct engine *engine = begin(state, 13, &(struct miniport_config){ 0 });
    struct miniport_request request = request_of(0, 4 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    memory_steal_set(MEMORY_STEAL_OFF);
    fill(picture, 4 * PAGE, 1);
    assert_int_equal(memory_client_write(client, buffer, picture, 4 * PAGE), MEMORY_OK);
    uint32_t frame = memory_client_page(client, buffer + 2 * PAGE).frame;
    enum irql old = irql_raise(IRQL_DEVICE); // no interrupt until the guard is closed behind the driver's back
    irql_lower(old);
    assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
    gate_write(engine, DRAY_GATE_GUARD_SET, frame);
    for (unsigned i = 0; i < 10000 && request.context == NULL; i++) driver_clocks(16);
    assert_non_null(request.context);
    assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
    assert_int_equal(request.cause, DRAY_ERR_FAULT);
    assert_int_equal(request.moved_bytes, 2 * PAGE);
    VP_ADAPTER_INFORMATION found;
    assert_true(VpQueryAdapter(&miniport, miniport.copy_adapter, &found));
    assert_int_equal((uint64_t)found.FaultAddress.QuadPart / PAGE, memory_frame_bus(frame) / PAGE);
    assert_int_not_equal(found.FaultCause, 0);
    assert_false(found.FaultWrite);
    to_frame_buffer(0, 3 * PAGE, 0, 4);
    end(engine);
}

static void ADP_03_the_screen_streams_while_the_copy_runs(void **state)
{
    // In this configuration the stream is channel 0's.
    struct engine *engine = begin(state, 13, &(struct miniport_config){ .copy_channel = 1, .screen_channel = 0 });
    struct sink   *sink   = &engine->sinks[0];
    enum { SHOWN = 64 * 1024, AT = 1024 * 1024 };
    fill(host_memory(SOC_BUS_DEVICE + AT, SHOWN), SHOWN, 9);
    sink->mode = SINK_ALWAYS;
    assert_int_equal(miniport_screen_on(&miniport, AT, SHOWN), MINIPORT_OK);
    to_frame_buffer(11, 100000, 5, 3);
    for (unsigned i = 0; sink->packets < 2; i++) {
        if (i == 10000) engine_stop(engine, "the screen got no picture");
        driver_clocks(64);
    }
    for (unsigned i = 0; i < 2; i++) assert_memory_equal(sink->bytes + (size_t)i * SHOWN, host_memory(SOC_BUS_DEVICE + AT, SHOWN), SHOWN);
    assert_int_equal(miniport_screen_status(&miniport), MINIPORT_OK);
    assert_int_equal(sink->packet_end[0], SHOWN);
    assert_int_equal(sink->packet_end[1], 2 * SHOWN);
    end(engine);
}

int main(void)
{
    static const char *const one[] = { "default64", NULL };
    const struct testing_case all[] = {
        TESTING_CASE(PRT_01_a_whole_picture_reaches_the_frame_buffer),
        TESTING_CASE(PRT_01_pieces_at_any_offset_go_there_and_back),
    };
    const struct testing_case single[] = {
        TESTING_CASE(PRT_06_a_whole_picture_comes_back),
        TESTING_CASE(STA_21_four_packets_deep),
        TESTING_CASE(DD_01_one_element_through_the_window),
        TESTING_CASE(ADP_04_three_registers_for_everything),
        TESTING_CASE(PRT_05_a_bus_error_ends_with_what_really_moved),
        TESTING_CASE(ERR_05_what_the_gate_refuses_fails_and_is_recorded),
        TESTING_CASE(ADP_03_the_screen_streams_while_the_copy_runs),
    };
    TESTING_ADD(testing_widths, all);
    TESTING_ADD(one, single);
    return testing_run("driver: copy");
}
