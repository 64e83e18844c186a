"""Pairs that people know from somewhere, with what they need to work: a training from scratch by one name.

What was changed and why is measured in tests/bench/article.py; its README has the table.
"""

from dataclasses import dataclass, field
from typing import Any

from gan.messages import Message, say


@dataclass(frozen=True)
class Classic:
    """title and about are for people. side and channels: of the pictures; net and train: what the networks and the
    game are set to, beside their family's own."""

    title: Message
    about: Message
    family: str
    side: int
    channels: int
    net: dict[str, Any] = field(default_factory=dict)
    train: dict[str, Any] = field(default_factory=dict)


CLASSICS: dict[str, Classic] = {
    # Goodfellow et al. 2014, in the sizes that most articles and courses have given it since.
    "article": Classic(
        say("The article's pair (2014): fully connected, 28 pixels, grey"),
        say(
            "Two fully connected networks, 100-256-512-1024-784 and 784-1024-512-256-1, as most articles begin. Played "
            "as articles have it (Adam at 1e-4, beta1 0.9, no penalty) all its pictures become the same blot within a "
            "minute. What is changed here so that it works: both learning rates 1e-3, beta1 0 and beta2 0.99, R1 of "
            "weight 1 every 4 steps, and the average of 2,000 pictures is what you see. It "
            "learns no classes."
        ),
        "mlp",
        28,
        1,
        net={"z_dim": 100, "generator.hidden": [256, 512, 1024], "discriminator.hidden": [1024, 512, 256]},
        train=dict(
            g_lr=1e-3,
            d_lr=1e-3,
            beta1=0.0,
            beta2=0.99,
            batch_size=64,
            penalty="r1",
            penalty_weight=1.0,
            penalty_every=4,
            augment=(),
            mirror=False,
            ema_kimg=2.0,
        ),
    ),
}
