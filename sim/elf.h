// SPDX-License-Identifier: Apache-2.0
//
// Loads a 32-bit little-endian RISC-V program from an ELF file.
#ifndef SIM_ELF_H
#define SIM_ELF_H

#include <stdint.h>

// Copies every segment to where `place` says its load address is, and clears what the file does not fill.
// @param place  NULL when [addr, addr + bytes) is no memory of the system.
// @return NULL, or a sentence that says what is wrong; segments before the wrong one may have been loaded.
const char *elf_load(const char *path, void *(*place)(void *user, uint32_t addr, uint32_t bytes), void *user);

#endif
