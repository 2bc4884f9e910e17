// SPDX-License-Identifier: Apache-2.0
//
// run - the main job on the simulated system: a picture goes in, a screen comes out.
//
//     run [--image FILE.png] [--latency N] [--one-element] [--saturate] [--registers N] [--trace FILE.fst] ...
//
// Writes source.png before the simulation, screen.png and run.json after it. The exit status is 0 only when the screen
// shows the picture, no pixel was late, every law holds and the firmware is content; 2 when the command line is wrong.
#include "job.h"
#include "progress.h"
#include "run_report.h"
#include "sequence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FAILED = 1, MISUSED = 2, PATH_BYTES = 1000, LATENCY_MAX = 1000, REGISTERS_MAX = 256, QUIET = 12000000, LINE_BYTES = 200 };

static const char usage[] =
    "usage: run [options]\n"
    "  --image FILE      any PNG; without it the project's own picture\n"
    "  --latency N       of the memories, cycles: 1 .. 1000, default 13\n"
    "  --one-element     the adapter reports no scatter/gather: one element a packet, through the window\n"
    "  --registers N     the copy's adapter has at most N map registers\n"
    "  --saturate        afterwards the bus is kept full while two whole frames are scanned\n"
    "  --no-cpu          do not measure the CPU's own copies\n"
    "  --cpu-whole       measure the fastest of them on every byte, not on a sixteenth\n"
    "  --trace FILE      every signal while the picture moves, as FST; in a build with TRACE=1\n"
    "  --trace-all FILE  every signal of the whole run\n"
    "  --out FOLDER      where source.png, screen.png and run.json go, default build/run\n"
    "  --firmware FILE   default build/firmware/core-linux/picture.elf\n"
    "  --quiet N         cycles without a sign of life after which the firmware counts as hung\n"
    "  --cycles N        the run ends here at the latest\n";

static struct picture  source;
static struct job      job;
static struct sequence sequence;
static struct progress progress;
static char            line[LINE_BYTES]; // of the firmware's console
static unsigned        line_length;

// ---- The command line

struct options {
    struct job_config job;
    const char       *image, *out;
    bool              help;
};

static int misuse(const char *subject, const char *what, const char *value)
{
    fprintf(stderr, "run: %s%s%s; see run --help.\n", subject, what, value);
    return MISUSED;
}

static bool number(const char *text, uint64_t most, uint64_t *value)
{
    char *end;
    errno  = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *value >= 1 && *value <= most;
}

// Options with a value. @return 0, or an exit status.
static int take_value(struct options *options, const char *option, const char *value)
{
    const struct { const char *name; const char **text; } texts[] = {
        { "--image", &options->image }, { "--out", &options->out }, { "--firmware", &options->job.firmware },
        { "--trace", &options->job.wave }, { "--trace-all", &options->job.wave },
    };
    uint64_t latency = options->job.latency, registers = options->job.registers;
    const struct { const char *name; uint64_t most; uint64_t *to; } numbers[] = {
        { "--latency", LATENCY_MAX, &latency }, { "--registers", REGISTERS_MAX, &registers },
        { "--quiet", UINT64_MAX, &options->job.quiet_max }, { "--cycles", UINT64_MAX, &options->job.cycles_max },
    };
    if (value == NULL) return misuse(option, " wants a value behind it", "");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(option, texts[i].name) != 0) continue;
        if (value[0] == '\0') return misuse(option, " wants a name", "");
        *texts[i].text = value;
        options->job.wave_whole = options->job.wave_whole || strcmp(option, "--trace-all") == 0;
        return 0;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(option, numbers[i].name) == 0 && !number(value, numbers[i].most, numbers[i].to))
            return misuse(option, " wants a number in its range, not ", value);
    }
    options->job.latency   = (unsigned)latency;
    options->job.registers = (uint32_t)registers;
    return 0;
}

static bool take_switch(struct options *options, const char *option)
{
    if (strcmp(option, "--one-element") == 0) options->job.flags |= PICTURE_ONE_ELEMENT;
    else if (strcmp(option, "--saturate") == 0) options->job.flags |= PICTURE_SATURATE;
    else if (strcmp(option, "--no-cpu") == 0) options->job.flags &= ~(uint32_t)(PICTURE_CPU_COPIES | PICTURE_CPU_WHOLE);
    else if (strcmp(option, "--cpu-whole") == 0) options->job.flags |= PICTURE_CPU_COPIES | PICTURE_CPU_WHOLE;
    else if (strcmp(option, "--help") == 0) options->help = true;
    else return false;
    return true;
}

static bool wants_value(const char *option)
{
    static const char *const names[] = { "--image", "--out", "--firmware", "--trace", "--trace-all", "--latency", "--registers", "--quiet", "--cycles" };
    size_t i = 0;
    while (i < sizeof names / sizeof names[0] && strcmp(option, names[i]) != 0) i++;
    return i < sizeof names / sizeof names[0];
}

