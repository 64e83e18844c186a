"""StyleGAN2 (Karras et al. 2020, "Analyzing and improving the image quality of StyleGAN"), in plain PyTorch.

Skip generator, residual discriminator, and the parameter names of the official PyTorch networks, so that their weights
load strictly. Weights are stored unscaled and multiplied at run time (equalised learning rate, Karras et al. 2018,
section 4.1). No custom operators: it runs wherever PyTorch does.
"""

from gan.networks.stylegan2.discriminator import StyleGAN2Discriminator, StyleGAN2DiscriminatorConfig
from gan.networks.stylegan2.generator import StyleGAN2Generator, StyleGAN2GeneratorConfig

__all__ = ["StyleGAN2Discriminator", "StyleGAN2DiscriminatorConfig", "StyleGAN2Generator", "StyleGAN2GeneratorConfig"]
