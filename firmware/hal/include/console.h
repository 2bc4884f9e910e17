/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file console.h
 * Text out, and bytes in. On the core the UART (polled out), on the host standard output.
 *
 * stdout and stderr of picolibc end here too, so assert() speaks; console_print() is there because it costs some
 * hundred bytes where printf costs ten thousand.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

/** One byte; waits for room in the UART. '\n' goes out as it is. [any] */
void console_putc(char c);

/** A string, without a line end of its own. [any] */
void console_puts(const char *text);

/**
 * Formatted text: %s %c %d %u %x %%, with an optional width and leading 0 for d, u and x ("%08x"), and nothing else.
 * Arguments are int, unsigned or pointers to char; a uint32_t is an unsigned on the core and on the host, a
 * conversion is harmless. A NULL string prints as "(null)".
 *
 * [any]
 */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** @return the oldest byte received, 0 .. 255, or -1 when there is none. [any] */
int console_getc(void);

#endif
