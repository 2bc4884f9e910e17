/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file serve.h
 * The driver's answers to the client: each call is one request of the miniport, and the client waits for its end.
 *
 *     serve_begin(&miniport, &result);
 *     while (memory_task_run(&task) == MEMORY_TASK_CALL) memory_task_return(&task, serve(&task));
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdint.h>

#include "memory_task.h"
#include "miniport.h"
#include "picture_block.h"

/** What the counts of the picture's own request go into. [passive] */
void serve_begin(struct miniport *miniport, struct picture_result *result);

/** Does what the task asked for. @return a0 for it: 0, or -enum miniport_status. [passive] */
uint32_t serve(const struct memory_task *task);

/** Requests that were accepted, and how often a client was told; frames of the screen before the picture was there. [any] */
struct serve_counts {
    uint32_t asked, told, frames;
};
struct serve_counts serve_counts(void);

#endif
