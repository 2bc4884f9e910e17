/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to a reader: every status, level, event and violation has a name of its own, and the console prints them. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#include "console.h"
#include "dray.h"
#include "map.h"
#include "miniport.h"
#include "packet.h"
#include "trace.h"

static char   text[256];
static size_t length;

static void put(char c, void *context)
{
    (void)context;
    if (length + 1u < sizeof text) text[length++] = c;
    text[length] = '\0';
}

static int begin(void **state)
{
    fixture_begin(state);
    length = 0;
    text[0] = '\0';
    host_on_console(put, NULL);
    return 0;
}

static int end(void **state)
{
    host_on_console(NULL, NULL);
    return fixture_end(state);
}

/* ---- Names ----------------------------------------------------------------------------------------------------------- */

static const char *packet_name(int n)   { return packet_status_name((enum packet_status)n); }
static const char *map_name(int n)      { return map_status_name((enum map_status)n); }
static const char *memory_name(int n)   { return memory_status_name((enum memory_status)n); }
static const char *dray_name(int n)     { return dray_status_name((enum dray_status)n); }
static const char *miniport_name(int n) { return miniport_status_name((enum miniport_status)n); }
static const char *level_name(int n)    { return irql_name((enum irql)n); }
static const char *event_name(int n)    { return trace_name((enum trace_event)n); }
static const char *broken_name(int n)   { return violation_name((enum violation_code)n); }

static void every_status_has_a_name_of_its_own_and_no_other_number_has_one(void **state)
{
    (void)state;
    const struct { const char *(*name)(int n); int from, to; unsigned named; const char *unknown; } tables[] = {
        { packet_name, -40, 4, 5, "unknown" },  { map_name, -40, 4, 6, "unknown" },      { memory_name, -40, 4, 12, "unknown" },
        { dray_name, -40, 4, 31, "unknown" },   { miniport_name, -40, 4, 8, "unknown" }, { level_name, 0, 12, 5, "?" },
        { event_name, 0, 70, 32, "?" },         { broken_name, 0, 60, 38, "?" },
    };
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        unsigned named = 0;
        for (int n = tables[t].from; n <= tables[t].to; n++) {
            const char *name = tables[t].name(n);
            assert_non_null(name);
            if (strcmp(name, tables[t].unknown) == 0) continue;
            named++;
            for (int other = tables[t].from; other < n; other++) assert_string_not_equal(name, tables[t].name(other));
        }
        assert_true(named >= tables[t].named); /* later ones are welcome */
    }
}

/* ---- Console --------------------------------------------------------------------------------------------------------- */

static void the_console_prints_numbers_and_strings_in_their_widths(void **state)
{
    (void)state;
    console_puts("a\n");
    console_putc('b');
    assert_string_equal(text, "a\nb");
    length = 0;
    console_print("%s %u %d %x %c %%", "text", 4294967295u, -17, 0xbeefu, '!');
    assert_string_equal(text, "text 4294967295 -17 beef ! %");
    length = 0;
    const char *volatile none = NULL;
    console_print("%5u|%05d|%5d|%08x|%s", 42u, -17, -17, 0xau, none);
    assert_string_equal(text, "   42|-0017|  -17|0000000a|(null)");
    length = 0;
    console_print("%u%x%d", 0u, 0u, 0);
    assert_string_equal(text, "000");
    host_console_type("xy");
    assert_int_equal(console_getc(), 'x');
    assert_int_equal(console_getc(), 'y');
    assert_int_equal(console_getc(), -1);
}

static void a_violation_without_a_hook_is_printed_and_kept(void **state)
{
    (void)state;
    violation_set_hook(NULL, NULL);
    violation_report(VIOL_LEAK, 1, 0x2f, 3, 4);
    assert_string_equal(text, "violation LEAK 1 2f 3 4\n");
    assert_int_equal(violation_count_of(VIOL_LEAK), 1);
    assert_int_equal(violation_last(0)->p[1], 0x2f);
    assert_null(violation_last(1));
    violation_reset();
    assert_null(violation_last(0));
}

/* In a process of its own, because it ends the machine. */
static void a_bugcheck_is_printed_and_ends_with_status_3(void **state)
{
    (void)state;
    host_on_console(NULL, NULL);
    int pipes[2], status = 0;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(pipes[1], STDOUT_FILENO);
        violation_set_hook(NULL, NULL);
        violation_bugcheck(VIOL_FRAME, 0xab, 2, 3, 4);
    }
    (void)close(pipes[1]);
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    char said[256] = "";
    assert_true(read(pipes[0], said, sizeof said - 1u) > 0);
    (void)close(pipes[0]);
    assert_non_null(strstr(said, "bugcheck: violation FRAME ab 2 3 4"));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
}

/* ---- Time ------------------------------------------------------------------------------------------------------------ */

static struct { uint64_t cycle; uint32_t waited; } outside;

static uint64_t outside_now(void *context)
{
    (void)context;
    return outside.cycle;
}

static void outside_wait(void *context, uint32_t cycles)
{
    (void)context;
    outside.cycle += cycles;
    outside.waited += cycles;
}

static void time_may_come_from_outside_and_idle_lets_it_go_by(void **state)
{
    (void)state;
    host_clock_source(outside_now, outside_wait, NULL);
    outside.cycle = 1000;
    outside.waited = 0;
    uint32_t begun = clock_cycles();
    host_clock_advance(50);
    assert_true(clock_cycles() - begun >= 50u);
    irql_idle();
    assert_true(outside.waited >= 50u + 64u);
    host_clock_source(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_status_has_a_name_of_its_own_and_no_other_number_has_one, begin, end),
        cmocka_unit_test_setup_teardown(the_console_prints_numbers_and_strings_in_their_widths, begin, end),
        cmocka_unit_test_setup_teardown(a_violation_without_a_hook_is_printed_and_kept, begin, end),
        cmocka_unit_test_setup_teardown(a_bugcheck_is_printed_and_ends_with_status_3, begin, end),
        cmocka_unit_test_setup_teardown(time_may_come_from_outside_and_idle_lets_it_go_by, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
