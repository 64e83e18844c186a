"""Networks of ours, filled as converting fills them."""

from gan.foreign.found import Conversion, Stored
from gan.networks.registry import build_discriminator, build_generator


def pair(made: Conversion):
    """The generator and the discriminator of a conversion, None where it has none; the weights must fit exactly."""
    g = build_generator(made.family, made.generator)
    g.load_state_dict(tensors(made.weights))
    if made.discriminator is None:
        return g.eval(), None
    d = build_discriminator(made.family, made.discriminator)
    d.load_state_dict(tensors(made.discriminator_weights))
    return g.eval(), d.eval()


def tensors(weights: dict) -> dict:
    """Read, where they still lie in a file, in the shapes that were promised."""
    read = {name: weight.read() if isinstance(weight, Stored) else weight for name, weight in weights.items()}
    assert all(tuple(read[name].shape) == tuple(weights[name].shape) for name in weights)
    return read
