/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file picture_block.h
 * What the simulator tells the picture program before it starts, and reads from it when it has ended.
 *
 * The block lies in program memory under the symbol picture_block. The picture itself lies in the backing store, from
 * page store_page on, as rows of XRGB8888 words; the second client buffer is read back from the store by the
 * simulator, or found in frames through the page tables.
 *
 *     simulator: fills request, loads the store     firmware: runs, fills result     simulator: reads result
 */
#ifndef PICTURE_BLOCK_H
#define PICTURE_BLOCK_H

#include <stdint.h>

#define PICTURE_MAGIC 0x44524159u /* "DRAY" */

enum picture_flag {
    PICTURE_ONE_ELEMENT = 1u << 0, /**< the adapter reports no scatter/gather: one element a packet, through the window */
    PICTURE_SATURATE    = 1u << 1, /**< after the picture: copies without a pause while two whole frames are scanned */
    PICTURE_CPU_COPIES  = 1u << 2, /**< measure the CPU's copies of the same bytes, on a share of them */
    PICTURE_CPU_WHOLE   = 1u << 3, /**< with CPU_COPIES: the fastest of them then copies every byte */
};

struct picture_request {
    uint32_t magic;         /**< PICTURE_MAGIC, or the firmware takes its defaults */
    uint32_t flags;         /**< enum picture_flag */
    uint32_t width, height; /**< pixels: 640, 480 */
    uint32_t store_page;    /**< first page of the picture in the backing store */
    uint32_t map_registers; /**< most map registers of the copy adapter; 0: as many as the packet size wants */
};

struct picture_result {
    uint32_t magic;             /**< PICTURE_MAGIC once the fields below are valid */
    int32_t  status;            /**< enum miniport_status of the worst request */
    uint32_t bytes;             /**< of the picture */
    uint32_t packets, elements; /**< of the picture's request */
    uint32_t interrupts;
    uint32_t pages, absent;     /**< of the picture's buffer; not resident when it was locked */
    uint32_t page_ins, evictions; /**< of the whole run */
    uint32_t notify_cycles;     /**< Lock to the client's notification */
    uint32_t dma_cycles;        /**< first StartDma to the return of the last CompleteDma */
    uint32_t back_requests;     /**< requests that read the frame buffer back: one whole, the others unaligned pieces */
    uint32_t back_wrong;        /**< bytes that the client found wrong in what came back */
    uint32_t cpu_copy_cycles;   /**< of the fastest copy, cached source, uncached destination */
    uint32_t cpu_copy_bytes;    /**< what it copied to know: with fewer than bytes, the cycles are scaled */
    uint32_t cpu_words_cycles, cpu_unrolled_cycles, cpu_memcpy_cycles; /**< on a share, scaled */
    uint32_t violations;        /**< recorded by the port; 0 in a good run */
};

struct picture_block {
    struct picture_request request;
    struct picture_result  result;
};

#endif
