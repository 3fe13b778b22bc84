"""What the browser says where the server does not answer."""

import re
from pathlib import Path

import streamlit

ASSET = Path(__file__).parents[3] / "briefs/workbench/assets/zh.js"
SAID = (
    "Streamlit server is not responding. Are you connected to the internet?",
    "Connecting to Streamlit server",
    "Unable to connect to Streamlit server",
)


def test_what_is_put_otherwise_is_what_streamlit_says() -> None:
    scripts = Path(streamlit.__file__).parent.glob("static/static/js/*.js")
    bundle = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    for sentence in SAID:
        assert sentence in bundle


def test_both_languages_say_it_without_names_of_software() -> None:
    asset = ASSET.read_text(encoding="utf-8")
    lost = asset[asset.index("const unanswered") : asset.index("// Streamlit's own")]
    patterns = [
        re.compile(each) for each in re.findall(r"\[/(.+?)/, ", lost.replace("[^]", "[\\s\\S]"))
    ]
    for sentence in SAID:
        assert any(pattern.fullmatch(sentence) for pattern in patterns), sentence
    told = re.sub(r"/\^.*?/,", "", lost)
    assert "服务器没有应答；您写的内容留在本页，恢复后自动保存。" in told
    assert "The server does not answer" in told
    assert not re.search("streamlit|internet", told, re.IGNORECASE)
