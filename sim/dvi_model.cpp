// SPDX-License-Identifier: Apache-2.0
//
// Gives the Verilated way of the screen its C face.
#include "Vdvi.h"

#include "dvi_model.h"

#include <verilated.h>

struct dvi_model {
    VerilatedContext context;
    Vdvi             top{&context, "dvi"};
};

extern "C" {

dvi_model *dvi_model_new(void) { return new dvi_model; }

void dvi_model_free(dvi_model *model)
{
    if (model == nullptr) return;
    model->top.final();
    delete model;
}

void dvi_model_settle(dvi_model *model, dvi_pins *pins)
{
    Vdvi &top = model->top;
    top.clk = pins->clk;
    top.clk_pixel = pins->clk_pixel;
    top.clk_bit = pins->clk_bit;
    top.rst_n = pins->rst_n;
    top.rst_pixel_n = pins->rst_pixel_n;
    top.video_pixel = pins->video_pixel;
    top.video_hsync = pins->hsync;
    top.video_vsync = pins->vsync;
    top.video_de = pins->de;
    top.video_rgb = pins->rgb;
    top.eval();
    pins->bits = top.bits;
}

} // extern "C"
