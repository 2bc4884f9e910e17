// SPDX-License-Identifier: Apache-2.0
//
// Finds names in the symbol table of a 32-bit RISC-V program: where a variable lies, and which function an address is in.
//
//     struct elf_symbol symbol;
//     if (elf_symbol(path, "picture_block", &symbol)) ...
//     char text[ELF_NAME];
//     puts(elf_function(path, pc, text));                    // "miniport_dpc + 0x24", or "" for none
#ifndef SIM_ELF_SYMBOLS_H
#define SIM_ELF_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

enum { ELF_NAME = 80 };

struct elf_symbol {
    uint32_t addr, bytes;
    bool     loaded; // its bytes stand in the file; those of .bss do not, and the program clears them when it starts
};

// @return false when the file cannot be read or has no such symbol.
bool elf_symbol(const char *path, const char *name, struct elf_symbol *symbol);

// @param text  text[ELF_NAME]
// @return text
const char *elf_function(const char *path, uint32_t addr, char *text);

#endif
