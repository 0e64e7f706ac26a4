"""make bench: what OSlet costs, beside its peers, from one run on this machine.

Usage: bench.py OSLET [--rounds N] [probes|capture|loss|names|analysis|replay ...]
"""

import argparse
import os

import analysis
import capture
import loss
import names
import probes
import replay

PARTS = {
    "probes": probes.main, "capture": capture.main, "loss": loss.main, "names": names.main,
    "analysis": analysis.main, "replay": replay.main,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("oslet", help="the tool, built for release")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, interleaved")
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    chosen = parser.parse_intermixed_args()
    for name in chosen.parts or PARTS:
        PARTS[name](os.path.abspath(chosen.oslet), chosen.rounds)
