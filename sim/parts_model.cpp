// SPDX-License-Identifier: Apache-2.0
//
// Gives the Verilated `parts` its C face; soc_model.cpp does the same for the whole system.
//
// Compiled once a build of it, with PARTS_TOP (Vparts) and PARTS_HEADER ("Vparts.h").
#include PARTS_HEADER

#include "parts_model.h"

#include <cstring>
#include <verilated.h>

struct parts {
    VerilatedContext context;
    PARTS_TOP       *top;
};

namespace {

// A memory answers: the model is the manager.
#define DRIVE_MEMORY(prefix, bus)                                      \
    do {                                                               \
        top.prefix##arready = (bus).ar.ready;                          \
        top.prefix##rvalid  = (bus).r.valid;                           \
        top.prefix##rresp   = (bus).r.resp;                            \
        top.prefix##rlast   = (bus).r.last;                            \
        std::memcpy(&top.prefix##rdata, (bus).r.data, PARTS_BYTES);    \
        top.prefix##awready = (bus).aw.ready;                          \
        top.prefix##wready  = (bus).w.ready;                           \
        top.prefix##bvalid  = (bus).b.valid;                           \
        top.prefix##bresp   = (bus).b.resp;                            \
    } while (0)

#define SAMPLE_MEMORY(prefix, bus)                                     \
    do {                                                               \
        (bus).ar.valid = top.prefix##arvalid;                          \
        (bus).ar.addr  = top.prefix##araddr;                           \
        (bus).ar.len   = top.prefix##arlen;                            \
        (bus).ar.size = (bus).aw.size = 3;                             \
        (bus).ar.burst = (bus).aw.burst = BUS_INCR;                    \
        (bus).r.ready  = top.prefix##rready;                           \
        (bus).aw.valid = top.prefix##awvalid;                          \
        (bus).aw.addr  = top.prefix##awaddr;                           \
        (bus).aw.len   = top.prefix##awlen;                            \
        (bus).w.valid  = top.prefix##wvalid;                           \
        (bus).w.last   = top.prefix##wlast;                            \
        (bus).w.strb   = top.prefix##wstrb;                            \
        std::memcpy((bus).w.data, &top.prefix##wdata, PARTS_BYTES);    \
        (bus).b.ready = top.prefix##bready;                            \
    } while (0)

// A test asks: the model is the subordinate.
#define DRIVE_MANAGER(prefix, bus)                                     \
    do {                                                               \
        top.prefix##arvalid = (bus).ar.valid;                          \
        top.prefix##araddr  = IData((bus).ar.addr);                    \
        top.prefix##arlen   = (bus).ar.len;                            \
        top.prefix##rready  = (bus).r.ready;                           \
        top.prefix##awvalid = (bus).aw.valid;                          \
        top.prefix##awaddr  = IData((bus).aw.addr);                    \
        top.prefix##awlen   = (bus).aw.len;                            \
        top.prefix##wvalid  = (bus).w.valid;                           \
        top.prefix##wlast   = (bus).w.last;                            \
        top.prefix##wstrb   = CData((bus).w.strb);                     \
        std::memcpy(&top.prefix##wdata, (bus).w.data, PARTS_BYTES);    \
        top.prefix##bready = (bus).b.ready;                            \
    } while (0)

#define SAMPLE_MANAGER(prefix, bus)                                    \
    do {                                                               \
        (bus).ar.ready = top.prefix##arready;                          \
        (bus).r.valid  = top.prefix##rvalid;                           \
        (bus).r.resp   = top.prefix##rresp;                            \
        (bus).r.last   = top.prefix##rlast;                            \
        std::memcpy((bus).r.data, &top.prefix##rdata, PARTS_BYTES);    \
        (bus).aw.ready = top.prefix##awready;                          \
        (bus).w.ready  = top.prefix##wready;                           \
        (bus).b.valid  = top.prefix##bvalid;                           \
        (bus).b.resp   = top.prefix##bresp;                            \
    } while (0)

void drive(PARTS_TOP &top, const parts_pins &pins)
{
    top.rst_n       = pins.rst_n;
    top.host_valid  = pins.host_valid;
    top.alias_valid = pins.alias_valid;
    top.core_addr   = pins.core_addr;
    top.core_write  = pins.core_write;
    top.core_wstrb  = pins.core_wstrb;
    top.core_wdata  = pins.core_wdata;
    top.drain_start = pins.drain_start;
    top.flush_start = pins.flush_start;
    top.fault_read  = pins.fault.on_read;
    top.fault_write = pins.fault.on_write;
    top.fault_hang  = pins.fault.hang;
    top.fault_resp  = pins.fault.resp;
    top.fault_first = pins.fault.first;
    top.fault_last  = pins.fault.last;
    DRIVE_MANAGER(engine_, pins.engine);
    DRIVE_MANAGER(a_, pins.a);
    DRIVE_MANAGER(b_, pins.b);
    DRIVE_MEMORY(m_axi_host_, pins.host);
    DRIVE_MEMORY(m_axi_device_, pins.device);
    DRIVE_MEMORY(x_host_, pins.x_host);
    DRIVE_MEMORY(x_device_, pins.x_device);
    top.video_wr_valid = pins.video.wr_valid;
    top.video_addr     = pins.video.addr;
    top.video_wdata    = pins.video.wdata;
    top.axis_tvalid    = pins.stream.valid;
    top.axis_tkeep     = pins.stream.keep & 1u;
    top.axis_tlast     = pins.stream.last;
    std::memcpy(&top.axis_tdata, pins.stream.data, PARTS_BYTES);
    top.uart_wr_valid = pins.uart.wr_valid;
    top.uart_addr     = pins.uart.addr;
    top.uart_wdata    = pins.uart.wdata;
    top.uart_rxd      = pins.uart_rxd;
}

void sample(PARTS_TOP &top, parts_pins &pins)
{
    pins.host_ready  = top.host_ready;
    pins.alias_ready = top.alias_ready;
    pins.core_rdata  = top.core_rdata;
    pins.drain_busy  = top.drain_busy;
    pins.flush_busy  = top.flush_busy;
    pins.errors      = top.errors;
    SAMPLE_MANAGER(engine_, pins.engine);
    SAMPLE_MANAGER(a_, pins.a);
    SAMPLE_MANAGER(b_, pins.b);
    SAMPLE_MEMORY(m_axi_host_, pins.host);
    SAMPLE_MEMORY(m_axi_device_, pins.device);
    SAMPLE_MEMORY(x_host_, pins.x_host);
    SAMPLE_MEMORY(x_device_, pins.x_device);
    pins.video.rdata  = top.video_rdata;
    pins.stream.ready = top.axis_tready;
    pins.video_pixel  = top.video_pixel;
    pins.video_hsync  = top.video_hsync;
    pins.video_vsync  = top.video_vsync;
    pins.video_de     = top.video_de;
    pins.video_rgb    = top.video_rgb;
    pins.uart.rdata   = top.uart_rdata;
    pins.uart_txd     = top.uart_txd;
    pins.uart_irq     = top.uart_irq;
}

} // namespace

extern "C" {

parts *parts_new(void)
{
    parts *p = new parts;
    p->top   = new PARTS_TOP(&p->context, "parts");
    return p;
}

void parts_free(parts *p)
{
    if (p == nullptr) return;
    p->top->final();
    delete p->top;
    delete p;
}

void parts_clock(parts *p, parts_pins *pins)
{
    drive(*p->top, *pins);
    p->top->clk = 0;
    p->top->eval();
    p->context.timeInc(1);

    // Sampled just before the rising edge: what the hardware acts on.
    sample(*p->top, *pins);
    p->top->clk = 1;
    p->top->eval();
    p->context.timeInc(1);
}

} // extern "C"
