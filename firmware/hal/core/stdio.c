/* SPDX-License-Identifier: Apache-2.0 */
/* picolibc's streams end at the console, and a failed assert() says so without printf. Linked only where used. */
#include <stdio.h>

#include "console.h"
#include "hal.h"

static int put(char c, FILE *file)
{
    (void)file;
    console_putc(c);
    return (unsigned char)c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);

FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;
