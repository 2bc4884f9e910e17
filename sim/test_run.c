// SPDX-License-Identifier: Apache-2.0
//
// The command line of the main job: what is wrong ends at once with one sentence, and a firmware that hangs ends by itself.
#include "shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RUN "build/sim/check/run"
#define OUT "build/sim/test_run.out"

static struct shell shell;

static void run(const char *const *words)
{
    const char *all[40] = { RUN, "--out", OUT };
    for (size_t i = 0; words[i] != NULL; i++) all[3 + i] = words[i];
    shell_run(&shell, all);
}

// One line on standard error that begins with the program's name and says these words; nothing was simulated.
static void refused(int status, const char *words)
{
    if (shell.status != status) fail_msg("status %d, and it said: %s", shell.status, shell.err);
    if (strstr(shell.err, words) == NULL) fail_msg("'%s' does not say '%s'", shell.err, words);
    assert_memory_equal(shell.err, "run: ", 5);
    assert_ptr_equal(strchr(shell.err, '\n'), shell.err + strlen(shell.err) - 1);
    assert_string_equal(shell.out, "");
}

#define REFUSED(status, words, ...) \
    do { \
        run((const char *[]){ __VA_ARGS__, NULL }); \
        refused((status), (words)); \
    } while (0)

static void put_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void a_wrong_option_is_refused(void **state)
{
    (void)state;
    REFUSED(2, "there is no option --fast", "--fast");
    REFUSED(2, "there is no option picture.png", "picture.png");
    REFUSED(2, "--image wants a value", "--image");
    REFUSED(2, "--image wants a name", "--image", "");
    REFUSED(2, "--latency wants a number in its range, not ten", "--latency", "ten");
    REFUSED(2, "--latency wants a number in its range, not 0", "--latency", "0");
    REFUSED(2, "--latency wants a number in its range, not 1001", "--latency", "1001");
    REFUSED(2, "--latency wants a number in its range, not 13x", "--latency", "13x");
    REFUSED(2, "--registers wants a number in its range, not -1", "--registers", "-1");
}

static void a_missing_file_is_refused(void **state)
{
    (void)state;
    REFUSED(1, "build/sim/no such picture.png cannot be opened", "--image", "build/sim/no such picture.png");
}

static void a_text_file_is_refused(void **state)
{
    (void)state;
    put_file("build/sim/text.png", "not a picture\n", 14);
    REFUSED(1, "build/sim/text.png is no PNG file", "--image", "build/sim/text.png");
}

static void a_truncated_png_is_refused(void **state)
{
    (void)state;
    put_file("build/sim/cut.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", 18);
    REFUSED(1, "build/sim/cut.png ends too early", "--image", "build/sim/cut.png");
}

static void a_firmware_that_is_no_picture_program_is_refused(void **state)
{
    (void)state;
    REFUSED(1, "build/sim/none.elf: No such file", "--firmware", "build/sim/none.elf");
    REFUSED(1, "has no picture_block", "--firmware", "build/sim/program/boot_test.elf");
}

static void a_trace_in_a_build_without_traces_is_refused(void **state)
{
    (void)state;
    REFUSED(1, "make run TRACE=1", "--trace", "build/sim/none.fst");
}

static void a_folder_that_cannot_be_made_is_refused(void **state)
{
    (void)state;
    put_file("build/sim/file", "", 0);
    shell_run(&shell, (const char *[]){ RUN, "--out", "build/sim/file/folder", NULL });
    refused(1, "cannot be made");
}

static void help_lists_the_options(void **state)
{
    (void)state;
    run((const char *[]){ "--help", NULL });
    assert_int_equal(shell.status, 0);
    assert_non_null(strstr(shell.out, "--one-element"));
}

static void a_firmware_that_hangs_stops_by_itself_and_says_where(void **state)
{
    (void)state;
    run((const char *[]){ "--firmware", "build/sim/program/hang.elf", "--quiet", "60000", NULL });
    assert_int_equal(shell.status, 1);
    if (strstr(shell.err, "the firmware hangs in waits_for_ever") == NULL) fail_msg("%s", shell.err);
    assert_non_null(strstr(shell.err, "no whole frame was shown"));
    assert_non_null(strstr(shell.out, "  > hello\n"));
    double pixels = 0;
    assert_true(shell_json(OUT "/run.json", "pixels_wrong", &pixels));
    assert_true(pixels == 640 * 480);
    assert_true(shell_json_has(OUT "/run.json", "\"L1\": \"fail\""));
    FILE *screen = fopen(OUT "/screen.png", "rb");
    assert_null(screen);
}

static void it_stops_at_a_limit_of_cycles_too(void **state)
{
    (void)state;
    run((const char *[]){ "--firmware", "build/sim/program/hang.elf", "--cycles", "20000", NULL });
    assert_int_equal(shell.status, 1);
    assert_non_null(strstr(shell.err, "was stopped by the limit of cycles in waits_for_ever"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_option_is_refused),
        cmocka_unit_test(a_missing_file_is_refused),
        cmocka_unit_test(a_text_file_is_refused),
        cmocka_unit_test(a_truncated_png_is_refused),
        cmocka_unit_test(a_firmware_that_is_no_picture_program_is_refused),
        cmocka_unit_test(a_trace_in_a_build_without_traces_is_refused),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_refused),
        cmocka_unit_test(help_lists_the_options),
        cmocka_unit_test(a_firmware_that_hangs_stops_by_itself_and_says_where),
        cmocka_unit_test(it_stops_at_a_limit_of_cycles_too),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
