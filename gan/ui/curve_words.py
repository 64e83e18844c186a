"""What the page says beside a run's curves and settings, in English and in Simplified Chinese: rows of words.py."""

CURVE_WORDS: dict[str, tuple[str, str]] = {
    "curve_losses": ("Losses", "损失"),
    "curve_losses_info": (
        "What each network tries to make small. They pull against each other, so neither goes to zero.",
        "每个网络都想让自己的损失变小。两者相互对抗，因此都不会降到零。",
    ),
    "curve_accuracy": ("Discriminator is right on", "判别器判断正确率"),
    "curve_accuracy_info": (
        "Half is guessing. Near 100 % on samples it always wins, and the generator learns little.",
        "一半等于瞎猜。对样本接近 100 % 时它总是赢，生成器学不到什么。",
    ),
    "curve_signals": ("Variety and newness of samples", "样本的多样性与新颖性"),
    "curve_signals_info": (
        "Beside the training pictures, which are at 1: variety near 0 is collapse, newness near 0 is copying.",
        "以训练图片为 1：多样性接近 0 是模式崩溃，新颖性接近 0 是抄袭。",
    ),
    "curve_gradients": ("Size of the gradients", "梯度大小"),
    "curve_gradients_info": (
        "How hard each network is being pushed; from step to step in powers of ten.",
        "每个网络受到的推动力，按十的幂次显示。",
    ),
    "curve_loss_d": ("discriminator", "判别器"),
    "curve_loss_g": ("generator", "生成器"),
    "curve_accuracy_real": ("real pictures", "真实图片"),
    "curve_accuracy_fake": ("samples", "样本"),
    "curve_diversity": ("variety", "多样性"),
    "curve_nearest": ("newness", "新颖性"),
    "curve_grad_norm_d": ("discriminator", "判别器"),
    "curve_grad_norm_g": ("generator", "生成器"),
    "curve_augment": ("Pictures that are changed", "经过增强的图片"),
    "curve_augment_info": (
        "How many the discriminator is shown changed. It adapts: more when it is too sure of the training pictures.",
        "判别器看到的图片中经过增强的比例。它会自动调整：判别器对训练图片过于自信时就会增加。",
    ),
    "curve_augment_p": ("share", "比例"),
    "curve_path": ("How far a picture moves with its latents", "画面随潜变量移动的幅度"),
    "curve_path_info": (
        "It is held even, so that equal steps change the picture equally; a sudden rise means trouble.",
        "训练使它保持均匀，让同样的步幅带来同样的变化；突然上升说明出了问题。",
    ),
    "curve_path_length": ("length", "长度"),
    # settings that do nothing here
    "only_styles": (
        "Does nothing here: it needs a generator with styles, such as a StyleGAN2.",
        "此处不起作用：需要带风格的生成器，例如 StyleGAN2。",
    ),
}
