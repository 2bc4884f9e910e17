// SPDX-License-Identifier: Apache-2.0
//
// The only C++ of the project: gives one Verilated configuration of the engine its C face.
//
// Compiled once a configuration, with MODEL_NAME (default64), MODEL_HEADER ("Vdefault64.h") and each
// Verilog parameter as DRAY_<parameter>.
#include MODEL_HEADER

#include "model.h"

#include <cstring>
#include <memory>
#include <verilated.h>
#ifdef MODEL_TRACE
#include <verilated_fst_c.h>
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#define TOP JOIN(V, MODEL_NAME)
#define KIND JOIN(model_kind_, MODEL_NAME)

extern "C" const model_kind KIND;

namespace {

// A configuration that names no base has that of dray.sv.
#ifndef DRAY_WINDOW_BASE
#define DRAY_WINDOW_BASE 0xc0000000u
#endif
#ifndef DRAY_GUARD_BASE
#define DRAY_GUARD_BASE 0x40000000u
#endif

constexpr unsigned kChannels = DRAY_CHANNELS;
constexpr unsigned kBytes = DRAY_DATA_W / 8;

struct verilated : model {
    VerilatedContext     context;
    std::unique_ptr<TOP> top;
#ifdef MODEL_TRACE
    VerilatedFstC fst;
#endif
};

// Verilator keeps a vector as little-endian words, whatever its width: on a little-endian host, bytes.
template <typename Vector> void put(Vector &to, const uint8_t *from) { std::memcpy(&to, from, kBytes); }

void drive_axil(const axil &bus, CData &awvalid, SData &awaddr, CData &wvalid, IData &wdata, CData &wstrb, CData &bready,
                CData &arvalid, SData &araddr, CData &rready)
{
    awvalid = bus.aw.valid;
    awaddr  = SData(bus.aw.addr & 0xfffu);
    wvalid  = bus.w.valid;
    wdata   = bus.w.data;
    wstrb   = bus.w.strb;
    bready  = bus.b.ready;
    arvalid = bus.ar.valid;
    araddr  = SData(bus.ar.addr & 0xfffu);
    rready  = bus.r.ready;
}

void drive(TOP &top, const model_pins &pins)
{
    top.rst_n      = pins.rst_n;
    top.gate_rst_n = pins.gate_rst_n;
    drive_axil(pins.registers, top.s_axil_awvalid, top.s_axil_awaddr, top.s_axil_wvalid, top.s_axil_wdata, top.s_axil_wstrb,
               top.s_axil_bready, top.s_axil_arvalid, top.s_axil_araddr, top.s_axil_rready);
    drive_axil(pins.gate, top.s_axil_gate_awvalid, top.s_axil_gate_awaddr, top.s_axil_gate_wvalid, top.s_axil_gate_wdata,
               top.s_axil_gate_wstrb, top.s_axil_gate_bready, top.s_axil_gate_arvalid, top.s_axil_gate_araddr,
               top.s_axil_gate_rready);

    const axi &bus    = pins.memory;
    top.m_axi_arready = bus.ar.ready;
    top.m_axi_rvalid  = bus.r.valid;
    top.m_axi_rresp   = bus.r.resp;
    top.m_axi_rlast   = bus.r.last;
    put(top.m_axi_rdata, bus.r.data);
    top.m_axi_awready = bus.aw.ready;
    top.m_axi_wready  = bus.w.ready;
    top.m_axi_bvalid  = bus.b.valid;
    top.m_axi_bresp   = bus.b.resp;

    unsigned tready = 0;
    for (unsigned i = 0; i < kChannels; i++) tready |= unsigned(pins.stream_out[i].ready) << i;
    top.m_axis_tready = CData(tready);

    unsigned tvalid = 0, tlast = 0;
    uint64_t tkeep = 0, tid = 0, tdest = 0;
    for (unsigned i = 0; i < kChannels; i++) {
        const axis &stream = pins.stream_in[i];
        tvalid |= unsigned(stream.valid) << i;
        tlast |= unsigned(stream.last) << i;
        tkeep |= uint64_t(stream.keep & ((1u << kBytes) - 1u)) << (i * kBytes);
        tid |= uint64_t(stream.id) << (i * 8);
        tdest |= uint64_t(stream.dest) << (i * 8);
        std::memcpy(reinterpret_cast<uint8_t *>(&top.s_axis_tdata) + i * kBytes, stream.data, kBytes);
    }
    top.s_axis_tvalid = CData(tvalid);
    top.s_axis_tlast  = CData(tlast);
    std::memcpy(&top.s_axis_tkeep, &tkeep, sizeof top.s_axis_tkeep);
    std::memcpy(&top.s_axis_tid, &tid, sizeof top.s_axis_tid);
    std::memcpy(&top.s_axis_tdest, &tdest, sizeof top.s_axis_tdest);
}

void sample_axil(axil &bus, CData awready, CData wready, CData bvalid, CData bresp, CData arready, CData rvalid, IData rdata,
                 CData rresp)
{
    bus.aw.ready = awready;
    bus.w.ready  = wready;
    bus.b.valid  = bvalid;
    bus.b.resp   = bresp;
    bus.ar.ready = arready;
    bus.r.valid  = rvalid;
    bus.r.data   = rdata;
    bus.r.resp   = rresp;
}

void sample(const TOP &top, model_pins &pins)
{
    sample_axil(pins.registers, top.s_axil_awready, top.s_axil_wready, top.s_axil_bvalid, top.s_axil_bresp, top.s_axil_arready,
                top.s_axil_rvalid, top.s_axil_rdata, top.s_axil_rresp);
    sample_axil(pins.gate, top.s_axil_gate_awready, top.s_axil_gate_wready, top.s_axil_gate_bvalid, top.s_axil_gate_bresp,
                top.s_axil_gate_arready, top.s_axil_gate_rvalid, top.s_axil_gate_rdata, top.s_axil_gate_rresp);
    pins.irq         = top.irq;
    pins.channel_irq = top.channel_irq;

    axi &bus     = pins.memory;
    bus.ar.valid = top.m_axi_arvalid;
    if (bus.ar.valid) {
        bus.ar.addr  = top.m_axi_araddr;
        bus.ar.len   = top.m_axi_arlen;
        bus.ar.size  = top.m_axi_arsize;
        bus.ar.burst = top.m_axi_arburst;
        bus.ar.prot  = top.m_axi_arprot;
        bus.ar.cache = top.m_axi_arcache;
        bus.ar.qos   = top.m_axi_arqos;
    }
    bus.r.ready  = top.m_axi_rready;
    bus.aw.valid = top.m_axi_awvalid;
    if (bus.aw.valid) {
        bus.aw.addr  = top.m_axi_awaddr;
        bus.aw.len   = top.m_axi_awlen;
        bus.aw.size  = top.m_axi_awsize;
        bus.aw.burst = top.m_axi_awburst;
        bus.aw.prot  = top.m_axi_awprot;
        bus.aw.cache = top.m_axi_awcache;
        bus.aw.qos   = top.m_axi_awqos;
    }
    bus.w.valid = top.m_axi_wvalid;
    if (bus.w.valid) {
        bus.w.last = top.m_axi_wlast;
        bus.w.strb = uint16_t(top.m_axi_wstrb);
        std::memcpy(bus.w.data, &top.m_axi_wdata, kBytes);
    }
    bus.b.ready = top.m_axi_bready;

    // Lane n of the packed vectors is channel n.
    for (unsigned i = 0; i < kChannels; i++) {
        pins.stream_in[i].ready = (top.s_axis_tready >> i) & 1;
        axis &stream = pins.stream_out[i];
        stream.valid = (top.m_axis_tvalid >> i) & 1;
        if (!stream.valid) continue;
        stream.last = (top.m_axis_tlast >> i) & 1;
        std::memcpy(stream.data, reinterpret_cast<const uint8_t *>(&top.m_axis_tdata) + i * kBytes, kBytes);
        uint64_t keep[2] = { 0, 0 }; // a channel's bits never lie in both
        static_assert(sizeof top.m_axis_tkeep <= sizeof keep, "TKEEP of all channels fits two words");
        std::memcpy(keep, &top.m_axis_tkeep, sizeof top.m_axis_tkeep);
        stream.keep = uint16_t((keep[i * kBytes / 64] >> (i * kBytes % 64)) & ((1u << kBytes) - 1u));
        stream.id   = uint8_t(uint64_t(top.m_axis_tid) >> (i * 8));
        stream.dest = uint8_t(uint64_t(top.m_axis_tdest) >> (i * 8));
    }
}

void clock(model *face, model_pins *pins)
{
    verilated &m = *static_cast<verilated *>(face);
    drive(*m.top, *pins);
    m.top->clk = 0;
    m.top->eval();
#ifdef MODEL_TRACE
    if (m.fst.isOpen()) m.fst.dump(m.context.time());
#endif
    m.context.timeInc(1);

    // Sampled just before the rising edge: what the hardware acts on.
    sample(*m.top, *pins);
    m.top->clk = 1;
    m.top->eval();
#ifdef MODEL_TRACE
    if (m.fst.isOpen()) m.fst.dump(m.context.time());
#endif
    m.context.timeInc(1);
}

bool trace(model *face, const char *path)
{
#ifdef MODEL_TRACE
    verilated &m = *static_cast<verilated *>(face);
    m.fst.open(path);
    return m.fst.isOpen();
#else
    (void)face;
    (void)path;
    return false;
#endif
}

void destroy(model *face)
{
    verilated *m = static_cast<verilated *>(face);
#ifdef MODEL_TRACE
    if (m->fst.isOpen()) m->fst.close();
#endif
    m->top->final();
    delete m;
}

model *create()
{
    verilated *m = new verilated;
    m->kind    = &KIND;
    m->clock   = clock;
    m->trace   = trace;
    m->destroy = destroy;
#ifdef MODEL_TRACE
    m->context.traceEverOn(true);
#endif
    m->top = std::make_unique<TOP>(&m->context, "dray");
#ifdef MODEL_TRACE
    m->top->trace(&m->fst, 99);
#endif
    return m;
}

} // namespace

extern "C" const model_kind KIND = {
    TEXT(MODEL_NAME),
    { DRAY_DATA_W, DRAY_ADDR_W, DRAY_CHANNELS, DRAY_FIFO_BEATS, DRAY_DESCRIPTORS, DRAY_READS, DRAY_BURST_BEATS, DRAY_BYTES, DRAY_FILL, DRAY_ROWS, DRAY_LISTS,
      DRAY_GATE, DRAY_WINDOW, DRAY_PAGE_LG, DRAY_GUARD_FRAMES, DRAY_STREAM_OUT, DRAY_STREAM_IN, DRAY_STREAM_BEATS, DRAY_WINDOW_BASE, DRAY_GUARD_BASE,
      DRAY_BUDGET, DRAY_WATCHDOG, DRAY_COALESCE, DRAY_PRIORITY, DRAY_ATTRIBUTES, DRAY_COUNTERS },
    create,
};
