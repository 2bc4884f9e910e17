// SPDX-License-Identifier: Apache-2.0
//
// Keeps the first errors of a bench as text and counts the rest.
#include "report.h"

#include <stdarg.h>

void report_clear(struct report *report)
{
    report->count = 0;
}

void report_error(struct report *report, const char *format, ...)
{
    if (report->count++ >= REPORT_KEPT) return;

    char   *text = report->text[report->count - 1];
    int     used = snprintf(text, REPORT_TEXT_BYTES, "cycle %llu: ", (unsigned long long)report->cycle);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, REPORT_TEXT_BYTES - (size_t)used, format, arguments);
    va_end(arguments);
}

void report_print(const struct report *report, FILE *file)
{
    unsigned kept = report->count < REPORT_KEPT ? report->count : REPORT_KEPT;
    for (unsigned i = 0; i < kept; i++) fprintf(file, "%s\n", report->text[i]);
    if (report->count > kept) fprintf(file, "and %u more\n", report->count - kept);
}
