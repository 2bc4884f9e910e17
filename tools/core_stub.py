#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the soft core's ports as a module without a body, from the core's package.

    core_stub.py <VexRiscv_Linux.v> <stub.sv>

The linters need to know the ports of the core and nothing else of it: its text is not ours and is never copied.
Outputs are tied low, inputs are read, so that the stub itself is clean.
"""

import re
import sys
from pathlib import Path

PORT = re.compile(r"^\s*(input|output)\s+(?:reg\s+)?(\[[^\]]+\])?\s*(\w+),?\s*$", re.MULTILINE)
MODULE = re.compile(r"^module VexRiscv \((.*?)^\);", re.MULTILINE | re.DOTALL)


def stub(text: str) -> str:
    found = MODULE.search(text)
    if found is None:
        sys.exit("core_stub.py: no module VexRiscv in that file.")
    ports = PORT.findall(found.group(1))
    rows = [f"    {way:<6} {'wire ' if way == 'input' else 'logic'} {span:<8} {name}".rstrip() for way, span, name in ports]
    low = [f"    assign {name} = '0;" for way, _, name in ports if way == "output"]
    inputs = ", ".join(name for way, _, name in ports if way == "input")
    return "\n".join([
        "// SPDX-License-Identifier: Apache-2.0",
        "//",
        "// VexRiscv - ports of the soft core, for the linters alone. Written by tools/core_stub.py.",
        "",
        "`default_nettype none",
        "",
        "module VexRiscv (",
        ",\n".join(rows),
        ");",
        "",
        *low,
        "",
        f"    wire unused_ok = &{{1'b0, {inputs}}};",
        "",
        "endmodule",
        "",
        "`default_nettype wire",
        "",
    ])


def main() -> int:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    target = Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(stub(Path(sys.argv[1]).read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
