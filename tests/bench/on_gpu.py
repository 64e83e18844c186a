"""What only graphics cards can tell: memory, the share of what their matrix units can do, and other ways to run one
step.

The step is the bare game without a penalty, whose slopes of slopes torch.compile does not derive. It is run as it is in
float32 ("eager float32"), then in bfloat16 as it is, with both networks compiled, and recorded once as a CUDA graph and
replayed. All four play with the same shapes. The share is that of the rate at which the card multiplies two large
bfloat16 matrices. No card was there when this was written: it has not run yet.
"""

import time
from collections.abc import Callable

import torch
from torch.nn.functional import softplus
from torch.utils.flop_counter import FlopCounterMode

from gan.training.config import TrainConfig

_SIDE = 8192  # of the matrices


class Step:
    """One step of the bare game from new latents; everything stays on the card."""

    def __init__(self, generator, discriminator, pictures, config: TrainConfig, dtype: torch.dtype):
        self.g, self.d, self.n, self.dtype = generator.train(), discriminator.train(), config.batch_size, dtype
        self.real = pictures[: self.n].float() / 127.5 - 1
        adam = dict(betas=(config.beta1, config.beta2), fused=True, capturable=True)
        self.g_adam = torch.optim.Adam(self.g.parameters(), lr=config.g_lr, **adam)
        self.d_adam = torch.optim.Adam(self.d.parameters(), lr=config.d_lr, **adam)
        self.paint, self.judge = self.g, self.d

    def samples(self):
        return self.paint(
            torch.randn(self.n, self.g.z_dim, device="cuda"), None, lambda shape: torch.randn(shape, device="cuda")
        ).float()

    def __call__(self) -> None:
        with torch.autocast("cuda", self.dtype, enabled=self.dtype != torch.float32):
            with torch.no_grad():
                fake = self.samples()
            loss = softplus(-self.judge(self.real).float()).mean() + softplus(self.judge(fake).float()).mean()
        self._learn(loss, self.d_adam)
        with torch.autocast("cuda", self.dtype, enabled=self.dtype != torch.float32):
            loss = softplus(-self.judge(self.samples()).float()).mean()
        self._learn(loss, self.g_adam)

    def _learn(self, loss, optimizer) -> None:
        self.g_adam.zero_grad(set_to_none=True), self.d_adam.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def compiled(step: Step) -> Step:
    step.paint, step.judge = torch.compile(step.g), torch.compile(step.d)
    return step


def captured(step: Step) -> Callable[[], None]:
    """The step as a graph: its kernels are launched together."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):  # what is allocated and chosen once must be so before
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


WAYS = {
    "eager float32": (torch.float32, lambda step: step),
    "eager": (torch.bfloat16, lambda step: step),
    "compiled": (torch.bfloat16, compiled),
    "captured": (torch.bfloat16, captured),
}


def rate(play: Callable[[], None], seconds: float = 3.0) -> float:
    """Plays a second."""
    for _ in range(5):
        play()
    torch.cuda.synchronize()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        for _ in range(10):
            play()
        torch.cuda.synchronize()
        count += 10
    return count / (time.perf_counter() - started)


def matrix_peak() -> float:
    """Floating-point operations a second in one large product."""
    a = torch.randn(_SIDE, _SIDE, device="cuda", dtype=torch.bfloat16)
    return 2 * _SIDE**3 * rate(lambda: a @ a)


def table(pair: Callable[[], tuple], pictures, config: TrainConfig) -> list[str]:
    """One line for each way: pictures a second, times eager float32, memory, share of the peak. `pair` makes fresh
    networks."""
    peak, lines, first = matrix_peak(), [], None
    for name, (dtype, prepare) in WAYS.items():
        step = Step(*pair(), pictures, config, dtype)
        with FlopCounterMode(display=False) as counter:
            step()
        torch.cuda.reset_peak_memory_stats()
        steps = rate(prepare(step))
        first = first or steps
        share, memory = counter.get_total_flops() * steps / peak, torch.cuda.max_memory_allocated() / 2**30
        lines.append(
            f"  {name:<14} {steps * config.batch_size:>9.0f} pictures/s {steps / first:>6.2f} times "
            f"{memory:>6.2f} GiB at most {share:>7.1%} of the bfloat16 peak"
        )
    return lines
