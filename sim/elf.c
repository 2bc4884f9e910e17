// SPDX-License-Identifier: Apache-2.0
//
// Reads ELF headers byte by byte, so that a broken file is refused and never believed.
#include "elf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES  = 52,
    SEGMENT_BYTES = 32,
    SEGMENTS_MAX  = 64,
    CLASS_32      = 1,
    LITTLE        = 1,
    TYPE_EXEC     = 2,
    MACHINE_RISCV = 243,
    SEGMENT_LOAD  = 1,
};

static unsigned half_at(const uint8_t *bytes) { return bytes[0] | (unsigned)bytes[1] << 8; }
static uint32_t word_at(const uint8_t *bytes) { return half_at(bytes) | (uint32_t)half_at(bytes + 2) << 16; }

static bool read_at(FILE *file, uint32_t offset, void *to, size_t bytes)
{
    return fseek(file, (long)offset, SEEK_SET) == 0 && fread(to, 1, bytes, file) == bytes;
}

static const char *load(FILE *file, void *(*place)(void *user, uint32_t addr, uint32_t bytes), void *user)
{
    uint8_t header[HEADER_BYTES];
    if (!read_at(file, 0, header, sizeof header) || memcmp(header, "\177ELF", 4) != 0) return "this is no ELF file";
    if (header[4] != CLASS_32 || header[5] != LITTLE || half_at(header + 16) != TYPE_EXEC ||
        half_at(header + 18) != MACHINE_RISCV)
        return "this is no 32-bit RISC-V program";

    const uint32_t offset = word_at(header + 28);
    const unsigned count  = half_at(header + 44);
    if (half_at(header + 42) != SEGMENT_BYTES || count == 0 || count > SEGMENTS_MAX) return "its segments cannot be read";
    for (unsigned i = 0; i < count; i++) {
        uint8_t segment[SEGMENT_BYTES];
        if (!read_at(file, offset + i * SEGMENT_BYTES, segment, sizeof segment)) return "its segments cannot be read";
        const uint32_t from = word_at(segment + 4), addr = word_at(segment + 12);
        const uint32_t in_file = word_at(segment + 16), in_memory = word_at(segment + 20);
        if (word_at(segment) != SEGMENT_LOAD || in_memory == 0) continue;
        if (in_file > in_memory) return "a segment is longer in the file than in memory";
        uint8_t *to = place(user, addr, in_memory);
        if (to == NULL) return "a segment lies outside the memory of the system";
        if (!read_at(file, from, to, in_file)) return "the file ends inside a segment";
        memset(to + in_file, 0, in_memory - in_file);
    }
    return NULL;
}

const char *elf_load(const char *path, void *(*place)(void *user, uint32_t addr, uint32_t bytes), void *user)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return strerror(errno);
    const char *problem = load(file, place, user);
    fclose(file);
    return problem;
}
