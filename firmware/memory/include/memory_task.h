/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file memory_task.h
 * The client as a program: code in U mode, in its own address space, that asks the driver through a system call.
 *
 *     static struct memory_task task;
 *
 *     memory_task_start(&task, client, client_main, argument, stack_pages);
 *     for (;;) {
 *         switch (memory_task_run(&task)) {
 *         case MEMORY_TASK_CALL:                        // task.call[0..7] are a0..a7 of the ecall
 *             memory_task_return(&task, serve(task.call));
 *             break;
 *         case MEMORY_TASK_FAULT:                       // told why in task.reason
 *         ...
 *
 * memory_task_run() is an ordinary function that returns when the client needs somebody. Page faults are served inside
 * it at PASSIVE, interrupts and DPCs run as ever. A client that waits is one that nobody runs.
 *
 * Client code stands in files that end in _client.c: the linker puts them into pages of their own that U mode may read
 * and execute at the address where they are. They have no data of their own (no .data, no .bss): a client's memory is
 * its stack and what it maps. They ask by client_call() (client_call.h).
 *
 * On the host there is no U mode: tests play the client with memory_client_read() and _write(). Without an MMU the
 * client runs in machine mode on its own stack, and faults do not exist.
 */
#ifndef MEMORY_TASK_H
#define MEMORY_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "memory_client.h"
#include "user.h"

/** Why memory_task_run() returned. */
enum memory_task_stop {
    MEMORY_TASK_CALL  = 0, /**< ecall: task->call[] holds a0..a7; go on after memory_task_return() */
    MEMORY_TASK_FAULT = 1, /**< a page it may not touch, or for which there is no frame: task->reason, fault_address */
    MEMORY_TASK_TRAP  = 2, /**< illegal instruction, misaligned access: task->cause */
    MEMORY_TASK_ENDED = 3, /**< its entry function returned; call[0] is the result */
};

/** One task. Allocate it statically. */
struct memory_task {
    struct user_registers registers; /**< private */
    struct memory_client *client;    /**< private */
    uint32_t call[8];
    enum memory_status reason;
    uint32_t fault_address;
    uint32_t cause; /**< mcause of the exception */
};

/**
 * Prepares a task: maps a stack, sets pc and registers. Nothing runs yet.
 *
 * @param entry        in a _client.c file; gets @p argument
 * @param stack_pages  1 ..
 * @return MEMORY_OK, or what memory_client_map() said
 *
 * [passive] [core]
 */
enum memory_status memory_task_start(struct memory_task *task, struct memory_client *client,
                                     uint32_t (*entry)(uint32_t argument), uint32_t argument, uint32_t stack_pages);

/**
 * Runs the client until it calls, ends or fails. Its address space is the current one meanwhile and afterwards.
 *
 * [passive] [core]
 */
enum memory_task_stop memory_task_run(struct memory_task *task);

/** Answers a call: a0 of the client. The next memory_task_run() goes on behind the ecall. [passive] [core] */
void memory_task_return(struct memory_task *task, uint32_t value);

#endif
