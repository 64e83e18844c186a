"""Every word on the page, in English and in Simplified Chinese: one row each.

Gradio picks the language by the browser; the page's scripts read the same rows from studio/words.json.
"""

import re

import gradio as gr

from gan.training.doctor import VERDICTS
from gan.ui.curve_words import CURVE_WORDS
from gan.ui.layer_words import LAYER_WORDS
from gan.ui.model_words import MODEL_WORDS
from gan.ui.score_words import SCORE_WORDS

LANGUAGES = ("en", "zh-CN", "zh-TW")
"""What the page asks Gradio for. Readers of Traditional Chinese get Simplified rather than English."""

_PREFIX = "studio_"

WORDS: dict[str, tuple[str, str]] = {
    # the frame of the page
    "tagline": (
        "Explore what a neural network has learnt to draw, and train one yourself.",
        "看看神经网络学会了画什么，再亲手训练一个。",
    ),
    "explore": ("Explore", "探索"),
    "interpolate": ("Interpolate", "插值"),
    # the model
    "model": ("Model", "模型"),
    "load": ("Load", "加载"),
    "made_of": ("Learnt from {data}", "学习自：{data}"),
    "licence": ("Licence: {licence}", "许可：{licence}"),
    "not_said": ("not said", "未注明"),
    "hub_link": (
        "This link is for the model {id}. Look at it, then use it.",
        "此链接使用模型 {id}，请先“查看”，再使用它。",
    ),
    # the picture
    "picture_alt": ("Picture of {title}, seed {seed}", "{title} 的画面，种子 {seed}"),
    "seed": ("Seed", "种子"),
    "seed_info": ("Every number is another picture.", "每个数字对应一幅画面。"),
    "dice": ("Surprise me", "随机"),
    "previous": ("‹ Previous", "‹ 上一个"),
    "next": ("Next ›", "下一个 ›"),
    "class": ("Class", "类别"),
    "class_any": ("mixed", "混合"),
    "psi": ("Truncation", "截断"),
    "psi_info": ("0 is the average picture, 1 all the variety that was learnt.", "0 是平均画面，1 是学到的全部变化。"),
    "noise": ("Fine detail", "细节噪声"),
    "noise_const": ("the same", "固定"),
    "noise_none": ("none", "无"),
    "noise_random": ("random", "随机"),
    "undo": ("Undo", "撤销"),
    "redo": ("Redo", "重做"),
    "reset": ("Reset", "重置"),
    "pin": ("Pin", "收藏"),
    "save": ("Save PNG", "保存 PNG"),
    "copy": ("Copy link", "复制链接"),
    "open": ("Open PNG", "打开 PNG"),
    "copied": ("The link is copied. It opens this very picture.", "链接已复制，打开即是这幅画面。"),
    "copy_failed": (
        "The browser did not allow copying. The link is in the address bar.",
        "浏览器不允许复制，链接就在地址栏中。",
    ),
    "pinned": ("Pinned. Two or more pins make a film in Interpolate.", "已收藏。两个以上即可在“插值”中成片。"),
    "pinned_already": ("This picture is pinned already.", "这幅画面已收藏。"),
    "pins_full": ("There are 64 pins, which is all a film can hold.", "最多收藏 64 幅。"),
    "returned": ("Back at the picture of that file.", "已回到该文件的画面。"),
    "drop_hint": ("Drop a saved PNG here to return to it.", "把保存的 PNG 拖到这里即可恢复。"),
    "nearby_info": ("Nearby pictures: click one to walk there", "相近的画面：点击即可走过去"),
    "nearby_one": ("Nearby picture {n}", "相近画面 {n}"),
    "pins": ("Pins", "收藏夹"),
    "pins_none": ("Nothing is pinned yet.", "还没有收藏。"),
    "pin_open": ("Open pin {n}", "打开收藏 {n}"),
    "pin_remove": ("Remove pin {n}", "移除收藏 {n}"),
    "pin_earlier": ("Move pin {n} earlier", "收藏 {n} 前移"),
    "pin_later": ("Move pin {n} later", "收藏 {n} 后移"),
    # directions and latent values
    "directions_info": (
        "Each slider changes one thing that the network has learnt. The small pictures show where its ends lead.",
        "每个滑块改变网络学到的一种特征，两端的小图是它通向的画面。",
    ),
    "direction_1": ("Direction 1", "方向 1"),
    "direction_2": ("Direction 2", "方向 2"),
    "direction_3": ("Direction 3", "方向 3"),
    "direction_4": ("Direction 4", "方向 4"),
    "direction_5": ("Direction 5", "方向 5"),
    "direction_6": ("Direction 6", "方向 6"),
    "direction_7": ("Direction 7", "方向 7"),
    "direction_8": ("Direction 8", "方向 8"),
    "end": ("{name} at {value}", "{name} 到 {value}"),
    "expert": ("All latent values", "全部潜变量"),
    "expert_info": (
        "The numbers that the picture is made from, those first that change it most.",
        "画面由这些数字生成，影响大的排在前面。",
    ),
    "page_before": ("‹ Before", "‹ 前一页"),
    "page_after": ("After ›", "后一页 ›"),
    "page": ("{first} to {last} of {all}", "第 {first}–{last} 个，共 {all} 个"),
    # the contact sheet
    "sheet_info": ("Other seeds under the same settings. Click one to open it.", "同样设置下的其他种子，点击打开。"),
    "sheet_one": ("Seed {seed}", "种子 {seed}"),
    "sheet_more": ("More seeds", "更多种子"),
    "sheet_back": ("Back", "返回"),
    # interpolation
    "film_few": (
        "A film needs at least two pictures: pin some in Explore, or add seeds here.",
        "影片至少需要两幅画面：请在“探索”中收藏，或在此添加种子。",
    ),
    "film_other": ("Pins of other models are left out.", "其他模型的收藏不参与。"),
    "film_frame": ("Frame {n} of {all}", "第 {n} 帧，共 {all} 帧"),
    "film_making": ("Painting frame {n} of {all}", "正在绘制第 {n} 帧，共 {all} 帧"),
    "keyframes": ("Keyframes", "关键帧"),
    "add_seeds": ("Add seeds", "添加种子"),
    "add_seeds_info": ("Numbers such as 3, 8, 20-22", "例如 3, 8, 20-22"),
    "seeds_wrong": (
        "These are not seeds. Write numbers such as 3, 8, 20-22.",
        "这不是种子。请写数字，例如 3, 8, 20-22。",
    ),
    "add": ("Add", "添加"),
    "add_random": ("Add three at random", "随机添加三个"),
    "clear": ("Remove all", "全部移除"),
    "steps": ("Steps between pictures", "画面之间的步数"),
    "path": ("Path", "路径"),
    "path_linear": ("straight", "直线"),
    "path_spherical": ("spherical", "球面"),
    "path_smooth": ("smooth", "平滑"),
    "easing": ("Easing", "缓动"),
    "easing_none": ("even", "匀速"),
    "easing_ease": ("ease", "缓入缓出"),
    "easing_ease-in": ("ease in", "缓入"),
    "easing_ease-out": ("ease out", "缓出"),
    "loop": ("Loop", "循环"),
    "loop_info": (
        "Return to the first picture, so that the film repeats without a jump.",
        "回到第一幅画面，影片可无缝重复。",
    ),
    "frame": ("Frame", "帧"),
    "play": ("Play / pause", "播放 / 暂停"),
    "fps": ("Frames per second", "每秒帧数"),
    "format": ("File", "文件"),
    "format_webp": ("Animated WebP", "WebP 动图"),
    "format_gif": ("GIF", "GIF 动图"),
    "format_mp4": ("MP4", "MP4 视频"),
    "format_zip": ("PNG frames", "PNG 帧压缩包"),
    "side": ("Side in pixels", "边长（像素）"),
    "make": ("Make the file", "生成文件"),
    "file": ("Your film", "你的影片"),
    # training: the tab and its pictures
    "train": ("Train", "训练"),
    "train_info": (
        "Give some pictures, choose what to start from, press Start, and watch a generator become yours.",
        "给出一些图片，选择起点，点击“开始”，看着生成器变成你的。",
    ),
    "train_not_here": (
        "Training from the page works on Linux and macOS; on Windows, use WSL, or `python -m gan train`.",
        "网页训练支持 Linux 和 macOS；在 Windows 上请使用 WSL，或运行 `python -m gan train`。",
    ),
    "new_run": ("+ New run", "+ 新的训练"),
    "step_pictures": ("### 1 · Pictures", "### 1 · 图片"),
    "step_base": ("### 2 · Start from", "### 2 · 起点"),
    "step_long": ("### 3 · How long", "### 3 · 训练多久"),
    "drop_pictures": (
        "Drop pictures, a folder or a zip here. A few dozen are enough to begin with.",
        "将图片、文件夹或 zip 拖到这里，几十张就可以开始。",
    ),
    "choose_pictures": ("Choose pictures", "选择图片"),
    "choose_folder": ("Choose a folder", "选择文件夹"),
    "clear_pictures": ("Clear", "清空"),
    "no_pictures": ("No pictures at hand?", "手边没有图片？"),
    "dataset": ("Dataset on the Hugging Face Hub", "Hugging Face Hub 上的数据集"),
    "dataset_info": ("user/name of a dataset that holds picture files.", "格式：用户/名称，数据集中应为图片文件。"),
    "model_pictures": ("Pictures made by a model", "由模型生成的图片"),
    "model_pictures_info": (
        "500 pictures of a model that is here: a quick way to try things out.",
        "用现有模型生成 500 张图片，便于快速尝试。",
    ),
    "draw": ("Draw", "生成"),
    "sending": ("Sending file {n} of {all}", "正在发送第 {n} 个文件，共 {all} 个"),
    "reading": ("Looking at the pictures: {n} so far", "正在查看图片：已看 {n} 张"),
    "fetching": ("Fetching the pictures", "正在获取图片"),
    "pictures_gone": ("These pictures are no longer kept here. Give them again.", "这些图片已不再保存，请重新提供。"),
    "sheet_title": ("What the networks will see", "网络将看到的画面"),
    "sheet_augmented": (
        "Show them as the discriminator sees them, with augmentation",
        "按判别器所见（含数据增强）显示",
    ),
    # training: the plan
    "base": ("Model to start from", "起始模型"),
    "base_info": (
        "Its shapes take on the look of your pictures; that is much faster than from scratch.",
        "它的形状会逐渐变成你图片的样子，比从零开始快得多。",
    ),
    "base_alone": (
        "This model comes without a discriminator: a new one is made, and learns alone for the first steps.",
        "此模型没有判别器：将新建一个，并在最初若干步单独学习。",
    ),
    "from_scratch": ("From scratch: {family}, {about}", "从零开始：{family}（{about}）"),
    "train_side": ("Side of the pictures in pixels", "图片边长（像素）"),
    "preset": ("How thorough", "训练程度"),
    "preset_info": (
        "Fewer steps show the change of style; more steps make clean pictures.",
        "步数少可看到风格变化，步数多画面更清晰。",
    ),
    "preset_quick": ("Quick look", "快速看看"),
    "preset_good": ("Good", "良好"),
    "preset_thorough": ("Thorough", "充分"),
    "run_name": ("Name", "名称"),
    "run_name_info": ("What the new model will be called.", "新模型的名称。"),
    "train_expert": ("All settings", "全部设置"),
    "first_pictures": ("First give some pictures.", "请先提供图片。"),
    "measuring": ("Trying a few steps to see how long it takes ...", "正在试跑几步以估计所需时间……"),
    "measured_busy": (
        "Another run was at work meanwhile: alone it is faster.",
        "测量时有其他训练在进行，单独运行会更快。",
    ),
    "start": ("Start training", "开始训练"),
    # training: a run
    "run_untitled": ("From {model}", "源自 {model}"),
    "status_waiting": ("waiting", "排队中"),
    "status_running": ("training", "训练中"),
    "status_paused": ("paused", "已暂停"),
    "status_stopping": ("stopping", "正在停止"),
    "status_done": ("done", "完成"),
    "status_stopped": ("stopped", "已停止"),
    "status_failed": ("failed", "失败"),
    "status_interrupted": ("interrupted", "已中断"),
    "run_pause": ("Pause", "暂停"),
    "run_resume": ("Resume", "继续"),
    "run_stop": ("Stop", "停止"),
    "run_leave": ("Leave the line", "退出排队"),
    "run_continue": ("Resume from the last save", "从上次保存处继续"),
    "run_again": ("Begin again", "重新开始"),
    "train_on": ("Train on", "继续训练"),
    "run_explore": ("Explore this moment", "探索这一刻"),
    "run_download": ("Download this moment", "下载这一刻的模型"),
    "run_branch": ("Branch from this moment", "从这一刻分支"),
    "run_link": ("Copy link", "复制链接"),
    "run_delete": ("Delete", "删除"),
    "really": ("Really delete?", "确定删除？"),
    "run_link_copied": (
        "The link is copied. Anyone who can open this studio may watch.",
        "链接已复制，能打开本应用的人都可以观看。",
    ),
    "cut_off": (
        "It was cut off after step {step}. All up to step {saved} is saved, and it can go on from there.",
        "在第 {step} 步后被中断。第 {saved} 步之前已保存，可从那里继续。",
    ),
    "cut_off_early": (
        "It was cut off before anything was saved: it can begin again, with the same pictures and settings.",
        "在首次保存之前被中断：可用同样的图片和设置重新开始。",
    ),
    "next_in_line": (
        "It is next in line: it starts when the run before it ends.",
        "它排在下一个，前一个训练结束后开始。",
    ),
    "in_line": ("It is in line; {n} come before it.", "正在排队，前面还有 {n} 个。"),
    "step_of": ("step {step} of {all}", "第 {step} 步，共 {all} 步"),
    "at_step": ("step {step}", "第 {step} 步"),
    "time_left": ("{time} left", "剩余 {time}"),
    "trained_for": ("{time} so far", "已用 {time}"),
    "speed": ("{pictures} pictures/s, {steps} steps/s", "每秒 {pictures} 张，{steps} 步"),
    "hours": ("{h} h {m} min", "{h} 小时 {m} 分"),
    "minutes": ("{m} min {s} s", "{m} 分 {s} 秒"),
    "seconds": ("{s} s", "{s} 秒"),
    "live": ("Now", "最新"),
    "grid_caption": (
        "Step {step}. Click a picture to follow it; chosen: {cell}.",
        "第 {step} 步。点击一幅画面即可跟踪；已选：{cell}。",
    ),
    "cell_pin": ("pin {n}", "收藏 {n}"),
    "before": ("before", "之前"),
    "after": ("now", "现在"),
    "before_after": ("The same pictures at step {a} and at step {b}", "同样的潜变量：第 {a} 步与第 {b} 步"),
    "through_time": ("One picture through time: {cell}", "同一画面随时间的变化：{cell}"),
    "beside": ("Any two moments side by side", "任意两个时刻并排比较"),
    "moment": ("Moment of the run", "训练的时刻"),
    "moment_of": ("Moment of picture {n}", "画面 {n} 的时刻"),
    "change_settings": ("Change settings while it trains", "训练中修改设置"),
    "change_info": (
        "They hold from the next step on. Change one thing at a time, and watch what it does.",
        "从下一步起生效。每次只改一项，观察它的作用。",
    ),
    "apply": ("Apply", "应用"),
    "offer_split": ("Work through each batch in {n} parts and go on", "将每批分成 {n} 份处理并继续"),
    # a run in Explore
    "time_info": ("Through its training: the same picture at step", "训练过程：同样的潜变量，步数"),
    "blend": ("Blend with the base", "与起始模型混合"),
    "blend_info": (
        "0 is the model it started from, 1 the trained one; in between, the same latent in both styles. Coarse layers hold shapes, fine ones colours.",
        "0 为起始模型，1 为训练后的模型；两者之间是同一潜变量的两种风格。粗层决定形状，细层决定颜色。",
    ),
    "blend_coarse": ("Coarse layers", "粗层"),
    "blend_middle": ("Middle layers", "中层"),
    "blend_fine": ("Fine layers", "细层"),
    "opening_model": ("Opening the model ...", "正在打开模型……"),
    # what can go wrong in the browser
    "offline": ("The studio does not answer. Is it still running?", "应用没有响应，请确认它仍在运行。"),
    "not_png": ("Drop a PNG that was saved here.", "请拖入在此保存的 PNG。"),
}

