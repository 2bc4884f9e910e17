/* SPDX-License-Identifier: Apache-2.0 */
/* An adapter's own map registers: who holds which. Direct ones are only counted; windowed ones are consecutive. */
#include <stddef.h>

#include "packet_private.h"

static bool bit_get(const uint32_t *bits, uint32_t n)
{
    return (bits[n / 32u] >> (n % 32u) & 1u) != 0u;
}

static void bits_set(uint32_t *bits, uint32_t first, uint32_t count)
{
    for (uint32_t n = first; n < first + count; n++) bits[n / 32u] |= 1u << (n % 32u);
}

static void bits_clear(uint32_t *bits, uint32_t first, uint32_t count)
{
    for (uint32_t n = first; n < first + count; n++) bits[n / 32u] &= ~(1u << (n % 32u));
}

static uint32_t longest_run(const uint32_t *bits, uint32_t count)
{
    uint32_t best = 0, run = 0;
    for (uint32_t n = 0; n < count; n++) {
        run = bit_get(bits, n) ? 0u : run + 1u;
        if (run > best) best = run;
    }
    return best;
}

uint32_t packet_registers_lasting(const struct packet_adapter *adapter)
{
    if (!adapter->config.windowed) return adapter->registers - adapter->registers_common;
    return longest_run(adapter->lasting, adapter->registers);
}

static bool count_fits(const struct packet_adapter *adapter, uint32_t count)
{
    return count <= adapter->registers - adapter->registers_common - adapter->registers_packets;
}

bool packet_registers_take(struct packet_adapter *adapter, uint32_t count, uint16_t *first)
{
    if (!count_fits(adapter, count)) return false;
    uint32_t run = 0, n = 0;
    for (; adapter->config.windowed && n < adapter->registers && run < count; n++) {
        run = bit_get(adapter->held, n) ? 0u : run + 1u;
    }
    if (adapter->config.windowed) {
        if (run < count) return false;
        bits_set(adapter->held, n - count, count);
        *first = (uint16_t)(adapter->first_register + n - count);
    }
    adapter->registers_packets += count;
    return true;
}

void packet_registers_give(struct packet_adapter *adapter, uint32_t count, uint16_t first)
{
    if (adapter->config.windowed) bits_clear(adapter->held, (uint32_t)first - adapter->first_register, count);
    adapter->registers_packets -= count;
}

/* From the top, so that what packets use stays in one piece. */
bool packet_registers_take_lasting(struct packet_adapter *adapter, uint32_t count, uint16_t *first)
{
    if (!count_fits(adapter, count)) return false;
    uint32_t run = 0, n = adapter->registers;
    for (; adapter->config.windowed && n != 0u && run < count; n--) {
        run = bit_get(adapter->held, n - 1u) ? 0u : run + 1u;
    }
    if (adapter->config.windowed) {
        if (run < count) return false;
        bits_set(adapter->held, n, count);
        bits_set(adapter->lasting, n, count);
        *first = (uint16_t)(adapter->first_register + n);
    }
    adapter->registers_common += count;
    return true;
}

void packet_registers_give_lasting(struct packet_adapter *adapter, uint32_t count, uint16_t first)
{
    if (adapter->config.windowed) {
        bits_clear(adapter->held, (uint32_t)first - adapter->first_register, count);
        bits_clear(adapter->lasting, (uint32_t)first - adapter->first_register, count);
    }
    adapter->registers_common -= count;
}
