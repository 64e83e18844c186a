"""The small pages of the door: where one signs in, and a sentence on a page of its own."""

import html

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 90vh; margin: 0; padding: 1rem; }
main { max-width: 24rem; width: 100%; }
h1 { font-size: 1.5rem; }
label { display: block; margin-top: 1rem; }
input, button { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border-radius: .5rem; }
input { border: 1px solid #8888; }
button { margin-top: 1.5rem; font-weight: 600; color: #fff; background: #4338ca; border: 0; }
.trouble { color: #b91c1c; } @media (prefers-color-scheme: dark) { .trouble { color: #fca5a5; } }
"""
_WORDS = {
    "en": {
        "name": "Name",
        "password": "Password",
        "key": "Key",
        "go": "Come in",
        "info": "This studio is open to whoever has its key.",
        "wrong": "That is not the key.",
    },
    "zh": {
        "name": "名称",
        "password": "密码",
        "key": "钥匙",
        "go": "进入",
        "info": "持有钥匙的人可以进入。",
        "wrong": "钥匙不对。",
    },
}


def page(scope, by_link: bool, wrong: bool = False) -> str:
    """Where a name and a password are asked for, or the key alone where a link holds one."""
    language = "zh" if dict(scope["headers"]).get(b"accept-language", b"").lower().startswith(b"zh") else "en"
    words = _WORDS[language]
    trouble = f'<p class="trouble" role="alert">{words["wrong"]}</p>' if wrong else ""
    field = '<label>{}<input name="{}" type="{}" autocomplete="{}" required></label>'
    fields = [] if by_link else [field.format(words["name"], "name", "text", "username")]
    fields.append(field.format(words["key" if by_link else "password"], "password", "password", "current-password"))
    form = f'<form method="post" action="{_action(scope)}">{"".join(fields)}<button>{words["go"]}</button></form>'
    return _page(f"<p>{words['info']}</p>{trouble}{form}", language)


def plain(sentence: str) -> str:
    """A page that says one thing."""
    return _page(f"<p>{html.escape(sentence)}</p>", "en")


def _action(scope) -> str:
    """From the first page, or from the form's own address where the key was wrong."""
    return "enter" if scope["path"].endswith("/enter") else "studio/enter"


def _page(body: str, language: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>GAN Studio</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>GAN Studio</h1>{body}</main></body></html>"
    )
