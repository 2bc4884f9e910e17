// SPDX-License-Identifier: Apache-2.0
//
// Gives the Verilated system its C face; model.cpp does the same for an engine alone.
//
// Compiled with SOC_DATA_W and SOC_UART_DIVISOR as the system was Verilated.
#include "Vsoc.h"
#include "Vsoc___024root.h"

#include "soc_model.h"

#include <cstring>
#include <verilated.h>
#ifdef MODEL_TRACE
#include <verilated_fst_c.h>
#endif

struct soc_model {
    VerilatedContext context;
    Vsoc            *top;
    uint32_t         pc; // of the instruction that retired last
#ifdef MODEL_TRACE
    VerilatedFstC fst;
#endif
};

namespace {

constexpr unsigned kBytes = SOC_DATA_W / 8;

// The two ports have the same signals under two prefixes.
#define DRIVE(prefix, bus)                                        \
    do {                                                          \
        top.prefix##arready = (bus).ar.ready;                     \
        top.prefix##rvalid  = (bus).r.valid;                      \
        if ((bus).r.valid) {                                      \
            top.prefix##rresp = (bus).r.resp;                     \
            top.prefix##rlast = (bus).r.last;                     \
            std::memcpy(&top.prefix##rdata, (bus).r.data, kBytes); \
        }                                                         \
        top.prefix##awready = (bus).aw.ready;                     \
        top.prefix##wready  = (bus).w.ready;                      \
        top.prefix##bvalid  = (bus).b.valid;                      \
        top.prefix##bresp   = (bus).b.resp;                       \
    } while (0)

#define SAMPLE(prefix, bus)                                        \
    do {                                                           \
        (bus).ar.valid = top.prefix##arvalid;                      \
        if ((bus).ar.valid) {                                      \
            (bus).ar.addr  = top.prefix##araddr;                   \
            (bus).ar.len   = top.prefix##arlen;                    \
            (bus).ar.size  = top.prefix##arsize;                   \
            (bus).ar.burst = top.prefix##arburst;                  \
        }                                                          \
        (bus).r.ready  = top.prefix##rready;                       \
        (bus).aw.valid = top.prefix##awvalid;                      \
        if ((bus).aw.valid) {                                      \
            (bus).aw.addr  = top.prefix##awaddr;                   \
            (bus).aw.len   = top.prefix##awlen;                    \
            (bus).aw.size  = top.prefix##awsize;                   \
            (bus).aw.burst = top.prefix##awburst;                  \
        }                                                          \
        (bus).w.valid = top.prefix##wvalid;                        \
        if ((bus).w.valid) {                                       \
            (bus).w.last = top.prefix##wlast;                      \
            (bus).w.strb = uint16_t(top.prefix##wstrb);            \
            std::memcpy((bus).w.data, &top.prefix##wdata, kBytes); \
        }                                                          \
        (bus).b.ready = top.prefix##bready;                        \
    } while (0)

} // namespace

extern "C" {

soc_model *soc_model_new(void)
{
    soc_model *m = new soc_model;
    m->pc        = 0;
#ifdef MODEL_TRACE
    m->context.traceEverOn(true);
#endif
    m->top = new Vsoc(&m->context, "soc");
#ifdef MODEL_TRACE
    m->top->trace(&m->fst, 99);
#endif
    return m;
}

void soc_model_free(soc_model *m)
{
    if (m == nullptr) return;
#ifdef MODEL_TRACE
    if (m->fst.isOpen()) m->fst.close();
#endif
    m->top->final();
    delete m->top;
    delete m;
}

void soc_model_clock(soc_model *m, soc_pins *pins)
{
    Vsoc &top    = *m->top;
    top.rst_n    = pins->rst_n;
    top.uart_rxd = pins->uart_rxd;
    top.fault_read  = pins->fault.on_read;
    top.fault_write = pins->fault.on_write;
    top.fault_hang  = pins->fault.hang;
    top.fault_resp  = pins->fault.resp;
    top.fault_first = pins->fault.first;
    top.fault_last  = pins->fault.last;
    DRIVE(m_axi_host_, pins->host);
    DRIVE(m_axi_device_, pins->device);
    top.clk = 0;
    top.eval();
#ifdef MODEL_TRACE
    if (m->fst.isOpen()) m->fst.dump(m->context.time());
#endif
    m->context.timeInc(1);

    // Sampled just before the rising edge: what the hardware acts on.
    SAMPLE(m_axi_host_, pins->host);
    SAMPLE(m_axi_device_, pins->device);
    pins->uart_txd    = top.uart_txd;
    pins->trace_valid = top.trace_valid;
    pins->trace_addr  = top.trace_addr;
    pins->trace_data  = top.trace_data;
    pins->video_pixel = top.video_pixel;
    pins->video_hsync = top.video_hsync;
    pins->video_vsync = top.video_vsync;
    pins->video_de    = top.video_de;
    pins->video_rgb   = top.video_rgb;
    pins->engine_irq  = top.engine_irq;
    if (top.rootp->soc__DOT__u_core__DOT__u_core__DOT__lastStageIsValid)
        m->pc = top.rootp->soc__DOT__u_core__DOT__u_core__DOT__lastStagePc;
    top.clk           = 1;
    top.eval();
#ifdef MODEL_TRACE
    if (m->fst.isOpen()) m->fst.dump(m->context.time());
#endif
    m->context.timeInc(1);
}

uint32_t *soc_model_program(soc_model *m, size_t *bytes)
{
    auto &words = m->top->rootp->soc__DOT__u_program__DOT__words;
    *bytes      = sizeof words;
    return &words[0];
}

uint32_t soc_model_pc(soc_model *m) { return m->pc; }

bool soc_model_data_access(soc_model *m, uint32_t *addr, bool *is_write)
{
    *addr     = m->top->rootp->soc__DOT__u_core__DOT__data_addr;
    *is_write = m->top->rootp->soc__DOT__u_core__DOT__data_write;
    return m->top->rootp->soc__DOT__u_core__DOT__data_valid;
}

unsigned soc_model_outstanding(soc_model *m, unsigned channel)
{
    const auto    &root  = *m->top->rootp;
    const unsigned shift = 8 * channel; // a byte a channel
    return unsigned(root.soc__DOT__u_engine__DOT__u_dray__DOT__g_gate__DOT__u_gate__DOT__reads_out >> shift & 0xff) +
           unsigned(root.soc__DOT__u_engine__DOT__u_dray__DOT__g_gate__DOT__u_gate__DOT__writes_out >> shift & 0xff);
}

uint32_t soc_model_underruns(soc_model *m) { return m->top->rootp->soc__DOT__u_video__DOT__underruns_q; }

unsigned soc_model_data_w(void) { return SOC_DATA_W; }
unsigned soc_model_uart_divisor(void) { return SOC_UART_DIVISOR; }

bool soc_model_trace(soc_model *m, const char *path)
{
#ifdef MODEL_TRACE
    m->fst.open(path);
    return m->fst.isOpen();
#else
    (void)m;
    (void)path;
    return false;
#endif
}

void soc_model_trace_end(soc_model *m)
{
#ifdef MODEL_TRACE
    if (m->fst.isOpen()) m->fst.close();
#else
    (void)m;
#endif
}

bool soc_model_traces(void)
{
#ifdef MODEL_TRACE
    return true;
#else
    return false;
#endif
}

} // extern "C"
