// SPDX-License-Identifier: Apache-2.0
//
// The system boots, its interrupts, caches and bridges do what docs/system.md says, and a run that goes nowhere ends.
#include "system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 4096, CYCLES_MAX = 2000000 };

enum { WIDTH = 640, HEIGHT = 480, PICTURE = SYSTEM_HOST_BASE + 0x200000 };

static const char boot_test[] = "build/sim/program/boot_test.elf";
static const char dma_test[]  = "build/sim/program/dma_test.elf";

struct seen {
    struct system       *system;
    char                 text[TEXT_MAX];
    size_t               len;
    unsigned             records;
    struct system_record first;

    // The screen, from its pins alone
    unsigned x, y, frames;
    bool     vsync;
    uint32_t screen[WIDTH * HEIGHT];
};

// Answers "send" with the byte that the program waits for.
static void on_byte(void *user, uint8_t byte)
{
    struct seen *seen = user;
    assert_true(seen->len + 1 < TEXT_MAX);
    seen->text[seen->len++] = (char)byte;
    if (seen->len >= 5 && memcmp(seen->text + seen->len - 5, "send\n", 5) == 0) system_send(seen->system, "k", 1);
}

static void on_record(void *user, const struct system_record *record)
{
    struct seen *seen = user;
    if (seen->records++ == 0) seen->first = *record;
}

// A line is what lies between two times without data enable; a frame begins at vsync.
static void on_pixel(void *user, const struct system_pixel *pixel)
{
    struct seen *seen = user;
    if (pixel->vsync && !seen->vsync) {
        if (seen->y != 0) assert_int_equal(seen->y, HEIGHT);
        seen->frames += seen->y != 0;
        seen->y = 0;
    }
    seen->vsync = pixel->vsync;
    if (pixel->de) {
        assert_true(seen->x < WIDTH && seen->y < HEIGHT);
        seen->screen[seen->y * WIDTH + seen->x++] = pixel->rgb;
    } else if (seen->x != 0) {
        assert_int_equal(seen->x, WIDTH);
        seen->x = 0;
        seen->y++;
    }
}

static struct system *opened; // freed after its test, however that ends

static int close_system(void **state)
{
    (void)state;
    system_free(opened);
    opened = NULL;
    return 0;
}

static struct seen seen;

static struct system *open_system(struct system_config config)
{
    memset(&seen, 0, sizeof seen);
    config.console = on_byte;
    config.trace   = on_record;
    config.user    = &seen;
    if (config.cycles_max == 0) config.cycles_max = CYCLES_MAX;
    (void)close_system(NULL);
    opened = seen.system = system_new(&config);
    assert_non_null(seen.system);
    return seen.system;
}

static void boot(struct system_config config)
{
    struct system *system = open_system(config);
    if (!system_load(system, boot_test)) fail_msg("%s", system_why(system));
    if (system_run(system, UINT64_MAX) != SYSTEM_EXITED) fail_msg("%s\n%s", system_why(system), seen.text);
    if (system_status(system) != 0) fail_msg("%s", seen.text);
    assert_true(seen.len > 10);
    assert_memory_equal(seen.text, "hello\n", 6);
    assert_int_equal(seen.records, 1);
    assert_int_equal(seen.first.event, 65);
    assert_int_equal(seen.first.level, 0);
    assert_int_equal(seen.first.argument, 0x12345678);
    assert_int_equal(system_bus_errors(system), 0);
}

static void the_core_boots_and_every_claim_of_its_program_holds(void **state)
{
    (void)state;
    boot(system_defaults());
}

static void they_hold_at_latency_1_and_100_too(void **state)
{
    (void)state;
    struct system_config config = system_defaults();
    config.latency              = 1;
    boot(config);
    config.latency = 100;
    boot(config);
}

static void they_hold_with_a_memory_that_stalls_at_random(void **state)
{
    (void)state;
    struct system_config config = system_defaults();
    config.spread               = 30;
    config.stalls               = (struct memory_stalls){ 128, 128, 128, 128, 128 };
    boot(config);
}

// `j .` at the reset vector: nothing is said any more.
static void a_firmware_that_hangs_ends_the_run_and_says_where(void **state)
{
    (void)state;
    struct system_config config = system_defaults();
    config.quiet_max            = 50000;
    struct system *system       = open_system(config);
    size_t         bytes;
    soc_model_program(system_model(system), &bytes)[0] = 0x0000006f;
    assert_int_equal(system_run(system, UINT64_MAX), SYSTEM_QUIET);
    assert_non_null(strstr(system_why(system), "pc 0x80000000"));
}

