#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""regs.py - turn one SystemRDL description into RTL, C, SVD and Markdown.

    regs.py INPUT.rdl [--top NAME] [--rtl DIR] [--c FILE.h] [--svd FILE.svd] [--md FILE.md]

    INPUT.rdl --> reader --> rtl, package     DIR/<top>_regs.sv, DIR/<top>_<block>_regs.sv,
                     |                        DIR/<top>_regs_pkg.sv
                     +-----> c_header         FILE.h
                     +-----> svd              FILE.svd
                     +-----> markdown         FILE.md

The same input gives the same bytes. On an error nothing is written, one
sentence per error goes to standard error, and the exit code is 1.

What a description may say is written in regs/reader.py.
"""

import argparse
import pathlib
import sys

from regs import c_header, markdown, model, package, reader, rtl, svd


def main() -> int:
    args = argparse.ArgumentParser(description="SystemRDL to RTL, C, SVD and Markdown")
    args.add_argument("input", type=pathlib.Path)
    args.add_argument("--top", help="addrmap to generate; default: the last one that is no layout")
    args.add_argument("--rtl", type=pathlib.Path, metavar="DIR")
    args.add_argument("--c", type=pathlib.Path, metavar="FILE")
    args.add_argument("--svd", type=pathlib.Path, metavar="FILE")
    args.add_argument("--md", type=pathlib.Path, metavar="FILE")
    opts = args.parse_args()

    try:
        top = reader.load(opts.input, opts.top)
        files = {}
        if opts.rtl:
            for name, text in rtl.render(top).items():
                files[opts.rtl / name] = text
            files[opts.rtl / f"{top.name}_regs_pkg.sv"] = package.render(top)
        if opts.c:
            files[opts.c] = c_header.render(top, opts.c.name)
        if opts.svd:
            files[opts.svd] = svd.render(top)
        if opts.md:
            files[opts.md] = markdown.render(top)
    except model.Refused as refused:
        for line in refused.lines:
            print(f"regs.py: {line}", file=sys.stderr)
        return 1

    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
