"""The forms in which a model goes to other places, by name: see `forms` for what makes them."""

FORM_NAMES = ("web", "onnx")
