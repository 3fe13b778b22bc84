"""The assistant's endpoint: a local server that answers badly, slowly, without end, elsewhere."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from briefs.assistant.errors import AssistantDownError
from briefs.assistant.model import Message
from briefs.errors import SettingError
from briefs.workbench.assisting import LARGEST, ChatClient
from briefs.workbench.settings import Settings, load

KEY = "sk-not-to-be-seen-0123456789"
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that answers so; gives its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            asked.append(f"{self.path} {self.headers.get('Authorization')} {body}")
            with suppress(OSError):
                answer(self)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def settings_for(folder: Path, address: str, *, timeout: int = 5) -> Settings:
    return replace(
        Settings(folder),
        assistant_address=address,
        assistant_model="model",
        assistant_key=KEY,
        assistant_timeout=timeout,
    )


def sending(
    body: bytes, *, status: int = 200, kind: str = "application/json", **headers: str
) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def chat(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(LARGEST // 1000 + 5000):
        handler.wfile.write(b" " * 10_000)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(200):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def test_it_speaks_to_the_address_of_the_settings_alone(tmp_path: Path) -> None:
    with serving(sending(chat("说"))) as (address, asked):
        client = ChatClient(settings_for(tmp_path, address))
        assert client.reply((Message("system", "一"), Message("user", "二"))) == "说"
    (told,) = asked
    assert told.startswith(f"/v1/chat/completions Bearer {KEY} ")
    assert [m["content"] for m in json.loads(told.split(" ", 3)[3])["messages"]] == ["一", "二"]


@pytest.mark.parametrize(
    "answer",
    [
        sending(b"not json"),
        sending(b"[" * 200_000),
        sending(chat(None)),
        sending(chat(["parts"])),
        sending(b'{"choices": []}'),
        sending(b'{"error": {"message": "no"}}'),
        sending(b"\xff\xfe\x00"),
        sending(b"<html>sign in</html>", kind="text/html"),
        sending(b'data: {"choices": []}\n\n', kind="text/event-stream"),
        sending(chat("x"), status=500),
        sending(chat("x"), status=401),
        sending(chat("x"), status=429),
        sending(chat("x"), status=204),
        sending(b"\x1f\x8b" + b"0" * 100, Content_Encoding="gzip"),
        sending(chat("长" * LARGEST)),
        endless,
    ],
)  # fmt: skip
def test_whatever_it_answers_there_is_one_sentence_and_no_key(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(answer) as (address, _), pytest.raises(AssistantDownError) as raised:
        ChatClient(settings_for(tmp_path, address)).reply((Message("user", "题"),))
    assert KEY not in caplog.text + repr(raised.value) + str(raised.value.__cause__)
    assert raised.value.details == {}


@pytest.mark.parametrize("answer", [silent, dripping, dripping_headers])
def test_it_is_not_waited_for_longer_than_the_settings_say(tmp_path: Path, answer: Answer) -> None:
    start = time.monotonic()
    with serving(answer) as (address, _), pytest.raises(AssistantDownError):
        ChatClient(settings_for(tmp_path, address, timeout=1)).reply((Message("user", "题"),))
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(tmp_path: Path, status: int) -> None:
    with serving(sending(chat("骗"))) as (other, asked):
        away = sending(b"", status=status, Location=f"{other}/chat/completions")
        with serving(away) as (address, _), pytest.raises(AssistantDownError):
            ChatClient(settings_for(tmp_path, address)).reply((Message("user", "题"),))
    assert asked == []


def test_no_proxy_of_the_environment_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        serving(sending(chat("骗"))) as (other, asked),
        serving(sending(chat("真"))) as (address, _),
    ):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, other)
        client = ChatClient(settings_for(tmp_path, address))
        assert client.reply((Message("user", "题"),)) == "真"
    assert asked == []


def test_nobody_listens(tmp_path: Path) -> None:
    with serving(silent) as (address, _):
        pass
    with pytest.raises(AssistantDownError):
        ChatClient(settings_for(tmp_path, address)).reply((Message("user", "题"),))


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"assistant_model": "m"}, "assistant_model"),
        ({"assistant_address": "https://a.example/v1"}, "assistant_model"),
        ({"assistant_address": "http://a.example/v1", "assistant_model": "m"}, "assistant_address"),
        ({"assistant_address": "file:///etc/passwd", "assistant_model": "m"}, "assistant_address"),
        ({"assistant_address": "https://u:p@a.example", "assistant_model": "m"}, "assistant_address"),
        ({"assistant_address": "https://a.example/v1?k=1", "assistant_model": "m"}, "assistant_address"),
        ({"assistant_address": "https://[bad", "assistant_model": "m"}, "assistant_address"),
        ({"assistant_address": "https://a.example", "assistant_model": "m", "assistant_timeout": "1"}, "assistant_timeout"),
        ({"assistant_address": "https://a.example", "assistant_model": "m", "assistant_sources": "x"}, "assistant_sources"),
        ({"assistant_address": "https://a.example", "assistant_model": "m", "assistant_key": "a\nb"}, "assistant_key"),
        ({"assistant_address": "https://a.example", "assistant_model": "m", "assistant_key_file": "/nowhere"}, "assistant_key_file"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(
    tmp_path: Path, values: dict[str, str], key: str
) -> None:
    with pytest.raises(SettingError) as raised:
        load(tmp_path, {f"ZHIKU_{name.upper()}": value for name, value in values.items()})
    assert raised.value.details["key"] == key
    assert values.get("assistant_key", KEY) not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    ["https://a.example/v1", "http://127.0.0.1:8080/v1", "http://192.168.1.5/v1", "http://[::1]:1"],
)
def test_settings_that_can_be_are_taken(tmp_path: Path, address: str) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    names = {"ADDRESS": address, "MODEL": "m", "KEY_FILE": str(path)}
    settings = load(tmp_path, {f"ZHIKU_ASSISTANT_{name}": value for name, value in names.items()})
    assert settings.has_assistant
    assert KEY not in repr(settings)
