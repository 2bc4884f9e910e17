// SPDX-License-Identifier: Apache-2.0
//
// C face of sim/dvi.sv. The caller moves the clocks; every call settles what has changed.
#ifndef SIM_DVI_MODEL_H
#define SIM_DVI_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dvi_pins {
    bool     clk, clk_pixel, clk_bit, rst_n, rst_pixel_n;
    bool     video_pixel, hsync, vsync, de;
    uint32_t rgb;
    uint8_t  bits; // out: two of each lane
};

struct dvi_model;

struct dvi_model *dvi_model_new(void);
void dvi_model_free(struct dvi_model *model);
void dvi_model_settle(struct dvi_model *model, struct dvi_pins *pins);

#ifdef __cplusplus
}
#endif

#endif
