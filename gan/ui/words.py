"""Every word on the page, in English and in Simplified Chinese: one row each.

Gradio picks the language by the browser; the page's scripts read the same rows from studio/words.json.
"""

import gradio as gr

LANGUAGES = ("en", "zh-CN", "zh-TW")
"""What the page asks Gradio for. Readers of Traditional Chinese get Simplified rather than English."""

_PREFIX = "studio_"

WORDS: dict[str, tuple[str, str]] = {
    # the frame of the page
    "tagline": ("Explore what a neural network has learnt to draw. Drag a slider and watch the picture change.",
                "看看神经网络学会了画什么。拖动滑块，画面随之变化。"),
    "explore": ("Explore", "探索"),
    "interpolate": ("Interpolate", "插值"),
    # the model
    "model": ("Model", "模型"),
    "hub": ("Hugging Face Hub", "Hugging Face Hub"),
    "hub_id": ("Model on the Hub", "Hub 上的模型"),
    "hub_info": ("user/repo, or user/repo@revision. Only safetensors files are read; nothing in them is run.",
                 "格式：用户/仓库 或 用户/仓库@版本。只读取 safetensors 文件，不会运行其中任何代码。"),
    "load": ("Load", "加载"),
    "made_of": ("Learnt from {data}", "学习自：{data}"),
    "licence": ("Licence: {licence}", "许可：{licence}"),
    "not_said": ("not said", "未注明"),
    "opened": ("{title} is open.", "已打开 {title}。"),
    "hub_link": ("This link is for the model {id}. Press Load to fetch it.", "此链接使用模型 {id}，请点击“加载”。"),
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
    "copy_failed": ("The browser did not allow copying. The link is in the address bar.", "浏览器不允许复制，链接就在地址栏中。"),
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
    "directions_info": ("Each slider changes one thing that the network has learnt. The small pictures show where its ends lead.",
                        "每个滑块改变网络学到的一种特征，两端的小图是它通向的画面。"),
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
    "expert_info": ("The numbers that the picture is made from, those first that change it most.", "画面由这些数字生成，影响大的排在前面。"),
    "page_before": ("‹ Before", "‹ 前一页"),
    "page_after": ("After ›", "后一页 ›"),
    "page": ("{first} to {last} of {all}", "第 {first}–{last} 个，共 {all} 个"),
    # the contact sheet
    "sheet_info": ("Other seeds under the same settings. Click one to open it.", "同样设置下的其他种子，点击打开。"),
    "sheet_one": ("Seed {seed}", "种子 {seed}"),
    "sheet_more": ("More seeds", "更多种子"),
    "sheet_back": ("Back", "返回"),
    # interpolation
    "film_few": ("A film needs at least two pictures: pin some in Explore, or add seeds here.",
                 "影片至少需要两幅画面：请在“探索”中收藏，或在此添加种子。"),
    "film_other": ("Pins of other models are left out.", "其他模型的收藏不参与。"),
    "film_frame": ("Frame {n} of {all}", "第 {n} 帧，共 {all} 帧"),
    "film_making": ("Painting frame {n} of {all}", "正在绘制第 {n} 帧，共 {all} 帧"),
    "keyframes": ("Keyframes", "关键帧"),
    "add_seeds": ("Add seeds", "添加种子"),
    "add_seeds_info": ("Numbers such as 3, 8, 20-22", "例如 3, 8, 20-22"),
    "seeds_wrong": ("These are not seeds. Write numbers such as 3, 8, 20-22.", "这不是种子。请写数字，例如 3, 8, 20-22。"),
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
    "loop_info": ("Return to the first picture, so that the film repeats without a jump.", "回到第一幅画面，影片可无缝重复。"),
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
    # what can go wrong in the browser
    "offline": ("The studio does not answer. Is it still running?", "应用没有响应，请确认它仍在运行。"),
    "not_png": ("Drop a PNG that was saved here.", "请拖入在此保存的 PNG。"),
}


class Words:
    """The rows as Gradio takes them: `words("seed")` is a label that shows in the reader's language.

    Keys get a prefix, since Gradio's own words lie in the same table ("file", "image") and would win.
    """

    def __init__(self):
        self.i18n = gr.I18n(**{language: {_PREFIX + key: word for key, word in rows.items()}
                               for language, rows in for_scripts().items()})

    def __call__(self, key: str):
        return self.i18n(_PREFIX + key) if key in WORDS else _unknown(key)


def _unknown(key: str):
    raise KeyError(f"There is no word {key!r} in gan/ui/words.py.")


def for_scripts() -> dict[str, dict[str, str]]:
    """The rows as the page's scripts take them, by language."""
    return {language: {key: row[language != "en"] for key, row in WORDS.items()} for language in LANGUAGES}
