"""The console's files: where they are loaded from, how they are sent, their permissions, and their size."""

import gzip
import itertools
import re

import pytest

from harness import wire
from harness.console import FILES, words
from harness.process import Gateway

MODULES = sorted(path.name for path in FILES.glob("*.js") if path.name != "console.js")
PATHS = ["/", "/console.css", "/console.js", "/console/words.en.json", "/console/words.zh.json", *[f"/console/{name}" for name in MODULES]]
# The size of all files as sent, bytes; and the requests before the first data of a page, including the page's own two calls.
MOST_BYTES = 120_000


@pytest.fixture(scope="module")
def admin(tmp_path_factory):
    gateway = Gateway.start(tmp_path_factory.mktemp("console"), ["--sandbox"])
    yield gateway.admin
    gateway.stop()


def test_every_file_of_the_console_is_served_and_no_other(admin):
    assert {path.name for path in FILES.iterdir()} == {"console.html", "console.css", "console.js", "words.en.json", "words.zh.json", *MODULES}
    for path in PATHS:
        answer = wire.call(admin, "GET", path)
        name = path.removeprefix("/console/").removeprefix("/") or "console.html"
        assert answer.status == 200 and answer.body == (FILES / name).read_bytes(), path
        assert answer.value("Cache-Control") == "no-cache" and answer.value("X-Content-Type-Options") == "nosniff"
    for path in ["/console/", "/console/none.js", "/console/..%2fconsole.css", "/console/console.js", "/ui.js"]:
        assert wire.call(admin, "GET", path).status == 404, path


def test_a_file_has_the_tag_of_its_content_in_each_coding(admin):
    tags = set()
    for path in PATHS:
        plain, packed = wire.call(admin, "GET", path), wire.call(admin, "GET", path, [("Accept-Encoding", "br;q=1, gzip;q=0.5")])
        assert packed.value("Content-Encoding") == "gzip" and gzip.decompress(packed.body) == plain.body and plain.value("Content-Encoding") is None
        assert plain.value("Vary") == packed.value("Vary") == "Accept-Encoding"
        for answer, fields in [(plain, []), (packed, [("Accept-Encoding", "gzip")])]:
            tag = answer.value("ETag")
            assert re.fullmatch(r'"[0-9a-f]{32}(-gzip)?"', tag) and tag not in tags
            tags.add(tag)
            for named in [tag, f'"other", {tag}', f"W/{tag}", "*"]:
                again = wire.call(admin, "GET", path, [*fields, ("If-None-Match", named)])
                assert again.status == 304 and again.body == b"" and again.value("ETag") == tag
            assert wire.call(admin, "GET", path, [*fields, ("If-None-Match", '"other"')]).status == 200
    for refused in ["gzip;q=0", "identity", "*;q=0", "gzip;q=0.000, *"]:
        assert wire.call(admin, "GET", "/console.css", [("Accept-Encoding", refused)]).value("Content-Encoding") is None, refused


def test_all_files_together_are_small(admin):
    total = sum(len(wire.call(admin, "GET", path, [("Accept-Encoding", "gzip")]).body) for path in PATHS)
    assert total < MOST_BYTES, f"{total} bytes"


def test_the_page_takes_nothing_from_elsewhere_and_runs_nothing_inline(admin):
    page = wire.call(admin, "GET", "/")
    for path in PATHS:
        policy = wire.call(admin, "GET", path).value("Content-Security-Policy")
        for part in ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"]:
            assert part in policy
        assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|style=|https?://|<script>", page.body.decode())
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style|\.style\b|sessionStorage|document\.cookie"
    for path in FILES.glob("*.js"):
        text = path.read_text()
        assert not re.search(forbidden, text), path.name
        assert set(re.findall(r"https?://[^\"\s]+", text)) <= {"http://www.w3.org/2000/svg"}, path.name


def test_both_languages_have_the_same_words_and_parameters():
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert sorted(set(re.findall(r"\{\w+\}", text))) == sorted(set(re.findall(r"\{\w+\}", chinese[key]))), key
        # Latin and CJK text are separated by a blank, and no half-width mark ends a Chinese clause.
        assert not re.search(r"[\u4e00-\u9fff][,;:!?](?!\w)|[\u4e00-\u9fff][A-Za-z]|[A-Za-z][\u4e00-\u9fff]", re.sub(r"\{\w+\}", "0", chinese[key])), key


def test_every_word_that_a_module_names_exists():
    known = words("en")
    for path in FILES.glob("*.js"):
        for key in re.findall(r"\bt\(\"([\w.]+)\"[,)]", path.read_text()):
            assert key in known, f"{path.name}: {key}"


# MARK: Colours

MATRICES = {
    "plain": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    # Machado, Oliveira, Fernandes 2009, severity 1.
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour: str) -> list[float]:
    values = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(a), linear(b))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour: list[float]) -> tuple[float, float, float]:
    r, g, b = colour
    x, y, z = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read_and_plots_told_apart(scheme):
    light, dark = (FILES / "console.css").read_text().split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light.split("--sans")[0] if scheme == "light" else dark.split("@media")[0]))
    for name in ["ink", "soft", "good", "bad", "odd", "note", "calm", "accent"]:
        grounds = ["ground", "sheet", "sunk"] + ([f"{name}-ground"] if f"{name}-ground" in colours else [])
        for ground in grounds:
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["edge"], colours["sheet"]) >= 3
    for group in [["c-success", "c-refused", "c-failure", "c-unknown"], ["c1", "c2", "c3", "c-rest"]]:
        for name in group:
            assert contrast(colours[name], colours["sheet"]) >= 3, name
        for sight, matrix in MATRICES.items():
            seen = {name: lab([min(1, max(0, sum(m * v for m, v in zip(row, linear(colours[name]), strict=True)))) for row in matrix]) for name in group}
            for a, b in itertools.combinations(group, 2):
                assert sum((x - y) ** 2 for x, y in zip(seen[a], seen[b], strict=True)) ** 0.5 >= 20, (sight, a, b)
