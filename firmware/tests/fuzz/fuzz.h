/* SPDX-License-Identifier: Apache-2.0 */
/** @file fuzz.h  An input of libFuzzer as numbers; when it has ended, they are 0. A cmocka assertion ends the program, which is a finding. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    const uint8_t *at, *end;
} input;

static inline void input_begin(const uint8_t *data, size_t size)
{
    input.at = data;
    input.end = data + size;
}

static inline int input_left(void)
{
    return input.at < input.end;
}

static inline uint32_t byte_of_input(void)
{
    return input_left() ? *input.at++ : 0u;
}

/* 0 .. below - 1 */
static inline uint32_t below(uint32_t limit)
{
    uint32_t value = byte_of_input();
    if (limit > 256u) value = value << 8 | byte_of_input();
    if (limit > 65536u) value = value << 8 | byte_of_input();
    return value % limit;
}

static inline uint32_t word_of_input(void)
{
    uint32_t high = below(65536);
    return high << 16 | below(65536);
}

static inline int chance(uint32_t one_in)
{
    return below(one_in) == one_in - 1u;
}

#endif
