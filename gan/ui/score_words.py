"""What the page says of scores, in English and in Simplified Chinese: rows of words.py."""

from gan.evaluation.report import METRICS

SCORE_WORDS: dict[str, tuple[str, str]] = {
    "scores": ("Scores", "评分"),
    "scores_of": ("Scores of {title}", "{title} 的评分"),
    "scores_info": (
        "How far the samples are from real pictures, how varied they are, and whether they are copies.",
        "样本与真实图片相差多远、变化是否丰富、是否为抄袭。",
    ),
    "scores_give": (
        "Drop pictures of the kind that it was trained on, or click to choose them: some hundreds, or a zip. Ones it has "
        "never seen judge it best; copies are found among the ones it was trained on.",
        "放入与其训练图片同类的图片，或点击选择：几百张，或一个 zip。它从未见过的图片评判最公正；用训练图片则可查出抄袭。",
    ),
    "score_it": ("Score it", "开始评分"),
    "score_step": ("Score step {step}", "为第 {step} 步评分"),
    "score_stop": ("Stop", "停止"),
    "score_no_model": (
        "This run has kept no model yet: there is nothing to score.",
        "此训练尚未保存模型，暂时无法评分。",
    ),
    "score_starting": ("Starting ...", "正在启动……"),
    "score_going": ("Painting samples and looking at pictures: {percent} %", "正在绘制样本并查看图片：{percent} %"),
    "score_comparing": ("Comparing ...", "正在比较……"),
    "score_next": ("It is next in line.", "下一个就轮到它。"),
    "score_waiting": ("In line: {n} come before it.", "正在排队，前面还有 {n} 个。"),
    "score_pictures": ("{n} pictures to compare with.", "共有 {n} 张图片用于比较。"),
    "score_of_step": ("Scores of step {step}.", "第 {step} 步的评分。"),
    "score_came": ("These scores came with the model.", "这些评分随模型附带。"),
    "score_ratio": (
        "The samples are {times} times as far from the real pictures as one half of those is from the other.",
        "样本与真实图片的距离，是真实图片两半之间距离的 {times} 倍。",
    ),
    "score_ratio_near": (
        "The samples are no further from the real pictures than one half of those is from the other.",
        "样本与真实图片的距离，不大于真实图片两半之间的距离。",
    ),
    "score_shaky": (
        "Only {samples} samples against {pictures} pictures: these numbers are shaky. "
        "Some hundreds of each make them firm.",
        "只有 {samples} 个样本和 {pictures} 张图片，数值不稳定。各有几百张时才可靠。",
    ),
    "score_name": ("Score", "评分项"),
    "score_model": ("This model", "此模型"),
    "score_real": ("Real pictures", "真实图片"),
    "score_pairs": ("The samples most like one of the pictures", "与某张图片最相似的样本"),
    "score_pairs_info": (
        "Each sample stands above the picture that it is most like.",
        "上方为样本，下方为与之最相似的图片。",
    ),
    "score_pair": ("Seed {seed}: {apart} of the usual distance", "种子 {seed}：为通常距离的 {apart}"),
    "score_pair_sample": ("Sample of seed {seed}", "种子 {seed} 的样本"),
    "score_pair_picture": ("Picture most like seed {seed}", "与种子 {seed} 最相似的图片"),
    "score_no_copies": (
        "Nothing is copied, as far as these features see: "
        "samples are no nearer to the pictures than new pictures would be.",
        "就这些特征所见，没有抄袭：样本与这些图片的距离，并不比新图片更近。",
    ),
    "score_copies": (
        "About {n} of the {samples} samples may be copies: they are nearer to one "
        "of the pictures than new pictures would be.",
        "{samples} 个样本中约有 {n} 个可能是抄袭：它们比新图片更接近其中某张图片。",
    ),
    "score_how": (
        "{samples} samples against {pictures} pictures. What follows ± is the 95 % interval.",
        "{samples} 个样本对比 {pictures} 张图片。± 之后为 95 % 区间。",
    ),
    "score_own": (
        "Measured in GAN Studio's own features: not comparable with published FID scores.",
        "使用 GAN Studio 自己的特征测量，不能与论文公布的 FID 比较。",
    ),
}

_CHINESE = {
    "frechet": (
        "弗雷歇距离",
        "样本整体在外观和多样性上与真实图片相差多远，0 最好。它随图片数量增加而变小，只能在数量相同时比较。",
    ),
    "kernel": ("核距离", "同样的问题，但结果不受图片数量影响；0 最好，也可能因偶然略小于 0。"),
    "precision": ("精确率", "看起来像真实图片的样本所占比例。"),
    "recall": ("召回率", "模型能画出类似画面的真实图片所占比例。"),
    "density": ("密度", "样本周围真实图片的密集程度；真实图片约为 1，样本怪异时更小。"),
    "coverage": ("覆盖率", "附近有样本的真实图片所占比例。"),
    "diversity": ("多样性", "同一网格中样本之间的差异，与真实图片相比；1 表示相当，更小则彼此相似。"),
    "memorised": (
        "记忆比例",
        "比其他训练图片更接近某张训练图片的样本所占比例。新的真实图片也有这样的比例，只有超出才意味着抄袭。",
    ),
    "nearer": ("更接近训练图片", "样本比新的真实图片更接近训练图片的频率；0.5 表示一样，接近 1 表示抄袭。"),
    "classes": ("类别正确", "分类器从样本中看出所要类别的比例。"),
}
"""What each score is called and what it says, in Chinese; in English METRICS has both."""

SCORE_WORDS |= {f"score_{name}_title": (metric.title, _CHINESE[name][0]) for name, metric in METRICS.items()}
SCORE_WORDS |= {f"score_{name}_help": (metric.help, _CHINESE[name][1]) for name, metric in METRICS.items()}
