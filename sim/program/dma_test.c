// SPDX-License-Identifier: Apache-2.0
//
// The engine in the system: a copy through guard and posting bridge with its interrupt, and a picture on the screen.
//
// Every line it prints ends with ok; its exit status is the number of those that do not.
__asm__(".option arch,+zicsr,+zifencei");

#include "dray_gate_regs.h"
#include "dray_regs.h"
#include "program.h"

int main(void);

enum {
    RING0 = 0x100000, RING1 = 0x101000, // offsets in host memory
    SOURCE = 0x110000, TARGET = 0x120000, PICTURE = 0x200000,
    COPY_BYTES = 1000, PICTURE_BYTES = 640 * 480 * 4,
    GUARD_FRAMES = 4096, PATIENCE = 200000,
};

static volatile uint32_t interrupts;

void trap(uint32_t cause)
{
    (void)cause;
    interrupts++;
    *reg(DRAY_CHANNEL_IRQ_STATUS(0)) = ~0u;
    (void)*reg(DRAY_CHANNEL_IRQ_STATUS(0));
}

// One descriptor in the ring's first slot, written round cache and bridge; then the doorbell.
static void submit(uint32_t channel, uint32_t ring, uint32_t source, uint32_t target, uint32_t bytes, uint32_t flags, uint32_t cyclic)
{
    UNCACHED(ring)       = SOC_BUS_HOST + source;
    UNCACHED(ring + 4u)  = SOC_BUS_HOST + target;
    UNCACHED(ring + 8u)  = bytes;
    UNCACHED(ring + 12u) = 1u | 1u << DRAY_DESCRIPTOR_CONTROL_GENERATION_SHIFT | flags;
    *reg(DRAY_CHANNEL_RING_BASE(channel)) = SOC_BUS_HOST + ring;
    *reg(DRAY_CHANNEL_RING_SIZE(channel)) = cyclic ? 0u : 4u;
    *reg(DRAY_CHANNEL_CONTROL(channel))   = 1u | cyclic << 1;
    *reg(DRAY_CHANNEL_PRODUCER(channel))  = 1u;
}

static void open_guard(uint32_t channel)
{
    while ((*reg(0x1000u + DRAY_GATE_CAPABILITIES) & DRAY_GATE_CAPABILITIES_READY_MASK) == 0) {}
    for (uint32_t frame = 0; frame < GUARD_FRAMES / 2u; frame++)
        *reg(0x1000u + DRAY_GATE_GUARD_SET) = frame | DRAY_GATE_GUARD_SET_MAY_READ_MASK | DRAY_GATE_GUARD_SET_MAY_WRITE_MASK |
                                              channel << DRAY_GATE_GUARD_SET_CHANNEL_SHIFT;
}

static unsigned copy(void)
{
    unsigned bad = 0;
    for (uint32_t i = 0; i < COPY_BYTES; i += 4) {
        CACHED(SOURCE + i)   = 0x01000193u * (i + 1u);
        UNCACHED(TARGET + i) = 0;
    }
    bad += claim("the engine is there", *reg(DRAY_ID), 0x44524159u);
    bad += claim("and its gate", *reg(0x1000u + DRAY_GATE_ID), 0x47415445u);
    (void)CACHED(TARGET); // old bytes for the core's cache and the bridge
    drain();
    (void)CACHED(TARGET + COPY_BYTES - 4u);
    open_guard(0);
    __asm__ volatile("csrw 0xbc0, %0" ::"r"(1u << SOC_LINE_ENGINE));
    __asm__ volatile("csrw mie, %0" ::"r"(1u << 11));
    __asm__ volatile("csrsi mstatus, 8");
    *reg(DRAY_CHANNEL_IRQ_ENABLE(0)) = 1;
    submit(0, RING0, SOURCE, TARGET, COPY_BYTES, DRAY_DESCRIPTOR_CONTROL_IRQ_MASK, 0);
    for (uint32_t i = 0; interrupts == 0 && i < PATIENCE; i++) {}
    const uint32_t old = CACHED(TARGET + COPY_BYTES - 4u);
    drain();
    invalidate();
    const uint32_t held = CACHED(TARGET + COPY_BYTES - 4u);
    flush();
    drain();
    invalidate();
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < COPY_BYTES; i += 4) wrong += CACHED(TARGET + i) != CACHED(SOURCE + i);
    // Told only now: what it says takes longer than the posting bridge waits.
    bad += claim("one interrupt", interrupts, 1);
    bad += claim("the descriptor is consumed", *reg(DRAY_CHANNEL_CONSUMER(0)), 1);
    bad += claim("the cached copy of the tail is old", old, 0);
    bad += claim("drained and invalidated, the posting bridge still has it", held, 0);
    bad += claim("flushed, drained, invalidated all of it is new", wrong, 0);
    return bad;
}

// The harness has filled the picture in host memory, and looks at the pins.
static unsigned screen(void)
{
    unsigned bad = 0;
    open_guard(1);
    *reg(SOC_VIDEO_CONTROL) = SOC_VIDEO_CONTROL_ENABLE_MASK;
    submit(1, RING1, PICTURE, 0, PICTURE_BYTES, DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK, 1);
    put("scan\n");
    while (*reg(SOC_VIDEO_FRAMES) < 2) {}
    bad += claim("two frames without an underrun", *reg(SOC_VIDEO_UNDERRUNS), 0);
    return bad;
}

int main(void)
{
    put("hello\n");
    unsigned bad = copy() + screen();
    bad += claim("no bus error", *reg(SOC_SYSTEM_BUS_ERROR), 0);
    put("done\n");
    put_done();
    return (int)bad;
}
