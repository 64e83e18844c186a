"""Whether the one pip call by which a Space is built finds versions that fit together, today.

    python tests/bench/space_pip.py

Asks the package index that pip asks, and installs nothing. What a Space adds to requirements.txt was read in the log of
one that was built (2026).
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDED = ("gradio[oauth,mcp]=={sdk_version}", "uvicorn>=0.14.0", "websockets>=10.4", "spaces")
SHOWN = ("gradio", "huggingface_hub", "numpy", "pillow", "pydantic", "mcp", "spaces", "torch", "websockets")


def settings() -> dict[str, str]:
    """What stands before the README."""
    _, table, _ = (ROOT / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return dict(re.findall(r"^(\w+): *\"?([^\"\n]*)\"?$", table, re.MULTILINE))


def resolved(folder: Path) -> dict[str, str]:
    """The versions that pip would install on a Space's Python, by their names. Raises CalledProcessError."""
    told, report = settings(), folder / "report.json"
    where = ["--python-version", told["python_version"], "--only-binary=:all:", "--target", str(folder)]
    how = ["install", "--dry-run", "--ignore-installed", "--quiet", "--report", str(report), *where]
    asked = ["-r", str(ROOT / "requirements.txt"), *(word.format(**told) for word in ADDED)]
    subprocess.run([sys.executable, "-m", "pip", *how, *asked], check=True)
    found = [one["metadata"] for one in json.loads(report.read_text())["install"]]
    return {one["name"].lower().replace("-", "_"): one["version"] for one in found}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = resolved(Path(folder))
    print(f"{len(found)} packages fit together: {', '.join(f'{name} {found[name]}' for name in SHOWN)}")


if __name__ == "__main__":
    main()
