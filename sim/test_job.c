// SPDX-License-Identifier: Apache-2.0
//
// The main job on the project's own picture at one latency, JOB_LATENCY; the bus is then kept full while frames are scanned.
#include "shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#ifndef JOB_LATENCY
#define JOB_LATENCY 13
#endif

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define OUT             "build/sim/test_job_" TEXT(JOB_LATENCY) ".out"
#define JSON            OUT "/run.json"

static struct shell shell;

static double number(const char *name)
{
    double value = -1.0;
    if (!shell_json(JSON, name, &value)) fail_msg("run.json has no %s", name);
    return value;
}

// @param mode  one more option, or NULL
static void run(const char *mode)
{
    shell_run(&shell, (const char *[]){ "build/sim/run", "--out", OUT, "--latency", TEXT(JOB_LATENCY), "--no-cpu", "--saturate", mode, NULL });
    if (shell.status != 0) fail_msg("status %d\n%s%s", shell.status, shell.out, shell.err);
    assert_string_equal(shell.err, "");
    assert_int_equal(number("bytes"), 640 * 480 * 4);
    assert_int_equal(number("pixels_wrong"), 0);
    assert_int_equal(number("underruns"), 0);
    assert_int_equal(number("back_wrong"), 0);
    assert_int_equal(number("latency"), JOB_LATENCY);
    assert_true(shell_json_has(JSON, "\"laws\": {\"L1\": \"pass\", \"L2\": \"pass\", \"L3\": \"pass\", \"L4\": \"pass\", \"L5\": \"pass\"}"));
    assert_true(number("frames") >= 3);
    assert_true(number("absent") > 0 && number("absent") < number("pages"));
    assert_true(number("engine_cycles") > 0 && number("engine_cycles") <= number("dma_cycles"));
    assert_true(number("overlap_cycles") > 0 && number("overlap_cycles") <= number("engine_cycles"));
    assert_true(number("bytes_per_cycle") > 0 && number("bytes_per_cycle") < number("bus_limit"));
    assert_true(number("packets") > 1 && number("interrupts") > 0);
}

#if JOB_LATENCY == 1

static void one_element_a_packet_through_the_window_shows_the_picture_on_a_full_bus(void **state)
{
    (void)state;
    run("--one-element");
    assert_true(number("elements") == number("packets"));
}

#define JOB one_element_a_packet_through_the_window_shows_the_picture_on_a_full_bus

#else

static void scattered_pages_in_lists_of_elements_show_the_picture_on_a_full_bus(void **state)
{
    (void)state;
    run(NULL);
    assert_true(number("elements") > 10 * number("packets"));
}

#define JOB scattered_pages_in_lists_of_elements_show_the_picture_on_a_full_bus

#endif

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(JOB) };
    return cmocka_run_group_tests_name("job at latency " TEXT(JOB_LATENCY), tests, NULL, NULL);
}
