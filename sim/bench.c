// SPDX-License-Identifier: Apache-2.0
//
// Measures the engine against the cycle limits of docs, prints a table, and writes build/bench.json.
//
//     bench [--json FILE] [CONFIG | CASE | S=SIZE | L=LATENCY]...      no word: everything
//
// One row is 128 transfers between permuted pages, one doorbell, from its W handshake to irq; the whole
// memory is compared after it. A row over its limit says so; one that hangs, or moves wrong bytes, fails the run.
#include "bench.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const unsigned sizes[]     = { 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384 };
static const unsigned latencies[] = { 1, 13, 100 };

enum { PATH_BYTES = 1000 };

// Those that make size measures, and the widest.
static const char *const configs[] = { "default32", "default64", "default128" };

// What a user asked for; 0 or NULL is all.
struct wish {
    const char *config, *name;
    unsigned    size, latency;
};

struct output {
    FILE    *json;
    unsigned rows, over, lost;
};

// Where a row that hangs or goes wrong comes back to; its engine is thrown away.
static jmp_buf lost;

static void lose_row(void)
{
    longjmp(lost, 1);
}

static void print_row(struct output *output, const struct bench_row *row)
{
    bool   over  = row->cycles > row->limit || row->underruns > 0 || row->finish_skew > BENCH_SKEW_MOST;
    double ratio = (double)row->cycles / (double)row->limit;
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r\033[K");
    printf("%-22s %-9s L=%-4u S=%-6u %8llu of %8llu  %5.3f", row->name, row->config, row->latency, row->size,
           (unsigned long long)row->cycles, (unsigned long long)row->limit, ratio);
    if (row->underruns >= 0) printf("  %lld underruns", (long long)row->underruns);
    if (row->finish_skew >= 0) printf("  %.1f %% apart", 100 * row->finish_skew);
    puts(over ? "  OVER" : "");
    fprintf(output->json,
            "%s\n  {\"case\": \"%s\", \"config\": \"%s\", \"width\": %u, \"latency\": %u, \"size\": %u, \"count\": %u, "
            "\"src_offset\": %u, \"dst_offset\": %u, \"cycles\": %llu, \"limit\": %llu, \"ratio\": %.4f",
            output->rows ? "," : "", row->name, row->config, row->width, row->latency, row->size, row->count,
            row->src_offset, row->dst_offset, (unsigned long long)row->cycles, (unsigned long long)row->limit, ratio);
    if (row->underruns >= 0) fprintf(output->json, ", \"underruns\": %lld", (long long)row->underruns);
    if (row->finish_skew >= 0) fprintf(output->json, ", \"finish_skew\": %.4f", row->finish_skew);
    fputc('}', output->json);
    output->rows++;
    output->over += over;
}

static struct engine *open_engine(const char *config)
{
    struct engine *engine = engine_new(&(struct engine_config){ .kind = config, .latency = 1, .open_bytes = BENCH_OPEN_BYTES });
    engine->stop          = lose_row;
    return engine;
}

// Nothing here outlives a jump, so nothing can be clobbered by one. @return false: the engine hangs.
static bool measure(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                    struct bench_row *rows, unsigned *count)
{
    if (setjmp(lost) != 0) return false;
    *count = one->run(engine, one, latency, size, rows);
    return true;
}

// @return the engine for the next row.
static struct engine *run_size(struct output *output, struct engine *engine, const struct bench_case *one, unsigned latency,
                               unsigned size)
{
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r\033[K%s %s L=%u S=%u", one->name, engine->name, latency, size);
    struct bench_row rows[BENCH_ROWS_MAX];
    unsigned count = 0;
    if (!measure(engine, one, latency, size, rows, &count)) {
        printf("%-22s %-9s L=%-4u S=%-6u LOST\n", one->name, engine->name, latency, size);
        output->rows++;
        output->lost++;
        const char *config = engine->name;
        engine_free(engine);
        return open_engine(config);
    }
    for (unsigned i = 0; i < count; i++) print_row(output, &rows[i]);
    return engine;
}

static bool wanted(const struct wish *wish, const struct bench_case *one, const struct engine *engine, unsigned latency,
                   unsigned size)
{
    if (wish->name != NULL && strcmp(wish->name, one->name) != 0) return false;
    if (wish->latency != 0 && wish->latency != latency) return false;
    if (wish->size != 0 && wish->size != size) return false;
    if (engine->width_bytes == 16 && size < one->size_least_128) return false;
    return size >= one->size_least && size <= one->size_most;
}

static const struct {
    const struct bench_case *cases;
    const unsigned          *count;
} tables[] = {
    { bench_cases, &bench_case_count },
    { bench_channel_cases, &bench_channel_count },
    { bench_list_cases, &bench_list_count },
    { bench_stream_cases, &bench_stream_count },
};
enum { CASE_TABLES = sizeof tables / sizeof tables[0] };

static void run_config(struct output *output, const char *config, const struct wish *wish)
{
    struct engine *engine = open_engine(config);
    for (unsigned c = 0; c < CASE_TABLES; c++)
        for (unsigned i = 0; i < *tables[c].count; i++)
            for (unsigned l = 0; l < sizeof latencies / sizeof latencies[0]; l++)
                for (unsigned s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
                    const struct bench_case *one = &tables[c].cases[i];
                    if (wanted(wish, one, engine, latencies[l], sizes[s])) engine = run_size(output, engine, one, latencies[l], sizes[s]);
                }
    engine_free(engine);
}

int main(int argc, char **argv)
{
    struct wish   wish   = { .size = 0 };
    struct output output = { .rows = 0 };
    const char   *path   = "/dev/null";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0 && i + 1 < argc) path = argv[++i];
        else if (strncmp(argv[i], "S=", 2) == 0) wish.size = (unsigned)strtoul(argv[i] + 2, NULL, 10);
        else if (strncmp(argv[i], "L=", 2) == 0) wish.latency = (unsigned)strtoul(argv[i] + 2, NULL, 10);
        else if (model_kind_find(argv[i]) != NULL) wish.config = argv[i];
        else wish.name = argv[i];
    }
    // An interrupted bench leaves the file of the one before.
    char unfinished[PATH_BYTES];
    (void)snprintf(unfinished, sizeof unfinished, strcmp(path, "/dev/null") == 0 ? "%s" : "%s.part", path);
    output.json = fopen(unfinished, "w");
    if (output.json == NULL) {
        perror(unfinished);
        return EXIT_FAILURE;
    }
    fputc('[', output.json);
    for (unsigned i = 0; i < sizeof configs / sizeof configs[0]; i++)
        if (wish.config == NULL || strcmp(wish.config, configs[i]) == 0)
            run_config(&output, configs[i], &wish);
    fputs("\n]\n", output.json);
    fclose(output.json);
    if (output.rows == 0) {
        fputs("bench: no row is wished; name a case, a configuration, S=SIZE or L=LATENCY of those that make bench prints.\n", stderr);
        return EXIT_FAILURE;
    }
    if (strcmp(path, unfinished) != 0 && rename(unfinished, path) != 0) {
        perror(path);
        return EXIT_FAILURE;
    }
    printf("%u rows, %u over their limit, %u lost\n", output.rows, output.over, output.lost);
    return output.lost != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
