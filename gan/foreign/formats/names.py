"""The formats that are read, by name, and the files that people have of each: see `table` for what reads them."""

FORMAT_FILES = {
    "Keras": "a whole generator that Keras saved (.h5, .keras), of layers that follow each other",
    "ONNX": "a generator in an .onnx file, of operations that follow each other",
    "StyleGAN2, official": ".pkl of stylegan2-ada-pytorch and stylegan3, and tables of the same names",
    "StyleGAN2 of TensorFlow": ".pkl of stylegan2 and stylegan2-ada",
    "StyleGAN2, rosinality's": ".pt with g_ema and latent_avg",
    "LightweightGAN": "config.json and model.pt with GAN",
    "FastGAN": ".pth with g and g_ema, and its ports on the Hub",
    "DCGAN's kind": "state dicts of layers one after the other",
}
