"""The words of the Models tab, as in words.py: English and Simplified Chinese, one row each."""

MODEL_WORDS: dict[str, tuple[str, str]] = {
    "models": ("Models", "模型库"),
    "models_info": (
        "Bring in a generator that somebody else made: see what it is, then explore it. Nothing in a file is ever run.",
        "引入他人制作的生成器：先看看它是什么，再去探索。文件中的任何代码都不会运行。",
    ),
    "more_models": ("More models ...", "更多模型……"),
    # from the Hub
    "from_hub": ("From the Hugging Face Hub", "来自 Hugging Face Hub"),
    "source": ("Id of a model, or a link to it", "模型 id 或链接"),
    "source_info": (
        "user/repo, user/repo@revision, or the address of its page. It is fetched when you press “Use it”.",
        "格式：用户/仓库，可加 @版本，或粘贴网页地址。点击“使用它”之前不会下载大文件。",
    ),
    "look": ("Look", "查看"),
    "looking": ("Asking the Hub ...", "正在询问 Hub……"),
    "use_size": ("Use it ({size})", "使用它（{size}）"),
    "look_licence": ("Licence", "许可"),
    "look_commit": ("Version", "版本"),
    "look_files": ("Which file to read", "读取哪个文件"),
    "look_rest": ("{n} other files, which are not read", "另有 {n} 个文件，不会读取"),
    "licence_unknown": (
        "not said by its author: ask before you publish what it makes",
        "作者未注明：公开发布其作品前请先询问",
    ),
    "others_work": (
        "Made by other people; what their licence says is theirs to say.",
        "由他人制作，许可条款以作者说明为准。",
    ),
    "open_hub": ("Its page on the Hub", "它在 Hub 上的页面"),
    # from a file
    "from_file": ("From your computer", "来自你的电脑"),
    "drop_model": ("Drop a generator here, or click to choose one", "将生成器文件拖到这里，或点击选择"),
    "drop_model_info": (
        ".safetensors, .pt, .pth, .pkl, .bin, .ckpt, .h5, .keras, .onnx, or a zip downloaded here. A config.json may come, too.",
        ".safetensors、.pt、.pth、.pkl、.bin、.ckpt、.h5、.keras、.onnx，或从这里下载的 zip。可同时放入配套的 config.json。",
    ),
    "sending_file": ("Sending {name}", "正在发送 {name}"),
    "file_too_large": (
        "{name} is larger than {size}: this is no generator that can be used here.",
        "{name} 超过 {size}，无法在此使用。",
    ),
    "one_file": ("Drop one model at a time; a config.json may come along.", "请一次放入一个模型，可附带 config.json。"),
    "one_by_one": ("Another model is just coming in: wait until it is here.", "另一个模型正在载入，请等它完成。"),
    # what came of it
    "is_here": ("{title} is here", "{title} 已就绪"),
    "recognised": ("Recognised as: {kind}", "识别为：{kind}"),
    "came_from": ("From {origin}", "来源：{origin}"),
    "guessed": ("Its file does not say everything. This was guessed:", "文件没有说明全部信息，以下为推测："),
    "go_explore": ("Explore it", "探索它"),
    "go_film": ("Interpolate", "插值"),
    "go_train": ("Train from it", "由它训练"),
    # its layout
    "go_layout": ("Layout", "结构"),
    "layout_of": ("Layout of {title}", "{title} 的结构"),
    "layout_info": (
        "A file of weights does not say all that is done between them. Change what looks wrong, and watch; "
        "the model itself stays as it is.",
        "权重文件没有说明层与层之间的全部操作。修改不对之处并观察画面；在你保留新版本之前，模型本身不会改变。",
    ),
    "layout_keep": ("Keep this version", "保留此版本"),
    "layout_close": ("Close", "关闭"),
    # the library
    "library": ("In this studio", "本应用中的模型"),
    "in_box": ("in the box", "内置"),
    "in_memory": ("in memory", "已载入"),
    "forget": ("Forget", "移除"),
    "forget_hub": (
        "Take it off the list. What was fetched stays in the Hub's cache.",
        "从列表移除，下载的文件仍在 Hub 缓存中。",
    ),
    "forget_file": ("Take it off the list and delete its copy here.", "从列表移除并删除此处的副本。"),
    "card_picture": ("{title}, seed {seed}", "{title}，种子 {seed}"),
    "pixels": ("{width} × {height} pixels", "{width} × {height} 像素"),
    "classes_count": ("{n} classes", "{n} 个类别"),
    # worth a look
    "worth": ("Worth a look", "值得一看"),
    "worth_info": (
        "Generators that other people have put on the Hub. Nothing is asked or fetched before you click.",
        "其他人发布在 Hub 上的生成器。点击后才会向 Hub 询问其内容。",
    ),
}
