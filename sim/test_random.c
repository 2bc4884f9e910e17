// SPDX-License-Identifier: Apache-2.0
//
// Random rings on all channels at once, under random stalls and errors, end as the reference model says.
//
// COUNT=1 SEED=<printed> KIND=<printed> runs one case again.
#include "random_case.h"
#include "testing.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CASES = 80, DESCRIPTORS_LEAST = 100000, BRIEF_PERCENT = 80 };

static struct random_case     *now;
static struct reference_counts sum; // of all configurations

static void stop_test(void)
{
    fail_msg("a wait ran out (SEED=%llu)", (unsigned long long)now->seed);
}

static void random_rings_end_as_the_reference_says(void **state)
{
    const char *text  = getenv("COUNT");
    unsigned    count = text == NULL ? CASES : (unsigned)strtoul(text, NULL, 0);
    for (uint64_t seed = testing_seed(); seed < testing_seed() + count; seed++) {
        now       = random_case_new(*state, seed, stop_test);
        bool good = random_case_run(now);
        reference_counts_add(&sum, reference_counts(now->reference));
        random_case_free(now);
        if (!good) fail_msg("a random case failed (SEED=%llu)", (unsigned long long)seed);
    }
}

// Comes last.
static void they_were_a_hundred_thousand_and_most_of_them_brief(void **state)
{
    (void)state;
    print_message("# %" PRIu64 " random descriptors, %" PRIu64 " of them shorter than %d bytes, %" PRIu64 " bytes in all\n", sum.movers,
                  sum.brief, REFERENCE_BRIEF, sum.bytes);
    assert_true(sum.brief * 100 >= sum.movers * BRIEF_PERCENT);
    assert_true(sum.movers >= DESCRIPTORS_LEAST);
}

int main(void)
{
    const struct testing_case cases[] = { TESTING_CASE(random_rings_end_as_the_reference_says) };
    const struct testing_case count[] = { TESTING_CASE(they_were_a_hundred_thousand_and_most_of_them_brief) };
    static const char *const  all[]   = { "all", NULL };
    TESTING_ADD(testing_every, cases);
    if (getenv("COUNT") == NULL) TESTING_ADD(all, count); // and not with KIND
    return testing_run("random");
}
