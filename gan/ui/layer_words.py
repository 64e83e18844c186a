"""What the page says of the layers of a model, in English and in Simplified Chinese: rows of words.py."""

LAYER_WORDS: dict[str, tuple[str, str]] = {
    # two pictures in one
    "mix": ("Mix two pictures", "混合两幅画面"),
    "mix_info": ("The shapes of one picture with the colours of another.", "用一幅画面的形状配另一幅画面的颜色。"),
    "mix_first": ("this picture", "当前画面"),
    "mix_second": ("the second", "第二幅"),
    "mix_coarse": ("Shapes of the second (coarse layers)", "第二幅的形状（粗层）"),
    "mix_fine": ("Colours of the second (fine layers)", "第二幅的颜色（细层）"),
    "mix_choose": ("Choose the second picture", "选择第二幅画面"),
    "mix_before": ("The one before", "上一幅画面"),
    "mix_pin": ("Mix with pin {n}", "与收藏 {n} 混合"),
    "mix_grid": ("All mixes of your pins", "收藏之间的全部混合"),
    "mix_grid_info": (
        "Shapes from the left edge, colours from the top. Click a picture to go there.",
        "形状来自左侧，颜色来自上方。点击画面即可前往。",
    ),
    "mix_grid_few": (
        "Pin two or more pictures of this model, and this becomes a grid of what they make with each other.",
        "收藏此模型的两幅或更多画面，这里就会显示它们相互混合的网格。",
    ),
    "mix_cell": ("Shapes of pin {row}, colours of pin {column}", "收藏 {row} 的形状，收藏 {column} 的颜色"),
    # single layers
    "layers": ("Layer by layer", "逐层调节"),
    "layers_info": (
        "Early layers lay out the picture, late ones paint it. A layer without a value of its own follows the truncation above.",
        "前面的层决定布局，后面的层负责上色。没有单独设置的层跟随上方的截断值。",
    ),
    "layers_coarse": ("Coarse layers", "粗层"),
    "layers_fine": ("Fine layers", "细层"),
    "cutoff": ("Layers that are truncated", "参与截断的层"),
    "cutoff_all": ("all", "全部"),
    "cutoff_some": ("the first {n} of {all}", "前 {n} 层，共 {all} 层"),
    "layer_psi": ("Truncation of layer {n}", "第 {n} 层的截断"),
    "layer_noise": ("Noise of layer {n}", "第 {n} 层的噪声"),
    "layer_noise_short": ("Noise", "噪声"),
}
