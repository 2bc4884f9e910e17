// SPDX-License-Identifier: Apache-2.0
//
// The whole system in simulation: the Verilated SoC, its two memories, and what hangs on its pins.
//
//     struct system_config config = system_defaults();
//     config.console = print_byte;
//     struct system *system = system_new(&config);
//     if (system_load(system, "firmware.elf")) system_run(system, UINT64_MAX);
//     printf("%s\n", system_why(system));
//     system_free(system);
//
// The firmware ends the run by storing its exit status at the last word of the trace port, 0xF003_FFFC. A run ends by
// itself, too: after cycles_max, when an access of the core is not answered, or when for quiet_max cycles there is neither a console
// byte nor a trace record; system_why then says where.
#ifndef SIM_SYSTEM_H
#define SIM_SYSTEM_H

#include "memory.h"
#include "soc_model.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SYSTEM_HOST_BASE    = 0x40000000,
    SYSTEM_HOST_BYTES   = 0x00800000,
    SYSTEM_DEVICE_BASE  = 0x40800000,
    SYSTEM_DEVICE_BYTES = 0x00800000,
    SYSTEM_EXIT_OFFSET  = 0xfffc, // of the trace port
};

// One store to the trace port.
struct system_record {
    uint64_t cycle;
    uint16_t event; // (offset & 0xfff) / 4
    uint8_t  level; // offset >> 12
    uint32_t argument;
};

// The screen's pins at the start of one pixel.
struct system_pixel {
    bool     hsync, vsync, de;
    uint32_t rgb;
};

enum system_end {
    SYSTEM_RUNNING, // may be run on
    SYSTEM_EXITED,  // the firmware said so; system_status is its exit status
    SYSTEM_LIMIT,   // cycles_max
    SYSTEM_QUIET,   // no sign of life for quiet_max cycles
    SYSTEM_STUCK,   // an access of the core was not answered
};

struct system_config {
    unsigned latency;    // L of both memories, cycles
    unsigned spread;     // each burst has 0 .. spread more
    struct memory_stalls stalls;
    uint64_t seed;
    uint64_t cycles_max; // 0: none
    uint64_t quiet_max;  // 0: none
    const char *wave;    // FST file; NULL: none

    // All may be NULL.
    void (*console)(void *user, uint8_t byte);
    void (*trace)(void *user, const struct system_record *record);
    void (*pixel)(void *user, const struct system_pixel *pixel);
    void *user;
};

struct system;

struct system_config system_defaults(void);
// @return NULL when a wave is asked for that this build cannot write; the system has been reset and has not begun.
struct system *system_new(const struct system_config *config);
void system_free(struct system *system);

// Loads the segments of a 32-bit RISC-V ELF file. @return false and a sentence in system_why if it cannot.
bool system_load(struct system *system, const char *path);

// Runs until an end or for so many cycles.
enum system_end system_run(struct system *system, uint64_t cycles);

enum system_end system_end_of(const struct system *system);
uint32_t        system_status(const struct system *system);
const char     *system_why(const struct system *system); // a sentence about the last end or error
uint64_t        system_cycle(const struct system *system);
unsigned        system_bus_errors(const struct system *system); // rules of AXI broken at the memories; printed to stderr at the end

// Sends bytes to the console's receiver, one behind the other; at most 256 may wait.
void system_send(struct system *system, const void *bytes, unsigned len);

// The pins, for inputs that a test drives itself (fault) and for looking on.
struct soc_pins *system_pins(struct system *system);
struct memory   *system_host(struct system *system);
struct memory   *system_device(struct system *system);
struct soc_model *system_model(struct system *system);

#endif
