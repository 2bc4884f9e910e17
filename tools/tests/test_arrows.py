#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Arrows between rooms: the drawn ones pass, each broken one is named."""

from common import tree_of
import arrows
import tap

ROOMS = {f"{room}/{room.rpartition('/')[2]}_x.h": "" for room in sorted(set(arrows.ARROWS) | {"sim", "firmware/tests"})
         if not room.startswith("rtl")}


def includes(room: str, *headers: str) -> list[str]:
    """What is said of a file in this room that includes these."""
    source = "".join(f'#include "{header}"\n' for header in headers)
    with tree_of({**ROOMS, f"{room}/file.c": source}) as root:
        return arrows.complaints(root)


def rtl(files: dict[str, str]) -> list[str]:
    with tree_of(files) as root:
        return arrows.complaints(root)


@tap.test
def drawn_arrows_pass() -> None:
    assert includes("firmware/port", "packet_x.h", "memory_x.h", "map/map_x.h", "hal_x.h", "port_x.h") == []
    assert includes("firmware/miniport", "port_x.h", "kmdf_x.h", "dray_x.h", "hal_x.h") == []
    assert includes("firmware/apps", "miniport_x.h", "port_x.h", "dray_x.h", "map_x.h") == []
    assert includes("sim", "apps_x.h", "hal_x.h") == []


@tap.test
def each_forbidden_look_is_named() -> None:
    for room, header in [("hal", "dray_x.h"), ("dray", "map_x.h"), ("packet", "port_x.h"), ("port", "kmdf_x.h"),
                         ("port", "dray_x.h"), ("kmdf", "dray_x.h"), ("memory", "packet_x.h"), ("map", "memory_x.h"),
                         ("miniport", "map_x.h"), ("miniport", "memory_x.h"), ("miniport", "packet_x.h"),
                         ("dray", "tests_x.h"), ("apps", "sim_x.h")]:
        said = includes(f"firmware/{room}", header)
        assert len(said) == 1 and f"firmware/{room} must not see" in said[0] and header in said[0], (room, header, said)


@tap.test
def angle_brackets_and_relative_paths_hide_nothing() -> None:
    with tree_of({**ROOMS, "firmware/port/a.c": "#include <dray_x.h>\n",
                  "firmware/port/b.c": '#include "../dray/dray_x.h"\n'}) as root:
        assert len(arrows.complaints(root)) == 2


@tap.test
def a_header_of_the_same_name_in_the_own_room_is_meant() -> None:
    with tree_of({**ROOMS, "firmware/port/regs.h": "", "firmware/dray/regs.h": "",
                  "firmware/port/file.c": '#include "regs.h"\n'}) as root:
        assert arrows.complaints(root) == []


@tap.test
def a_folder_that_is_no_room_is_named() -> None:
    said = includes("firmware/helpers", "dray_x.h")
    assert said == ["firmware/helpers: no room of tools/arrows.py; say there what it may see"], said


@tap.test
def the_engine_instantiates_nothing_of_the_system() -> None:
    uart = "module uart_tx (input logic clk);\nendmodule\n"
    for use in ("uart_tx u_console (.clk(clk));", "uart_tx #(.W(8)) u_console (.clk(clk));"):
        said = rtl({"rtl/soc/uart_tx.sv": uart, "rtl/dray/dray.sv": f"module dray (input logic clk);\n  {use}\nendmodule\n"})
        assert said == ["rtl/dray/dray.sv: rtl/dray must not see rtl/soc, yet names uart_tx"], said


@tap.test
def the_engine_names_no_package_of_the_system() -> None:
    said = rtl({"rtl/soc/soc_pkg.sv": "package soc_pkg;\nendpackage\n",
                "rtl/dray/dray.sv": "module dray;\n  localparam int W = soc_pkg::W;\nendmodule\n"})
    assert len(said) == 1 and "soc_pkg" in said[0], said


@tap.test
def the_system_instantiates_the_engine_and_a_comment_is_no_instance() -> None:
    assert rtl({"rtl/dray/dray.sv": "module dray;\n  // soc u_soc (not here)\nendmodule\n",
                "rtl/soc/soc.sv": "module soc;\n  dray u_dray ();\nendmodule\n",
                "rtl/formal/env.sv": "module env;\n  soc u_soc ();\n  dray u_dray ();\nendmodule\n"}) == []


@tap.test
def nothing_instantiates_a_proof() -> None:
    said = rtl({"rtl/formal/env.sv": "module env;\nendmodule\n", "rtl/board/top.sv": "module top;\n env u_env ();\nendmodule\n"})
    assert len(said) == 1 and "rtl/formal" in said[0], said


tap.main()
