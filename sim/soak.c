// SPDX-License-Identifier: Apache-2.0
//
// Random cases without end: each configuration in turn, until one fails or the time is up.
//
//     COUNT=1000 soak      so many cases of each configuration
//     MINUTES=30 soak      so long
//     KIND=default64 SEED=5  one configuration; the first seed
//
// What it prints for a case that failed is what runs it again. A name or a number that is none is refused.
#define _POSIX_C_SOURCE 200809L

#include "random_case.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KINDS_MOST = 32 };

struct total {
    uint64_t cases, cycles;
    struct reference_counts counts;
};

static void stop_soak(void)
{
    exit(EXIT_FAILURE);
}

static bool given(const char *text)
{
    return text != NULL && *text != '\0';
}

static void refuse(const char *name, const char *text, const char *wanted)
{
    fprintf(stderr, "soak: %s=%s is not %s.\n", name, text, wanted);
    exit(2);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    char       *end;
    if (!given(text)) return otherwise;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number == 0) refuse(name, text, "a number above 0");
    return number;
}

// @return the configuration that was asked for, or NULL for all
static const struct model_kind *kind_from(const char *name)
{
    const char *text = getenv(name);
    if (given(text) && model_kind_find(text) == NULL) refuse(name, text, "a configuration, like default64");
    return given(text) ? model_kind_find(text) : NULL;
}

static void show(const char *kind, uint64_t seed, time_t begun)
{
    if (!isatty(STDERR_FILENO)) return;
    fprintf(stderr, "\r\033[K  %s, seed %" PRIu64 ", %.0f s", kind, seed, difftime(time(NULL), begun));
    fflush(stderr);
}

static bool run_case(const char *kind, uint64_t seed, struct total *total)
{
    struct random_case *random = random_case_new(kind, seed, stop_soak);
    bool good = random_case_run(random);
    total->cases++;
    total->cycles += engine_cycle(random->engine);
    reference_counts_add(&total->counts, reference_counts(random->reference));
    random_case_free(random);
    return good;
}

static void print_total(const char *kind, const struct total *total)
{
    const struct reference_counts *counts = &total->counts;
    printf("%-10s %8" PRIu64 " cases, %10" PRIu64 " descriptors, %.0f %% of them shorter than %d bytes, %11" PRIu64 " bytes, %11" PRIu64
           " cycles; %" PRIu64 " stops, %" PRIu64 " cut short; halts by cause:", kind, total->cases, counts->movers,
           100.0 * (double)counts->brief / (double)(counts->movers != 0 ? counts->movers : 1), REFERENCE_BRIEF, counts->bytes,
           total->cycles, counts->stopped, counts->cut);
    for (unsigned i = 0; i < REFERENCE_CAUSES; i++)
        if (total->counts.halts[i] != 0) printf(" %u: %" PRIu64, i, total->counts.halts[i]);
    printf("\n");
}

int main(void)
{
    static struct total totals[KINDS_MOST], all;
    const struct model_kind *only = kind_from("KIND");
    uint64_t    first = number_from("SEED", 1), minutes = number_from("MINUTES", 0);
    uint64_t    count = number_from("COUNT", minutes != 0 ? UINT64_MAX : 1000);
    time_t      begun = time(NULL);
    bool        good  = true;
    for (uint64_t done = 0; good && done < count && (minutes == 0 || difftime(time(NULL), begun) < 60.0 * (double)minutes); done++)
        for (unsigned k = 0; good && model_kinds[k] != NULL && k < KINDS_MOST; k++) {
            if (only != NULL && only != model_kinds[k]) continue;
            show(model_kinds[k]->name, first + done, begun);
            good = run_case(model_kinds[k]->name, first + done, &totals[k]);
        }
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r\033[K");
    for (unsigned k = 0; model_kinds[k] != NULL && k < KINDS_MOST; k++)
        if (totals[k].cases != 0) {
            print_total(model_kinds[k]->name, &totals[k]);
            all.cases += totals[k].cases;
            all.cycles += totals[k].cycles;
            reference_counts_add(&all.counts, &totals[k].counts);
        }
    print_total("all", &all);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
