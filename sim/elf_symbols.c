// SPDX-License-Identifier: Apache-2.0
//
// Walks section headers and symbols of an ELF file that was read as a whole; every offset is checked before it is used.
#include "elf_symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES  = 52,
    SECTION_BYTES = 40,
    SYMBOL_BYTES  = 16,
    FILE_MAX      = 64 << 20,
    SYMTAB        = 2, // types of sections
    NOBITS        = 8,
    FUNCTION      = 2, // types of symbols
    NOTYPE        = 0,
};

struct elf {
    uint8_t *bytes;
    size_t   len;
    uint32_t sections, section_count;
};

struct symbols {
    uint32_t first, count, names, names_bytes;
};

static uint32_t word_at(const struct elf *elf, uint64_t offset)
{
    if (offset + 4 > elf->len) return 0;
    const uint8_t *b = elf->bytes + offset;
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint32_t half_at(const struct elf *elf, uint64_t offset) { return word_at(elf, offset) & 0xffffu; }

static uint32_t of_section(const struct elf *elf, uint32_t number, uint32_t offset)
{
    return number < elf->section_count ? word_at(elf, elf->sections + (uint64_t)number * SECTION_BYTES + offset) : 0;
}

static bool elf_open(struct elf *elf, const char *path)
{
    FILE *file = fopen(path, "rb");
    *elf       = (struct elf){ .bytes = malloc(FILE_MAX) };
    if (file != NULL && elf->bytes != NULL) elf->len = fread(elf->bytes, 1, FILE_MAX, file);
    if (file != NULL) fclose(file);
    if (elf->len < HEADER_BYTES || memcmp(elf->bytes, "\177ELF\1\1", 6) != 0) return false;
    elf->sections      = word_at(elf, 32);
    elf->section_count = half_at(elf, 48);
    return half_at(elf, 46) == SECTION_BYTES;
}

static bool symbols_of(const struct elf *elf, struct symbols *symbols)
{
    for (uint32_t i = 0; i < elf->section_count; i++) {
        if (of_section(elf, i, 4) != SYMTAB) continue;
        const uint32_t names = of_section(elf, i, 24);
        *symbols = (struct symbols){ of_section(elf, i, 16), of_section(elf, i, 20) / SYMBOL_BYTES, of_section(elf, names, 16),
                                     of_section(elf, names, 20) };
        return true;
    }
    return false;
}

static uint64_t symbol_at(const struct symbols *symbols, uint32_t number)
{
    return symbols->first + (uint64_t)number * SYMBOL_BYTES;
}

// "" for a name that does not lie in the file with its end.
static const char *name_of(const struct elf *elf, const struct symbols *symbols, uint32_t number)
{
    const uint64_t at  = (uint64_t)symbols->names + word_at(elf, symbol_at(symbols, number));
    const uint64_t end = (uint64_t)symbols->names + symbols->names_bytes;
    if (at >= end || end > elf->len || memchr(elf->bytes + at, '\0', end - at) == NULL) return "";
    return (const char *)elf->bytes + at;
}

bool elf_symbol(const char *path, const char *name, struct elf_symbol *symbol)
{
    struct elf     elf;
    struct symbols symbols;
    bool           found = false;
    const bool     open  = elf_open(&elf, path) && symbols_of(&elf, &symbols);
    for (uint32_t i = 0; open && !found && i < symbols.count; i++) {
        if (strcmp(name_of(&elf, &symbols, i), name) != 0) continue;
        const uint64_t at = symbol_at(&symbols, i);
        *symbol = (struct elf_symbol){ word_at(&elf, at + 4), word_at(&elf, at + 8),
                                       of_section(&elf, half_at(&elf, at + 14), 4) != NOBITS };
        found = true;
    }
    free(elf.bytes);
    return found;
}

// The nearest function, or label of assembly, that begins at or before the address and is not known to end before it.
const char *elf_function(const char *path, uint32_t addr, char *text)
{
    struct elf     elf;
    struct symbols symbols;
    uint32_t       best = 0;
    const bool     open = elf_open(&elf, path) && symbols_of(&elf, &symbols);
    text[0] = '\0';
    for (uint32_t i = 0; open && i < symbols.count; i++) {
        const uint64_t at    = symbol_at(&symbols, i);
        const uint32_t begin = word_at(&elf, at + 4), bytes = word_at(&elf, at + 8), type = word_at(&elf, at + 12) & 15u;
        const char    *name  = name_of(&elf, &symbols, i);
        if ((type != FUNCTION && type != NOTYPE) || name[0] == '\0' || name[0] == '.' || name[0] == '$') continue;
        if (begin > addr || begin < best || (bytes != 0 && addr - begin >= bytes)) continue;
        best = begin;
        (void)snprintf(text, ELF_NAME, "%.60s + 0x%x", name, (unsigned)(addr - begin));
    }
    free(elf.bytes);
    return text;
}
