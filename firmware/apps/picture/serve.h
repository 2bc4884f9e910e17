/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file serve.h
 * The way from the client to the miniport: each call is one request that the port hands to it, and the client waits for its end.
 *
 *     serve_begin(&result);
 *     while (memory_task_run(&task) == MEMORY_TASK_CALL) memory_task_return(&task, serve(&task));
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdint.h>

#include "memory_task.h"
#include "miniport_video.h"
#include "picture_block.h"

#define SERVE_DEVICE 0u /* the port's number of the miniport's device; it is open */

/** What the counts of the picture's own request go into. [passive] */
void serve_begin(struct picture_result *result);

/** Asks for the first bytes of the frame buffer to be shown. @return false: they are not. [passive] */
bool serve_screen_on(uint32_t bytes);

/** Does what the task asked for. @return a0 for it: 0, or -enum miniport_status. [passive] */
uint32_t serve(const struct memory_task *task);

/** Copies that were asked for, and how often the client was told of one; frames of the screen before the picture was there. [any] */
struct serve_counts {
    uint32_t asked, told, frames;
};
struct serve_counts serve_counts(void);

#endif
