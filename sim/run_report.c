// SPDX-License-Identifier: Apache-2.0
//
// Judges a finished job and writes it down. docs/system.md says what the parts are, job.h what is measured.
#include "run_report.h"

#include <inttypes.h>
#include <stdarg.h>

// ---- Judging

static void fail(struct run_verdict *verdict, FILE *to, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void fail(struct run_verdict *verdict, FILE *to, const char *format, ...)
{
    va_list args;
    verdict->failures++;
    fputs("run: ", to);
    va_start(args, format);
    (void)vfprintf(to, format, args);
    va_end(args);
    fputc('\n', to);
}

static uint32_t source_pixel(const struct job *job, size_t at) { return job->config.picture->pixels[at]; }

static void judge_screen(const struct job *job, struct run_verdict *verdict, FILE *to)
{
    if (!job->shown) {
        verdict->pixels_wrong = PICTURE_PIXELS;
        fail(verdict, to, "no whole frame was shown after the client was told.");
        return;
    }
    verdict->pixels_wrong = picture_compare(&job->frame, job->config.picture, &verdict->first_wrong);
    const size_t at = verdict->first_wrong;
    if (verdict->pixels_wrong != 0)
        fail(verdict, to, "%zu pixels are wrong, the first at %zu, %zu: %06x, not %06x.", verdict->pixels_wrong, at % PICTURE_WIDTH,
             at / PICTURE_WIDTH, (unsigned)job->frame.pixels[at], (unsigned)source_pixel(job, at));
}

static bool has_magenta(const struct picture *picture)
{
    size_t i = 0;
    while (i < PICTURE_PIXELS && picture->pixels[i] != SCREEN_MAGENTA) i++;
    return i < PICTURE_PIXELS;
}

// Without magenta of its own in the picture, what is magenta on the pins are the pixels that the hardware says it missed.
static void judge_pins(const struct job *job, struct run_verdict *verdict, FILE *to)
{
    if (job->underruns != 0) fail(verdict, to, "%u pixels were not there in time.", (unsigned)job->underruns);
    if (!has_magenta(job->config.picture) && job->screen.magenta != job->underruns)
        fail(verdict, to, "the hardware counts %u underruns, and the pins showed %" PRIu64 ".", (unsigned)job->underruns, job->screen.magenta);
    if (job->screen.errors != 0) fail(verdict, to, "the timing of the screen is wrong: %s.", job->screen.why);
}

static void judge_firmware(const struct job *job, struct run_verdict *verdict, FILE *to)
{
    const struct picture_result *result = &job->firmware;
    if (!job->good) fail(verdict, to, "%s", job->why);
    if (!job->good) return;
    if (result->status != 0) fail(verdict, to, "a request of the firmware ended with status %d.", (int)result->status);
    if (result->back_wrong != 0) fail(verdict, to, "%u bytes came back wrong.", (unsigned)result->back_wrong);
    if (result->violations != 0) fail(verdict, to, "the firmware recorded %u violations.", (unsigned)result->violations);
    if (result->bytes != PICTURE_BYTES) fail(verdict, to, "%u bytes were moved, not %d.", (unsigned)result->bytes, PICTURE_BYTES);
    if (result->packets != job->packets || result->bytes != job->moved)
        fail(verdict, to, "the firmware says %u packets of %u bytes, the trace %u of %" PRIu64 ".", (unsigned)result->packets,
             (unsigned)result->bytes, (unsigned)job->packets, job->moved);
}

struct run_verdict run_judge(const struct job *job, FILE *to)
{
    struct run_verdict verdict = { 0 };
    judge_firmware(job, &verdict, to);
    judge_screen(job, &verdict, to);
    judge_pins(job, &verdict, to);
    if (job->bus_errors != 0) fail(&verdict, to, "rules of the bus were broken %u times.", (unsigned)job->bus_errors);
    if (job->laws.notifies == 0) fail(&verdict, to, "the trace has no client that was told, so no law is shown to hold.");
    for (enum law law = LAW_ORDER; law < LAWS; law++)
        if (job->laws.broken[law][0] != '\0') fail(&verdict, to, "%s.", job->laws.broken[law]);
    return verdict;
}

// ---- Numbers that follow from others

static uint64_t dma_cycles(const struct job *job) { return job->last_complete - job->first_start; }
static double   ratio(double a, double b) { return b > 0.0 ? a / b : 0.0; }

static double bytes_per_cycle(const struct job *job) { return ratio((double)job->moved, (double)dma_cycles(job)); }

static const char *law_result(const struct job *job, enum law law)
{
    return job->laws.broken[law][0] == '\0' && job->laws.notifies != 0 ? "pass" : "fail";
}

// ---- The summary

static void print_cpu(const struct job *job, FILE *to)
{
    const struct picture_result *result = &job->firmware;
    if (result->cpu_copy_cycles == 0) return;
    fprintf(to, "  CPU        %u cycles for the same bytes, %.0f %% of them measured (words %u, unrolled %u, memcpy %u): DMA is %.1f times as fast\n",
            (unsigned)result->cpu_copy_cycles, 100.0 * ratio((double)result->cpu_copy_bytes, (double)result->bytes),
            (unsigned)result->cpu_words_cycles, (unsigned)result->cpu_unrolled_cycles, (unsigned)result->cpu_memcpy_cycles,
            ratio((double)result->cpu_copy_cycles, (double)dma_cycles(job)));
}

void run_print_summary(const struct job *job, const struct run_verdict *verdict, const char *folder, FILE *to)
{
    const struct picture_result *result = &job->firmware;
    if (!job->shown) fprintf(to, "\n  picture    there is no %s/screen.png\n", folder);
    else if (verdict->pixels_wrong == 0) fprintf(to, "\n  picture    %s/screen.png equals source.png, pixel by pixel\n", folder);
    else fprintf(to, "\n  picture    %s/screen.png differs from source.png in %zu pixels\n", folder, verdict->pixels_wrong);
    fprintf(to, "  moved      %" PRIu64 " bytes from %u pages, %u of them absent, in %u packets of %u elements; %u interrupts\n", job->moved,
            (unsigned)result->pages, (unsigned)result->absent, (unsigned)job->packets, (unsigned)result->elements, (unsigned)result->interrupts);
    fprintf(to, "  cycles     %u from Lock to the client; %" PRIu64 " from the first Start to the last Complete\n",
            (unsigned)result->notify_cycles, dma_cycles(job));
    fprintf(to, "  engine     %" PRIu64 " cycles with bursts of the copy outstanding, %.3f bytes in each; in %" PRIu64 " of them some of the screen too\n",
            job->engine_cycles, ratio((double)job->moved, (double)job->engine_cycles), job->overlap_cycles);
    fprintf(to, "  bus        %.3f bytes a cycle from the first Start on, where the bus gives %.3f beside the screen\n", bytes_per_cycle(job),
            job_bus_limit(job));
    print_cpu(job, to);
    fprintf(to, "  read back  %u requests, %u bytes wrong; %u page-ins and %u evictions in the whole run\n", (unsigned)result->back_requests,
            (unsigned)result->back_wrong, (unsigned)result->page_ins, (unsigned)result->evictions);
    fprintf(to, "  screen     %u whole frames, %u underruns\n", job->screen.frames, (unsigned)job->underruns);
    fprintf(to, "  laws      ");
    for (enum law law = LAW_ORDER; law < LAWS; law++) fprintf(to, " %s %s%s", laws_name(law), law_result(job, law), law + 1 < LAWS ? "," : "\n");
    fprintf(to, "  simulated  %.1f million cycles at latency %u in %.0f s, %.2f million a second\n", (double)job->cycles / 1e6,
            job->config.latency, job->seconds, ratio((double)job->cycles / 1e6, job->seconds));
}

// ---- run.json

bool run_write_json(const struct job *job, const struct run_verdict *verdict, const char *path)
{
    const struct picture_result *result = &job->firmware;
    FILE *to = fopen(path, "w");
    if (to == NULL) return false;
    fprintf(to, "{\n \"bytes\": %" PRIu64 ",\n \"packets\": %u,\n \"elements\": %u,\n \"interrupts\": %u,\n", job->moved,
            (unsigned)job->packets, (unsigned)result->elements, (unsigned)result->interrupts);
    fprintf(to, " \"pixels_wrong\": %zu,\n \"underruns\": %u,\n \"overlap_cycles\": %" PRIu64 ",\n \"notify_cycles\": %u,\n",
            verdict->pixels_wrong, (unsigned)job->underruns, job->overlap_cycles, (unsigned)result->notify_cycles);
    fprintf(to, " \"dma_cycles\": %" PRIu64 ",\n \"engine_cycles\": %" PRIu64 ",\n \"bytes_per_cycle\": %.4f,\n \"bus_limit\": %.4f,\n",
            dma_cycles(job), job->engine_cycles, bytes_per_cycle(job), job_bus_limit(job));
    fprintf(to, " \"cpu_copy_cycles\": %u,\n \"cpu_copy_bytes\": %u,\n \"cpu_words_cycles\": %u,\n \"cpu_unrolled_cycles\": %u,\n \"cpu_memcpy_cycles\": %u,\n \"laws\": {",
            (unsigned)result->cpu_copy_cycles, (unsigned)result->cpu_copy_bytes, (unsigned)result->cpu_words_cycles,
            (unsigned)result->cpu_unrolled_cycles, (unsigned)result->cpu_memcpy_cycles);
    for (enum law law = LAW_ORDER; law < LAWS; law++)
        fprintf(to, "%s\"%s\": \"%s\"", law == LAW_ORDER ? "" : ", ", laws_name(law), law_result(job, law));
    fprintf(to, "},\n \"latency\": %u,\n \"frames\": %u,\n \"pages\": %u,\n \"absent\": %u,\n \"back_wrong\": %u,\n", job->config.latency,
            job->screen.frames, (unsigned)result->pages, (unsigned)result->absent, (unsigned)result->back_wrong);
    fprintf(to, " \"page_ins\": %u,\n \"evictions\": %u,\n \"one_element\": %s,\n \"saturated\": %s,\n \"cycles\": %" PRIu64 ",\n \"seconds\": %.1f,\n",
            (unsigned)result->page_ins, (unsigned)result->evictions, (job->config.flags & PICTURE_ONE_ELEMENT) != 0 ? "true" : "false",
            (job->config.flags & PICTURE_SATURATE) != 0 ? "true" : "false", job->cycles, job->seconds);
    fprintf(to, " \"failures\": %u\n}\n", verdict->failures);
    const bool written = ferror(to) == 0;
    return fclose(to) == 0 && written;
}
