#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verilog.py names modules after their sources, and refuses what is no parameter."""

import subprocess
import sys
import tempfile

from common import TOOLS
import tap
import verilog

WRITTEN = r"""
module \$paramod$00ff\queue (clk);
  \$paramod\pair\WIDTH=s32'0101  u_pair (
  );
endmodule
module \$paramod$11aa\queue (clk);
endmodule
module \$paramod\pair\WIDTH=s32'0101 (clk);
endmodule
module dray(clk);
  \$paramod$11aa\queue  u_second (
  );
endmodule
"""


@tap.test
def modules_bear_the_names_of_their_sources() -> None:
    text = verilog.with_plain_names(WRITTEN)
    assert "paramod" not in text, text
    for words in ("module queue (clk)", "module queue_2 (clk)", "module pair (clk)", "  pair  u_pair", "  queue_2  u_second", "module dray(clk)"):
        assert words in text, (words, text)


@tap.test
def what_is_no_parameter_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for word in ("DATA_W=sixty", "DATA_W", "data_w=64", "A=1;exec"):
            done = subprocess.run([sys.executable, TOOLS / "verilog.py", "--sources", TOOLS.parent / "rtl" / "dray" / "dray.f",
                                   "--set", word, "--out", f"{folder}/dray.v"], capture_output=True, text=True, check=False)
            assert done.returncode == 1 and word in done.stderr and done.stderr.count("\n") == 1, done


@tap.test
def the_header_says_which_configuration_it_is() -> None:
    text = verilog.header({"DATA_W": "64", "CHANNELS": "2"})
    assert "DATA_W         64" in text and "CHANNELS       2" in text and text.startswith("// SPDX"), text


tap.main()
