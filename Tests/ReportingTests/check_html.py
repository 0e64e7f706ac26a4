"""Checks HTML pages with parsers and a browser that are not ours.

usage: check_html.py PAGE...

For each page: html5lib in strict mode parses it without a parse error; each SVG inside is
well-formed XML by expat with a title, a description and a role; ids are unique and every link points
into the page; nothing names another resource; no script. Then headless Chromium opens it: the page's
own content policy forbids every fetch, so that a blocked one, like any error, is a console message,
and there must be none.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import html5lib

SVG = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"


def check_markup(page):
    text = page.read_text(encoding="utf-8")
    tree = html5lib.HTMLParser(strict=True).parse(text)
    ids = Counter(node.get("id") for node in tree.iter() if node.get("id"))
    assert all(count == 1 for count in ids.values()), ids.most_common(3)
    for node in tree.iter():
        name = str(node.tag)
        assert name not in (HTML + "script", SVG + "script"), name
        for key, value in node.attrib.items():
            assert not key.lower().startswith("on"), (name, key)
            if key.endswith(("href", "src", "srcset", "data", "action")):
                assert value.startswith("data:") or value[:1] == "#" and value[1:] in ids, (key, value)
        for key in ("aria-labelledby", "aria-describedby"):
            assert all(each in ids for each in node.get(key, "").split()), node.get(key)
        if name == SVG + "svg":
            assert node.get("role") == "img"
            assert node.find(SVG + "title").text and node.find(SVG + "desc") is not None
    styles = "".join(node.text or "" for node in tree.iter(HTML + "style"))
    assert "url(" not in styles and "@import" not in styles
    drawings = re.findall(r"<svg.*?</svg>", text, re.S)
    for drawing in drawings:
        ElementTree.fromstring(drawing)
    return len(drawings)


def check_browser(page, drawings):
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert browser, "no chromium: apt-get install chromium"
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
             "--user-data-dir=" + profile, "--dump-dom", page.as_uri()],
            capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.count("<svg") == drawings, "drawings lost by the browser"
    assert "</footer>" in run.stdout
    messages = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    assert not messages, messages


for name in sys.argv[1:]:
    page = Path(name).resolve()
    drawings = check_markup(page)
    check_browser(page, drawings)
    print(page.name, drawings)
