"""The documents lead where they say: links, their anchors, pictures; and what is in two languages says the same."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
CODE = re.compile(r"^(```|~~~).*?^\1\s*$", re.S | re.M)
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")


def anchors(page: pathlib.Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    found: dict[str, int] = {}
    names = set()
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", CODE.sub("", page.read_text("utf8")), re.M):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        name = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        count = found.get(name, 0)
        found[name] = count + 1
        names.add(f"{name}-{count}" if count else name)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: pathlib.Path) -> None:
    for target in LINK.findall(CODE.sub("", page.read_text("utf8"))):
        if re.match(r"[a-z]+:", target):
            assert target.startswith(("https://", "http://127.0.0.1", "mailto:")), target
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target} isn't there"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{target}: {file.name} has no such heading"


def test_every_page_of_the_handbook_can_be_reached_from_the_readme() -> None:
    seen, open_pages = set(), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        for target in LINK.findall(CODE.sub("", page.read_text("utf8"))):
            if not re.match(r"[a-z]+:", target):
                open_pages.append((page.parent / target.partition("#")[0]).resolve())
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} <= seen


def codes(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| (\d{4}) \| (\d{3}) \|", (ROOT / "docs" / page).read_text("utf8"), re.M)


def test_the_errors_are_the_same_in_both_languages() -> None:
    assert sorted(codes("errors.md")) == sorted(codes("errors.zh-CN.md"))
    source = (ROOT / "Sources/Gateway/Refusals/RefusalCode.swift").read_text("utf8")
    assert sorted(code for code, _ in codes("errors.md")) == sorted(re.findall(r"case \w+ = (\d{4})", source))


@pytest.mark.parametrize("pair", [("README.md", "README.zh-CN.md"), ("docs/start.md", "docs/start.zh-CN.md")])
def test_a_page_and_its_translation_show_the_same_commands(pair: tuple[str, str]) -> None:
    def commands(name: str) -> set[str]:
        blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text("utf8"), re.S | re.M)
        lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
        return {re.sub(r'"[^"]*"', '""', line) for line in lines if line}

    assert commands(pair[1]) <= commands(pair[0])
