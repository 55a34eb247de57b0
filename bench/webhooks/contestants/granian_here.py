"""granian under our own Python: what is installed for the contestants can be imported too, after all that is ours."""

import sys
from pathlib import Path

if __name__ == "__main__":
    bench = Path(__file__).resolve().parents[3] / ".bench" / "venv"
    sys.path += map(str, bench.glob("lib/*/site-packages"))
    from granian.cli import entrypoint

    entrypoint()
