// SPDX-License-Identifier: Apache-2.0
//
// The self-test of each board on the simulation of its configuration: every part says its line, and a run that has no end fails.
#include "shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// BOARDS is a list of names, each with a comma behind it.
static const char *const boards[] = { BOARDS };

static const char *of_board(const char *board, const char *file)
{
    static char paths[4][200];
    static int  next;
    next = (next + 1) % 4;
    (void)snprintf(paths[next], sizeof paths[next], "build/%s/%s", board, file);
    return paths[next];
}

static void every_part_of_the_board_is_well(void **state)
{
    static const char *const lines[] = {
        "selftest: begin\n",
        "memory: host, ",
        "memory: device, ",
        "gate: a read without the right is refused and reported\n",
        "gate: a write without the right is refused and reported\n",
        ", 0 bytes wrong\n",
        "fault: a read where no memory answers ends with DECERR at read, and the next job is done\n",
        "fault: a write where no memory answers ends with DECERR at write, and the next job is done\n",
        "picture: 160 x 120 in 3 bands, 3 pages came in when they were locked, 0 pixels wrong\n",
        "screen: it scans, 0 pixels late\n",
        "driver: 0 locks left\n",
        "selftest: all well\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
        struct shell shell;
        shell_run(&shell, (const char *[]){ of_board(boards[i], "sim/selftest"), of_board(boards[i], "selftest.txt"), NULL });
        assert_string_equal(shell.err, "");
        assert_int_equal(shell.status, 0);
        const char *at = shell.out;
        for (size_t line = 0; line < sizeof lines / sizeof lines[0]; line++) {
            const char *found = strstr(at, lines[line]);
            if (found == NULL) fail_msg("%s: no line with: %s", boards[i], lines[line]);
            else at = found;
        }
    }
}

static void a_run_without_an_end_fails(void **state)
{
    (void)state;
    struct shell shell;
    shell_run(&shell, (const char *[]){ of_board(boards[0], "sim/selftest"), "--cycles", "20000", of_board(boards[0], "cut.txt"), NULL });
    assert_int_equal(shell.status, 1);
    assert_non_null(strstr(shell.err, "no end after 20000 cycles"));
}

static void a_text_that_cannot_be_kept_fails(void **state)
{
    (void)state;
    struct shell shell;
    shell_run(&shell, (const char *[]){ of_board(boards[0], "sim/selftest"), "--cycles", "20000", of_board(boards[0], "no/folder/text"), NULL });
    assert_int_equal(shell.status, 1);
    assert_non_null(strstr(shell.err, "cannot be written"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_of_the_board_is_well),
        cmocka_unit_test(a_run_without_an_end_fails),
        cmocka_unit_test(a_text_that_cannot_be_kept_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
