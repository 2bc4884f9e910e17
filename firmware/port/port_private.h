/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share and nobody else sees. */
#ifndef PORT_PRIVATE_H
#define PORT_PRIVATE_H

#include <stdbool.h>

#include "clock.h"
#include "dpc.h"
#include "irq.h"
#include "irql.h"
#include "memory_mdl.h"
#include "packet.h"
#include "port.h"
#include "video_client.h"
#include "video_ex.h"

/* A handle is the address of one of these bytes; a new life of the adapter uses the next, so an old handle is known. */
#define PORT_HANDLES 16u

/* Address and length in a list that is not valid, before and after (SGL-02): the gate refuses the one, and no driver's own
 * check the other, so that the hardware tells who uses it. */
#define PORT_SPOILT 0x01010101u

/* All of it is changed with interrupts off, or by its creator. */
struct _ENG_EVENT {
    bool used, notification, signaled;
    bool waited; /* the main loop waits for it */
};

/* One hart: a lock is the level DISPATCH, and a note of how it was taken that finds who would wait for ever. */
struct _VIDEO_PORT_SPIN_LOCK {
    enum { PORT_SPIN_NONE, PORT_SPIN_FREE, PORT_SPIN_RAISED, PORT_SPIN_AT_DPC } state;
    enum irql before; /* the level that PORT_SPIN_RAISED goes back to */
};

struct port_device {
    PVOID               extension; /* NULL: this entry is free */
    PVIDEO_HW_INTERRUPT interrupt;
    struct irq_handler  handler;
    struct dpc          dpc;
    struct memory_quota quota;
    struct map         *map;      /* its gate */
    uint32_t            channels; /* bits */
    bool                interrupts, lock_held;
    uint32_t            locked_at, locked_cycles_max;
    unsigned            line;
    struct _ENG_EVENT   events[VP_MAX_EVENTS];
    struct _VIDEO_PORT_SPIN_LOCK spin_locks[VP_MAX_SPIN_LOCKS];
    PVIDEO_HW_TIMER     tick;
    struct dpc          tick_dpc;
    struct clock_timer  tick_timer;
    uint32_t            tick_cycles;
    bool                ticking, in_tick;

    /* Found by VideoPortInitialize(). */
    const struct port_bus_device *bus; /* NULL: attached by its miniport */
    PVIDEO_HW_INITIALIZE initialize;
    PVIDEO_HW_START_IO   start_io;
    bool                 opened;
    uint32_t             locks;            /* how often the device lock is held, by the main loop alone */
    PVP_REQUEST          waiting, started; /* before HwStartIO, oldest first; HwStartIO has got them */
    VP_LOGGED_ERROR      error;
};

struct port_packet {
    struct packet           core; /* first: the core hands it back */
    struct port_adapter    *adapter;
    PULONG                  length;
    PEXECUTE_DMA            routine;
    PVOID                   context;
    PVP_SCATTER_GATHER_LIST list; /* NULL while it waits */
    bool                    used;
};

struct port_adapter {
    struct packet_adapter core;
    struct port_device   *device; /* NULL: this entry is free */
    uint8_t               handles[PORT_HANDLES];
    unsigned              life;
    unsigned              list_elements; /* of the arena, each list; the first of them is its head */
    uint32_t              lists_used;    /* bits */
    struct port_packet    packets[VP_MAX_STARTS];
    VP_SCATTER_GATHER_ELEMENT arena[VP_LIST_ELEMENTS];
};

extern const struct packet_face port_face;

struct packet_system *port_system(void);
struct port_adapter  *port_adapters(void); /* [VP_MAX_ADAPTERS] */
struct port_device   *port_devices(void);  /* [VP_MAX_DEVICES] */

/* From here on the device interrupts, and its interrupt lock is usable (IRQ-07). */
void port_device_connect(struct port_device *device, PVIDEO_HW_INTERRUPT interrupt, unsigned line);

/* NULL for an extension that is not attached. */
struct port_device *port_device_of(PVOID extension);

/* NULL, with VIOL_ADAPTER or VIOL_STALE_ADAPTER, unless this is an adapter of this extension. */
struct port_adapter *port_adapter_of(PVOID extension, PVP_DMA_ADAPTER handle);

/* Adds the device's own memory to a description that cannot name it; NULL or a device without: nothing. */
void port_device_memory(const struct port_device *device, VP_DEVICE_DESCRIPTION_EX *description);

/* The timer of a device, from attach to detach. */
void port_timer_attach(struct port_device *device, PVIDEO_HW_TIMER tick, ULONG period_us);
void port_timer_detach(struct port_device *device);

static inline PVP_DMA_ADAPTER port_handle_of(struct port_adapter *adapter)
{
    return (PVP_DMA_ADAPTER)(void *)&adapter->handles[adapter->life % PORT_HANDLES];
}

static inline PVP_SCATTER_GATHER_LIST port_list_at(struct port_adapter *adapter, unsigned number)
{
    return (PVP_SCATTER_GATHER_LIST)(void *)&adapter->arena[number * adapter->list_elements];
}

/* The head, and the elements that were written: those behind them are spoilt already. */
static inline void port_spoil(PVP_SCATTER_GATHER_LIST list, uint32_t elements)
{
    list->NumberOfElements = PORT_SPOILT;
    list->Reserved = PORT_SPOILT;
    for (uint32_t i = 0; i < elements; i++) {
        list->Elements[i].Address.QuadPart = PORT_SPOILT;
        list->Elements[i].Length = PORT_SPOILT;
        list->Elements[i].Reserved = PORT_SPOILT;
    }
}

#endif
