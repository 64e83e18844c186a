"""Models: bring in a generator, from the Hub or from a file, and see what is here. The frame is filled by
static/models/models.js.

All texts that come from models are strangers': the scripts show them as text and never as markup.
"""

from gan.studio.library.file_choice import ENDINGS
from gan.ui.parts import markup

_HUB = """
<section class="panel">
  <h2 id="hub-title"></h2>
  <form id="look-form">
    <label id="source-label" for="source"></label>
    <div class="line">
      <input id="source" class="field" type="text" placeholder="user/repo" maxlength="400" autocomplete="off"
             autocapitalize="off" spellcheck="false">
      <button id="do-look" class="act" type="submit"></button>
    </div>
  </form>
  <p id="source-info" class="quiet"></p>
  <div id="look" class="look" hidden></div>
</section>"""
_FILE = """
<section class="panel">
  <h2 id="file-title"></h2>
  <label id="model-drop" class="drop" for="brought">
    <span id="model-drop-words"></span><span id="model-drop-info" class="quiet"></span>
    <input id="brought" class="unseen" type="file" multiple accept="ACCEPTED">
  </label>
</section>""".replace("ACCEPTED", ",".join((*ENDINGS, ".zip", ".json")))
_WAY = """
<div id="way" class="way" hidden><p id="way-words" aria-live="polite"></p>
  <progress id="way-bar" max="1" value="0"></progress></div>
<section id="arrived" class="panel arrived" aria-live="polite" hidden></section>"""
_LIBRARY = """
<section aria-labelledby="library-title"><h2 id="library-title"></h2><div id="cards" class="cards"></div></section>
<section id="layout" class="panel" hidden></section>SCORED PUBLISH
<section aria-labelledby="worth-title">
  <h2 id="worth-title"></h2><p id="worth-info" class="quiet"></p><div id="worth" class="cards"></div>
</section>"""

_SCORED = '<section id="scored" class="panel scored" hidden></section>'

_PUBLISH = '<section id="publish" class="panel publish" hidden></section>'


def build(can_score: bool, can_publish: bool) -> None:
    """The tab. Ids are the scripts' way to find its parts; where models cannot be scored, or published, there is no
    place for that."""
    library = _LIBRARY.replace("SCORED", _SCORED if can_score else "")
    library = library.replace("PUBLISH", _PUBLISH if can_publish else "")
    inside = f'<p id="models-info" class="quiet"></p><div class="bring">{_HUB}{_FILE}</div>{_WAY}{library}'
    markup(f'<div class="models">{inside}</div>', elem_id="models")
