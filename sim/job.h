// SPDX-License-Identifier: Apache-2.0
//
// The main job: a picture goes into the firmware's backing store, the firmware moves it to the screen, and everything
// that can be seen from outside is measured while it does.
//
//     static struct job job;
//     if (!job_begin(&job, &config)) fprintf(stderr, "run: %s\n", job.why);
//     else job_run(&job);
//     job_end(&job);
//
// What is measured, between the client's request (its REQUEST record) and its notification (NOTIFY):
//     dma_cycles      first Start entered to the last Complete returned, as the trace port saw them
//     engine_cycles   cycles in which the gate counts at least one burst of the copy's channel: admitted, no last response
//     overlap_cycles  those of them in which it counts one of another channel, which is the screen's, too
//     screen_beats    beats that the screen read, of all cycles from the first Start to the last Complete's return
// and from reset to the end:
//     underruns       pixels that were not there in their cycle, as the hardware counts them
#ifndef SIM_JOB_H
#define SIM_JOB_H

#include "picture.h"
#include "screen.h"
#include "system.h"

#include "picture_block.h"
#include "trace_laws.h"

#include <stdbool.h>
#include <stdint.h>

// A firmware that gives no sign of life is stopped. The CPU's own copies say nothing for a long time, but they write.
struct job_config {
    const char *firmware;
    unsigned    latency;
    uint32_t    flags;      // enum picture_flag
    uint32_t    registers;  // 0: as many as the firmware wants
    uint64_t    cycles_max; // 0: none
    uint64_t    quiet_max;  // cycles without console, trace or a write to the frame buffer, after which it hangs; 0: none
    const char *wave;       // FST file of the picture's request; NULL: none
    bool        wave_whole; // of the whole run instead
    const struct picture *picture;

    // All may be NULL.
    void (*console)(void *user, uint8_t byte);
    void (*record)(void *user, const struct system_record *record);
    void (*tick)(void *user); // now and then
    void *user;
};

struct job {
    struct job_config config;
    struct system    *system;
    struct screen     screen;
    struct laws       laws;

    bool           good;      // the firmware ended with status 0 and left a result
    char           why[600];  // a sentence about how the run ended
    struct picture_result firmware;
    bool           shown;     // a whole frame began after the client was told:
    struct picture frame;     // this one
    uint64_t       cycles, engine_cycles, overlap_cycles;
    uint64_t       first_start, last_complete; // cycles
    uint64_t       screen_beats;
    uint32_t       packets;   // that were executed for the picture
    uint64_t       moved;     // bytes of the picture that were completed
    uint32_t       underruns, bus_errors;
    double         seconds;

    // Private from here on.
    struct { uint32_t addr; } block;
    uint32_t channels[16];    // of the adapters, as GET said
    uint32_t adapter;         // the copy's
    bool     asked, told;
    uint64_t told_cycle, cycles_after, beats_before;
    uint64_t life, writes; // when the last sign of life was, and how many writes the frame buffer had by then
    bool     hangs;
    struct system_record last;
};

// @return false with a sentence in job->why.
bool job_begin(struct job *job, const struct job_config *config);
void job_run(struct job *job);
void job_end(struct job *job);

// Bytes a cycle that no copy of this kind could exceed. The engine's read port takes a beat of B bytes a cycle; the
// screen had some of these cycles, and each element costs a descriptor of 16 bytes. Writes go another way, beside it.
double job_bus_limit(const struct job *job);

#endif
