// SPDX-License-Identifier: Apache-2.0
//
// Random rings on all channels at once, under random stalls and errors, end as the reference model says.
//
// COUNT=1 SEED=<printed> KIND=<printed> runs one case again.
#include "random_case.h"
#include "testing.h"

#include <stdlib.h>

enum { CASES = 200 };

static struct random_case *now;

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
        random_case_free(now);
        if (!good) fail_msg("a random case failed (SEED=%llu)", (unsigned long long)seed);
    }
}

int main(void)
{
    const struct testing_case cases[] = { TESTING_CASE(random_rings_end_as_the_reference_says) };
    TESTING_ADD(testing_low, cases);
    return testing_run("random");
}