static void a_run_ends_at_its_cycle_limit(void **state)
{
    (void)state;
    struct system_config config = system_defaults();
    config.cycles_max           = 12345;
    struct system *system       = open_system(config);
    size_t         bytes;
    soc_model_program(system_model(system), &bytes)[0] = 0x0000006f;
    assert_int_equal(system_run(system, UINT64_MAX), SYSTEM_LIMIT);
    assert_true(system_cycle(system) == 12345);
}

// A load through the alias from a memory that never answers.
static void a_load_that_is_not_answered_ends_the_run(void **state)
{
    (void)state;
    struct system *system = open_system(system_defaults());
    size_t         bytes;
    uint32_t      *program = soc_model_program(system_model(system), &bytes);
    program[0]             = 0xb08002b7; // lui t0, 0xb0800
    program[1]             = 0x0002a303; // lw t1, 0(t0)
    program[2]             = 0x0000006f;
    memory_fault_add(system_device(system), &(struct memory_fault){ .direction = MEMORY_READ, .first = SYSTEM_DEVICE_BASE,
                                                                    .last = SYSTEM_DEVICE_BASE + 8, .count = 1, .silent = true,
                                                                    .beat = MEMORY_ALL_BEATS });
    assert_int_equal(system_run(system, UINT64_MAX), SYSTEM_STUCK);
    assert_non_null(strstr(system_why(system), "a load at 0xb0800000 is not answered"));
}

// Copies 1000 bytes by DMA, then shows a picture by a cyclic channel; what came out of the pins is the picture.
static void dma(unsigned latency)
{
    struct system_config config = system_defaults();
    config.latency              = latency;
    config.cycles_max           = 6000000;
    config.pixel                = on_pixel;
    struct system *system       = open_system(config);
    uint32_t      *picture      = (uint32_t *)(void *)memory_at(system_host(system), PICTURE, sizeof seen.screen);
    memory_fill_random(system_host(system), PICTURE, sizeof seen.screen, 5);
    if (!system_load(system, dma_test)) fail_msg("%s", system_why(system));
    if (system_run(system, UINT64_MAX) != SYSTEM_EXITED) fail_msg("%s\n%s", system_why(system), seen.text);
    if (system_status(system) != 0) fail_msg("%s", seen.text);
    assert_true(seen.frames >= 1);
    for (unsigned i = 0; i < WIDTH * HEIGHT; i++)
        if (seen.screen[i] != (picture[i] & 0xffffffu)) fail_msg("pixel %u, %u is wrong", i % WIDTH, i / WIDTH);
    assert_int_equal(system_bus_errors(system), 0);
}

static void the_engine_copies_and_feeds_the_screen(void **state)
{
    (void)state;
    dma(13);
}

static void the_engine_feeds_the_screen_at_latency_100(void **state)
{
    (void)state;
    dma(100);
}

static void refused(const char *bytes, size_t len, const char *because)
{
    struct system *system = open_system(system_defaults());
    FILE          *file   = fopen("build/sim/refused.elf", "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
    assert_false(system_load(system, "build/sim/refused.elf"));
    if (strstr(system_why(system), because) == NULL) fail_msg("%s", system_why(system));
}

static void what_is_no_program_is_refused_with_a_sentence(void **state)
{
    (void)state;
    char   elf[4096];
    FILE  *file = fopen(boot_test, "rb");
    size_t len  = file == NULL ? 0 : fread(elf, 1, sizeof elf, file);
    assert_true(len > 200);
    fclose(file);
    refused("text", 4, "no ELF file");
    refused(elf, 51, "no ELF file");
    refused(elf, 60, "segments cannot be read");
    refused(elf, 200, "the file ends inside a segment");
    char other[4096];
    memcpy(other, elf, len);
    other[18] = 62; // another machine
    refused(other, len, "no 32-bit RISC-V program");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_core_boots_and_every_claim_of_its_program_holds, close_system),
        cmocka_unit_test_teardown(they_hold_at_latency_1_and_100_too, close_system),
        cmocka_unit_test_teardown(they_hold_with_a_memory_that_stalls_at_random, close_system),
        cmocka_unit_test_teardown(the_engine_copies_and_feeds_the_screen, close_system),
        cmocka_unit_test_teardown(the_engine_feeds_the_screen_at_latency_100, close_system),
        cmocka_unit_test_teardown(a_firmware_that_hangs_ends_the_run_and_says_where, close_system),
        cmocka_unit_test_teardown(a_run_ends_at_its_cycle_limit, close_system),
        cmocka_unit_test_teardown(a_load_that_is_not_answered_ends_the_run, close_system),
        cmocka_unit_test_teardown(what_is_no_program_is_refused_with_a_sentence, close_system),
    };
    return cmocka_run_group_tests_name("system", tests, NULL, NULL);
}
