"""GAN Studio: explore what a GAN has learnt, and train one, in the browser."""

__version__ = "0.1.0"
