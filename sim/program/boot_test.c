// SPDX-License-Identifier: Apache-2.0
//
// The boot test: console, the three interrupts, and host memory through cache, bridge and alias.
//
// Every line it prints ends with ok; its exit status is the number of those that do not.
__asm__(".option arch,+zicsr,+zifencei");

#include "program.h"

int main(void);

enum {
    CAUSE_SOFTWARE = 3,
    CAUSE_TIMER    = 7,
    CAUSE_EXTERNAL = 11,
    SOON           = 2000, // cycles
};

static volatile uint32_t software_seen, timer_seen, external_seen, strange_seen, received;

void trap(uint32_t cause)
{
    switch (cause & 0x7fffffffu) {
    case CAUSE_SOFTWARE:
        software_seen++;
        *reg(SOC_CLINT_MSIP) = 0;
        (void)*reg(SOC_CLINT_MSIP); // the store has left the core before mret
        break;
    case CAUSE_TIMER:
        timer_seen++;
        *reg(SOC_CLINT_MTIMECMP_HIGH) = 0xffffffffu;
        (void)*reg(SOC_CLINT_MTIMECMP_HIGH);
        break;
    case CAUSE_EXTERNAL:
        external_seen++;
        received              = *reg(SOC_UART_DATA);
        *reg(SOC_UART_COMMAND) = SOC_UART_COMMAND_RX_TAKE_MASK;
        (void)*reg(SOC_UART_STATUS);
        break;
    default:
        strange_seen++;
        break;
    }
}

static uint32_t now(void)
{
    return *reg(SOC_CLINT_MTIME);
}

static void wait_for(volatile uint32_t *what)
{
    for (uint32_t begun = now(); *what == 0 && now() - begun < 100u * SOON;) {}
}

static unsigned interrupts(void)
{
    unsigned bad = 0;
    __asm__ volatile("csrw 0xbc0, %0" ::"r"(1u << SOC_LINE_UART));
    __asm__ volatile("csrw mie, %0" ::"r"(1u << CAUSE_SOFTWARE | 1u << CAUSE_TIMER | 1u << CAUSE_EXTERNAL));
    __asm__ volatile("csrsi mstatus, 8");

    *reg(SOC_CLINT_MSIP) = 1;
    wait_for(&software_seen);
    bad += claim("software interrupt", software_seen, 1);

    const uint32_t due = now() + SOON;
    *reg(SOC_CLINT_MTIMECMP)      = due;
    *reg(SOC_CLINT_MTIMECMP_HIGH) = 0;
    bad += claim("timer not early", timer_seen, 0);
    wait_for(&timer_seen);
    bad += claim("timer interrupt", timer_seen, 1);
    bad += claim("timer not before its time", now() - due < 100u * SOON, true);

    put("send\n");
    wait_for(&external_seen);
    bad += claim("external interrupt", external_seen, 1);
    bad += claim("byte received", received, 'k');

    __asm__ volatile("csrci mstatus, 8");
    bad += claim("no other trap", strange_seen, 0);
    return bad;
}

static unsigned coherence(void)
{
    unsigned bad = 0;
    UNCACHED(0x1000) = 0x11111111u;
    CACHED(0x1000)   = 0x22222222u;
    bad += claim("a store waits in the host bridge", UNCACHED(0x1000), 0x11111111u);
    drain();
    bad += claim("DRAIN brings it to memory", UNCACHED(0x1000), 0x22222222u);
    bad += claim("the core reads it", CACHED(0x1000), 0x22222222u);

    UNCACHED(0x1000) = 0x33333333u;
    bad += claim("the cached word is old", CACHED(0x1000), 0x22222222u);
    invalidate();
    bad += claim("invalidated, the bridge still has it", CACHED(0x1000), 0x22222222u);
    drain();
    bad += claim("drained, the cache still has it", CACHED(0x1000), 0x22222222u);
    invalidate();
    bad += claim("drained and invalidated it is new", CACHED(0x1000), 0x33333333u);

    // Only dirty bytes go back: the neighbours were changed behind the bridge.
    UNCACHED(0x2000) = 0xaaaaaaaau;
    *(volatile uint8_t *)(SOC_BUS_HOST + 0x2001u) = 0x55u;
    UNCACHED(0x2000) = 0xbbbbbbbbu;
    drain();
    bad += claim("only dirty bytes are written back", UNCACHED(0x2000), 0xbbbb55bbu);

    // Nine lines: the oldest of them went out.
    for (uint32_t i = 0; i < 9; i++) UNCACHED(0x3000u + 32u * i) = 0;
    drain();
    for (uint32_t i = 0; i < 9; i++) CACHED(0x3000u + 32u * i) = i + 1u;
    bad += claim("the ninth line sends out the first", UNCACHED(0x3000), 1);
    bad += claim("and not the second", UNCACHED(0x3020), 0);
    return bad;
}

static unsigned errors(void)
{
    unsigned bad = 0;
    *reg(SOC_SYSTEM_DECODE_ERROR) = SOC_SYSTEM_DECODE_ERROR_VALID_MASK;
    const uint32_t before = *reg(SOC_SYSTEM_DECODE_ERROR) >> SOC_SYSTEM_DECODE_ERROR_COUNT_SHIFT;
    bad += claim("nothing answers with zero", *(volatile uint32_t *)0xe0001234u, 0);
    *(volatile uint32_t *)0xf0025678u = 1;
    const uint32_t log = *reg(SOC_SYSTEM_DECODE_ERROR);
    bad += claim("both are counted", (log >> SOC_SYSTEM_DECODE_ERROR_COUNT_SHIFT) - before, 2);
    bad += claim("the first is held", *reg(SOC_SYSTEM_DECODE_ADDR), 0xe0001234u);
    bad += claim("and was a load", log & (SOC_SYSTEM_DECODE_ERROR_VALID_MASK | SOC_SYSTEM_DECODE_ERROR_IS_WRITE_MASK),
                 SOC_SYSTEM_DECODE_ERROR_VALID_MASK);
    bad += claim("no bus error", *reg(SOC_SYSTEM_BUS_ERROR), 0);
    return bad;
}

int main(void)
{
    *reg(0x30000u + 4u * 65u) = 0x12345678u; // one trace record
    put("hello\n");
    unsigned bad = interrupts() + coherence() + errors();
    bad += claim("device memory is there", (*(volatile uint32_t *)0xb0800010u = 0xcafe0000u, *(volatile uint32_t *)0xb0800010u),
                 0xcafe0000u);
    put("done\n");
    put_done();
    return (int)bad;
}
