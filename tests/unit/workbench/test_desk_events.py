"""What the desk in a browser sends: only what is an event of ours gets through, and it is bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.model import StatementKind
from briefs.workbench.pages.events import LONGEST_PASTE, Do, Event, page_of, read_packet

FIELDS = st.sampled_from(
    ["do", "seq", "key", "text", "was", "kind", "at", "level", "after", "number", "events", "brief"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from([*Do, *StatementKind, "s12", "nab-1", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=12,
)


def read(**event: object) -> Event | None:
    packet = read_packet({"brief": 1, "client": "abc", "events": [{"seq": 1, **event}]})
    assert packet is not None
    return packet.events[0] if packet.events else None


@given(VALUES, VALUES)
def test_whatever_is_sent_is_read_or_skipped(anything: object, event: object) -> None:
    read_packet(anything)
    packet = read_packet({"brief": 1, "client": "abc", "events": [event]})
    assert packet is not None
    for each in packet.events:
        assert len(each.text) <= 60_000
        assert each.level in {None, 1, 2, 3}
        each.text.encode()


@pytest.mark.parametrize(
    "packet",
    [
        None,
        [],
        {"brief": True, "client": "a", "events": []},
        {"brief": 1, "client": "../x", "events": []},
        {"brief": 1, "client": "a", "events": {}},
    ],
)
def test_what_is_no_packet_is_none(packet: object) -> None:
    assert read_packet(packet) is None


def test_an_event_keeps_what_it_brings() -> None:
    found = read(do="insert", key="nab-3", after="s7", kind="judgement", text="一句。")
    wanted = Event(
        Do.INSERT, 1, key="nab-3", after="s7", kind=StatementKind.JUDGEMENT, text="一句。"
    )
    assert found == wanted
    decided = read(do="decide", key="s7", reason="已核对")
    assert decided is not None
    assert decided.text == "已核对"


@pytest.mark.parametrize(
    "event",
    [
        {"do": "drop table"},
        {"do": "text", "key": "7", "text": "x"},
        {"do": "text", "key": "s7", "text": "x", "seen": "s7"},
        {"do": "text", "key": "s7", "text": "\ud800"},
        {"do": "text", "key": "s7", "text": "a\x00"},
        {"do": "kind", "key": "s7", "kind": "poem"},
        {"do": "level", "key": "s7", "level": 9},
        {"do": "length", "key": "s7", "length": "longest"},
        {"do": "unbind", "key": "s7", "number": -1},
        {"do": "split", "key": "s7", "at": 10**9, "text": "x"},
        {"do": "look", "seq": 0},
    ],
)
def test_an_event_with_a_value_out_of_bounds_is_skipped(event: dict[str, object]) -> None:
    assert read(**event) is None


@pytest.mark.parametrize("name", ["text", "was"])
def test_too_many_words_are_named_and_not_skipped(name: str) -> None:
    found = read(do="text", key="s7", **{"text": "x", name: "字" * (LONGEST_PASTE + 1)})
    assert found == Event(Do.TEXT, 1, key="s7", is_too_long=True)


def test_only_source_pages_of_this_site_are_opened() -> None:
    assert page_of("/pages/7/2?mark=2:10-48") == (7, 2)
    assert page_of("/pages/7/2?mark=2:10-48&mark=3:0-4") == (7, 2)
    for other in ("//evil.example/pages/7/2?mark=2:1-2", "/pages/7/2?next=//x", "javascript:1"):
        assert page_of(other) is None