_DOCTOR = {
    "healthy": "一切正常：两个网络势均力敌。",
    "learning": "现在判断还为时过早。",
    "warming": "判别器是新的，在第 {until} 步之前单独学习；生成器先等待。",
    "d_wins": "判别器占了上风：它对 {real} % 的训练图片和 {fake} % 的样本判断正确，生成器从中学不到多少。",
    "g_wins": "判别器跟不上：样本与训练图片明明不同，它却只能靠猜来区分。",
    "collapse": "样本几乎一模一样：它们的变化只有训练图片的 {diversity} %。",
    "diverged": "训练已经失控：各项数值不再有意义。",
    "copying": "样本是训练图片的翻版：半数样本离某张训练图片很近，不到两张训练图片通常距离的 {nearest} %。",
    "leaking": "样本中出现了本应只用于训练的数据增强：{leaking}。",
}
"""What the training doctor says, in Chinese. The page rounds the numbers, so that the places for them have no
format."""

WORDS |= CURVE_WORDS
WORDS |= LAYER_WORDS
WORDS |= MODEL_WORDS
WORDS |= SCORE_WORDS

WORDS |= {
    f"doctor_{verdict}": (re.sub(r"{(\w+):[^}]*}", r"{\1}", sentence), _DOCTOR[verdict])
    for verdict, sentence in VERDICTS.items()
}


class Words:
    """The rows as Gradio takes them: `words("seed")` is a label that shows in the reader's language.

    Keys get a prefix, since Gradio's own words lie in the same table ("file", "image") and would win.
    """

    def __init__(self):
        self.i18n = gr.I18n(
            **{
                language: {_PREFIX + key: word for key, word in rows.items()}
                for language, rows in for_scripts().items()
            }
        )

    def __call__(self, key: str):
        return self.i18n(_PREFIX + key) if key in WORDS else _unknown(key)


def _unknown(key: str):
    raise KeyError(f"There is no word {key!r} in gan/ui/words.py.")


def for_scripts() -> dict[str, dict[str, str]]:
    """The rows as the page's scripts take them, by language."""
    return {language: {key: row[language != "en"] for key, row in WORDS.items()} for language in LANGUAGES}
