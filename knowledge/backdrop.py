"""How near a query is to sentences that have nothing to do with it: what is not near yet.

Cosines of an encoder lie in a narrow band, and where in it depends on the query; only what stands
out of the band says something.
"""

import hashlib
import io
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from embeddings.durable import write_durably
from embeddings.protocols import Encoder, Vectors

_CHINESE: Final = (
    "会议室的空调已经修好，钥匙放在前台。",
    "这种鱼生活在热带海域的珊瑚礁附近，体长约二十厘米。",
    "第二十条 违反本规定的，由主管部门责令限期改正；逾期不改正的，处五千元以下罚款。",
    "他十九岁离开家乡，在南方的一座港口城市学习绘画。",
    "各区县要加强组织领导，明确责任分工，确保各项任务落到实处。",
    "球队上半场落后两球，下半场连追三球取胜。",
    "把面粉、鸡蛋和牛奶搅匀，放进烤箱烤四十分钟。",
    "全年实现营业收入三亿元，比上年增长百分之四。",
    "这座寺庙建于十五世纪，二百年后毁于大火，后来重建。",
    "患者如出现发热、咳嗽等症状，应当及时到医院就诊。",
    "该算法把图像分成小块，再逐块比较它们的颜色。",
    "列车每隔十五分钟开出一班，末班车在夜里十一点。",
)
_ENGLISH: Final = (
    "The committee met twice in spring and published its report in June.",
    "She moved to the coast, where she opened a small bakery with her brother.",
    "Water boils at a lower temperature on high mountains than at sea level.",
    "Members may inspect the accounts during office hours on written request.",
    "Two late goals gave the visitors their first win of the season.",
    "Patients who develop a fever should see a doctor without delay.",
    "The bridge was finished in 1874 and rebuilt after a flood forty years later.",
    "Sales rose by four per cent, although costs grew faster than expected.",
    "The beetle lays its eggs under the bark of old oaks.",
    "Whoever fails to register within thirty days is liable to a fine.",
    "The programme splits each picture into squares and compares their colours.",
    "The last train of the evening leaves at eleven from platform two.",
)
"""Sentences of no common subject, as many in either language."""


class Backdrop:
    """The unrelated sentences as one encoder has them; safe in several threads."""

    def __init__(self, encoder: Encoder, *, folder: Path | None = None) -> None:
        """Begin; nothing is encoded yet.

        Args:
            encoder: the one that searches.
            folder: where what it makes of the sentences is kept for the next start; None: nowhere.
        """
        self._encoder = encoder
        self._folder = folder
        self._lock = threading.Lock()
        self._centres: Vectors | None = None

    @property
    def encoder(self) -> str:
        """The encoder's name."""
        return self._encoder.name

    def nearness(self, vector: Vectors, *, chinese: bool) -> float:
        """Mean cosine of a query to the sentences of one language.

        Args:
            vector: the query's, shape ``(1, dimension)``.
            chinese: the language of what was found: an encoder has texts of two languages farther
                apart than texts of one.
        """
        with self._lock:
            if self._centres is None:
                self._centres = self._kept()
            if self._centres is None:
                self._centres = self._made()
        return float(np.dot(vector[0], self._centres[0 if chinese else 1]))

    def _kept(self) -> Vectors | None:
        if (path := self._path()) is None:
            return None
        with suppress(OSError, ValueError, EOFError):
            kept = np.load(path, allow_pickle=False)
            if kept.shape == (2, self._encoder.dimension):
                return np.asarray(kept, dtype=np.float32)
        return None

    def _made(self) -> Vectors:
        sides = (self._encoder.encode_passages(side) for side in (_CHINESE, _ENGLISH))
        centres = np.array([side.mean(axis=0) for side in sides], dtype=np.float32)
        if (path := self._path()) is not None:
            # Made again at the next start where it cannot be kept.
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                content = io.BytesIO()
                np.save(content, centres)
                write_durably(path, content.getvalue())
        return centres

    def _path(self) -> Path | None:
        if self._folder is None:
            return None
        parts = "\n".join((self._encoder.fingerprint, *_CHINESE, *_ENGLISH))
        return self._folder / f"unrelated-{hashlib.sha256(parts.encode()).hexdigest()[:32]}.npy"