static int parse(struct options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (take_switch(options, argv[i])) continue;
        if (!wants_value(argv[i])) return misuse("there is no option ", argv[i], "");
        const char *value  = i + 1 < argc ? argv[i + 1] : NULL;
        const int   status = take_value(options, argv[i++], value);
        if (status != 0) return status;
    }
    return 0;
}

// ---- While it runs

static const char *phase(void)
{
    static char moving[60];
    if (!job.asked) return "boot";
    if (job.told) return job.shown ? "shown; the firmware reads back and measures" : "moved; the screen is scanned";
    (void)snprintf(moving, sizeof moving, "%u of %d KiB have moved", (unsigned)(job.moved / 1024), PICTURE_BYTES / 1024);
    return moving;
}

static void on_tick(void *user)
{
    (void)user;
    progress_show(&progress, job.cycles, phase());
}

static void on_record(void *user, const struct system_record *record)
{
    (void)user;
    sequence_record(&sequence, record);
}

static void clear_progress(void) { progress_clear(&progress); }

static void on_console(void *user, uint8_t byte)
{
    (void)user;
    if (byte != '\n' && line_length + 1 < sizeof line) line[line_length++] = (char)byte;
    if (byte != '\n') return;
    line[line_length] = '\0';
    line_length       = 0;
    progress_clear(&progress);
    printf("  > %s\n", line);
    fflush(stdout);
}

// The CPU's copy of every byte, at most; it says nothing while it lasts.
static uint64_t whole_copy_cycles(const struct job_config *config)
{
    return (config->flags & PICTURE_CPU_WHOLE) != 0 ? PICTURE_BYTES / 4u * (24ull + config->latency) : 0;
}

// Measured runs: boot, picture, reading back; what each option adds; and how much latency slows all of it.
static uint64_t expected_cycles(const struct job_config *config)
{
    uint64_t cycles = 16000000;
    if ((config->flags & PICTURE_CPU_COPIES) != 0) cycles += 1000000;
    if ((config->flags & PICTURE_SATURATE) != 0) cycles += 5000000;
    return cycles + cycles * config->latency / 70 + whole_copy_cycles(config);
}

// ---- The run

static bool make_folder(const char *path)
{
    char part[PATH_BYTES];
    if (strlen(path) >= sizeof part) return false;
    for (size_t i = 0; i <= strlen(path); i++) {
        part[i] = '\0';
        if (i != 0 && (path[i] == '/' || path[i] == '\0') && mkdir(part, 0777) != 0 && errno != EEXIST) return false;
        part[i] = path[i];
    }
    return true;
}

static const char *in_folder(const char *folder, const char *name)
{
    static char path[PATH_BYTES + 40];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int stop(const char *why)
{
    fprintf(stderr, "run: %s\n", why);
    return FAILED;
}

static int simulate(const struct options *options)
{
    char why[PICTURE_WHY] = "";
    sequence = (struct sequence){ .to = stdout, .before = clear_progress };
    progress    = progress_begin(expected_cycles(&options->job));
    int status  = FAILED;
    if (!job_begin(&job, &options->job)) {
        fprintf(stderr, "run: %s\n", job.why);
    } else {
        job_run(&job);
        progress_clear(&progress);
        if (line_length != 0) on_console(NULL, '\n');
        if (job.shown && !picture_save(&job.frame, in_folder(options->out, "screen.png"), why)) fprintf(stderr, "run: %s\n", why);
        fflush(stdout);
        const struct run_verdict verdict = run_judge(&job, stderr);
        run_print_summary(&job, &verdict, options->out, stdout);
        const char *json    = in_folder(options->out, "run.json");
        const bool  written = run_write_json(&job, &verdict, json);
        if (!written) fprintf(stderr, "run: %s cannot be written.\n", json);
        status = written && why[0] == '\0' && verdict.failures == 0 ? EXIT_SUCCESS : FAILED;
    }
    job_end(&job);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = {
        .job = { .firmware = "build/firmware/core-linux/picture.elf", .latency = 13, .flags = PICTURE_CPU_COPIES, .quiet_max = QUIET,
                 .picture = &source, .console = on_console, .record = on_record, .tick = on_tick },
        .out = "build/run",
    };
    char      why[PICTURE_WHY];
    const int status = parse(&options, argc, argv);
    if (status != 0) return status;
    if (options.help) return fputs(usage, stdout) < 0 ? FAILED : EXIT_SUCCESS;

    options.job.quiet_max += whole_copy_cycles(&options.job);
    if (options.image == NULL) picture_make(&source);
    else if (!picture_load(&source, options.image, why)) return stop(why);
    if (!make_folder(options.out)) return stop("the folder of --out cannot be made; name another.");
    (void)remove(in_folder(options.out, "screen.png")); // so that none of an earlier run is taken for this one's
    (void)remove(in_folder(options.out, "run.json"));
    if (!picture_save(&source, in_folder(options.out, "source.png"), why)) return stop(why);
    return simulate(&options);
}
