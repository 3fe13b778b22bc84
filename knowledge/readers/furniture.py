"""Lines of a saved web page that are not part of the document on it."""

import re
from typing import Final

_LONGEST: Final = 80
_FURNITURE: Final = re.compile(
    r"""^[\s\[【（(|]*(?:
      (?:(?:选择)?字[号体](?:大小)?|大小)\s*[：:].{0,20}
    | (?:大\s*中\s*小)
    | (?:打印(?:本页|此页|文章)?|关闭(?:窗口|本页|页面)?|收藏|分享(?:到|本页)?[：:]?|
         下载|文件下载|返回(?:顶部|首页|列表)?|
         \s|\||[\[\]【】])+
    | (?:扫一扫|扫描二维码|微信扫).{0,40}
    | (?:当前位置|您?现?在?所?在?的?位置|您的位置)\s*[：:].*
    | 首页\s*[>»›/].*
    | (?:浏览|阅读|点击|访问)(?:次数|量|数)\s*[：:]?\s*\d*\s*次?
    | (?:上一篇|下一篇|相关链接|相关阅读|责任编辑|本文链接|本文关键词|本文网址)\s*[：:].*
    | (?:版权所有|Copyright|主办单位|承办单位|网站标识码|.{0,12}ICP备).*
    | https?://\S+
    )[\s\]】）)|]*$""",
    re.VERBOSE | re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Recognise a line that clearly is not of the notice itself: 【字体：大 中 小】, 打印."""
    stripped = line.strip()
    return 0 < len(stripped) <= _LONGEST and bool(_FURNITURE.match(stripped))
