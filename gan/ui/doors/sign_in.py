"""The small pages of the door: where one signs in, and a sentence on a page of its own."""

import html

from gan.locales import Locale

_STYLE = """
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 90vh; margin: 0; padding: 1rem; }
main { max-width: 24rem; width: 100%; }
h1 { font-size: 1.5rem; }
label { display: block; margin-top: 1rem; }
input, button { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border-radius: .5rem; }
input { border: 1px solid #8888; }
button { margin-top: 1.5rem; font-weight: 600; color: #fff; background: #4338ca; border: 0; }
.trouble { color: #b91c1c; } @media (prefers-color-scheme: dark) { .trouble { color: #fca5a5; } }
"""


def page(scope, locale: Locale, by_link: bool, wrong: bool = False) -> str:
    """Where a name and a password are asked for, or the key alone where a link holds one."""
    words = locale.word
    secret = words("enter_key") if by_link else words("enter_password")
    fields = [] if by_link else [_field(words("enter_name"), "name", "text", "username")]
    fields.append(_field(secret, "password", "password", "current-password"))
    trouble = f'<p class="trouble" role="alert">{words("enter_wrong")}</p>' if wrong else ""
    button = f"<button>{words('enter_go')}</button>"
    form = f'<form method="post" action="{_action(scope)}">{"".join(fields)}{button}</form>'
    return _page(f"<p>{words('enter_info')}</p>{trouble}{form}", locale)


def _field(label: str, name: str, kind: str, fill: str) -> str:
    return f'<label>{label}<input name="{name}" type="{kind}" autocomplete="{fill}" required></label>'


def plain(sentence: str, locale: Locale) -> str:
    """A page that says one thing."""
    return _page(f"<p>{html.escape(sentence)}</p>", locale)


def _action(scope) -> str:
    """From the first page, or from the form's own address where the key was wrong."""
    return "enter" if scope["path"].endswith("/enter") else "studio/enter"


def _page(body: str, locale: Locale) -> str:
    return (
        f'<!doctype html><html lang="{locale.tag}"><head><meta charset="utf-8"><title>GAN Studio</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>GAN Studio</h1>{body}</main></body></html>"
    )
