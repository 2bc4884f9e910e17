/* SPDX-License-Identifier: Apache-2.0 */
/* Formatted text in some hundred bytes. */
#include "console.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "machine.h"

#define DIGITS_MAX 10u

void console_putc(char c)
{
    machine_putc(c);
}

void console_puts(const char *text)
{
    for (; *text != '\0'; text++) machine_putc(*text);
}

int console_getc(void)
{
    return machine_getc();
}

static void put_number(unsigned value, unsigned radix, unsigned width, char pad, bool negative)
{
    char digits[DIGITS_MAX];
    unsigned count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % radix];
        value /= radix;
    } while (value != 0u);
    if (negative && pad == '0') machine_putc('-');
    for (unsigned used = count + (negative ? 1u : 0u); used < width; used++) machine_putc(pad);
    if (negative && pad != '0') machine_putc('-');
    while (count > 0u) machine_putc(digits[--count]);
}

static void put_signed(int value, unsigned width, char pad)
{
    bool negative = value < 0;
    put_number(negative ? 0u - (unsigned)value : (unsigned)value, 10u, width, pad, negative);
}

void console_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            machine_putc(*at);
            continue;
        }
        at++;
        char pad = ' ';
        unsigned width = 0;
        if (*at == '0') pad = *at++;
        while (*at >= '0' && *at <= '9') width = width * 10u + (unsigned)(*at++ - '0');
        const char *text;
        switch (*at) {
        case 'd': put_signed(va_arg(arguments, int), width, pad); break;
        case 'u': put_number(va_arg(arguments, unsigned), 10u, width, pad, false); break;
        case 'x': put_number(va_arg(arguments, unsigned), 16u, width, pad, false); break;
        case 'c': machine_putc((char)va_arg(arguments, int)); break;
        case 's':
            text = va_arg(arguments, const char *);
            console_puts(text == NULL ? "(null)" : text);
            break;
        case '\0': at--; break;
        default:   machine_putc(*at); break;
        }
    }
    va_end(arguments);
}
