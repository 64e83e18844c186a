"""Two pages over one generator, served by one process: ours, and the plainest one that Gradio's own documents lead to.

    with Both("weights/cats") as both:      # a process of its own
        both.ours, both.plain               # their addresses

The plain page is what most Spaces do: `gr.Slider.change(function) -> gr.Image` with every default, the queue on. It
moves the truncation of one picture, as our own slider does.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import torch  # noqa: E402 (after the path)

from gan.networks.pixels import to_pixels  # noqa: E402
from gan.networks.registry import build_generator  # noqa: E402
from gan.store.model_config import ModelConfig  # noqa: E402
from gan.store.model_folder import write_model  # noqa: E402
from gan.studio.library.model import Model  # noqa: E402

LOW, HIGH, STEP = -1.0, 2.0, 0.01  # of both sliders
MARK = 8  # pixels of the squares that tell which value a plain picture was made for


def a_model(given: str | None) -> Path:
    """The folder asked for, else weights/cats, else a new stylegan2 of the default size that has learnt nothing."""
    folder = Path(given) if given else ROOT / "weights" / "cats"
    if given or folder.is_dir():
        return folder.resolve()
    torch.manual_seed(0)
    config = ModelConfig(family="stylegan2", generator={}, title="Untrained")
    folder = Path(tempfile.mkdtemp(prefix="gan-studio-bench-")) / "cats"
    write_model(folder, config, build_generator("stylegan2", {}))
    return folder


class Both:
    """The two pages of a model, as long as the `with` lasts."""

    def __init__(self, model: Path):
        self._command = [sys.executable, __file__, str(model)]

    def __enter__(self) -> "Both":
        self.process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while not (line := self.process.stdout.readline()).startswith("{"):
            if not line:
                raise RuntimeError("The pages did not start.")
        self.ours, self.plain = json.loads(line).values()
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait(20)


def plain_page(model: Model):
    """The handler and the page that one writes first."""
    import gradio as gr

    generator = model.generator
    z = torch.randn(1, generator.z_dim, generator=torch.Generator().manual_seed(0))

    @torch.inference_mode()
    def paint(psi):
        center = generator.center()
        x = generator.synthesis(center + psi * (generator.mapping(z) - center))
        return _marked(to_pixels(x)[0].numpy(), psi)

    with gr.Blocks() as page:
        slider = gr.Slider(LOW, HIGH, 1, step=STEP)
        image = gr.Image()
        slider.change(paint, slider, image)
    return page


def _marked(picture, psi: float):
    """Write the value's number into squares of the first row, in base 4, for the bench to read back."""
    number = round((psi - LOW) / STEP)
    for digit in range(5):
        picture[:MARK, digit * MARK : (digit + 1) * MARK] = (number >> 2 * digit & 3) * 85
    return picture


def serve(folder: Path) -> None:
    """Both pages, until standard input ends."""
    from gan.ui.page import Studio, build, launch

    studio = Studio.open(Path(tempfile.mkdtemp(prefix="gan-studio-bench-")), (folder.parent,))
    ours = launch(studio, build(studio), "127.0.0.1")
    studio.warm_up()
    _, plain, _ = plain_page(studio.library.get(folder.name)).launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True
    )
    print(json.dumps({"ours": ours, "plain": plain}), flush=True)
    sys.stdin.read()
    os._exit(0)  # nothing here is worth waiting for


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
