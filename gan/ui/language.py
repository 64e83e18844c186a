"""The page in the reader's language, also where Gradio would fall back to English.

Gradio looks its words up under exactly the browser's language and knows zh-CN and zh-TW only, so that zh, zh-HK or
zh-SG would get English. One small script in the page's head, before Gradio's own, maps every Chinese to one of the two;
`?lang=en` or `?lang=zh-CN` chooses by hand.
"""

_MARK = b'<meta charset="utf-8" />'
_SCRIPT = b"""<script>(() => {
  const own = (navigator.language || "").toLowerCase();
  const asked = new URLSearchParams(location.search).get("lang");
  let use = /^zh\\b/.test(own) ? (/hant|-(tw|hk|mo)\\b/.test(own) ? "zh-TW" : "zh-CN") : null;
  if (["en", "zh-CN", "zh-TW"].includes(asked)) use = asked;
  if (use && use !== navigator.language) Object.defineProperty(navigator, "language", {get: () => use, configurable: true});
})()</script>"""


class PageLanguage:
    """ASGI middleware that puts the script into the page itself; every other answer passes untouched."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            return await self.app(scope, receive, send)
        plain = [
            header for header in scope["headers"] if header[0] != b"accept-encoding"
        ]  # compressed, it could not be changed
        await self.app(dict(scope, headers=plain), receive, _Rewriter(send).send)


class _Rewriter:
    """Holds an answer back until it is whole, and sends it with the script in it."""

    def __init__(self, send):
        self._send, self._start, self._body = send, None, []

    async def send(self, message):
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = b"".join(self._body).replace(_MARK, _MARK + _SCRIPT, 1)
        headers = [h for h in self._start["headers"] if h[0].lower() != b"content-length"]
        await self._send(dict(self._start, headers=[*headers, (b"content-length", str(len(body)).encode())]))
        await self._send({"type": "http.response.body", "body": body})
