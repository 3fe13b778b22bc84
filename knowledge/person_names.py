"""Chinese names of persons in free text, where the words around say that they are names.

A surname and one or two characters make no name by themselves: 高度, 方便, 安全 are words. So a
name is one after a label (联系人：…), before a form of address (…女士), in an introduction (我叫…),
before a sex (…，女), right before a telephone or an identity number – and where a surname that
begins few words has two usual characters of given names after it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from knowledge.text import HAN

_SURNAMES: Final = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|端木|夏侯|轩辕|宇文|长孙|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "康易乔赖文樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛管祝左涂谷祁时舒耿卜路詹关苗凌"
    "费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丛华车冉房边净阚邬臧畅巩"
    "滕冷骆蒲桑娄缪沙敖麦宗丘佟仇]"
)
_UNFIT: Final = (
    "的了在是和与及或等为被把对向从到不也都就而但并其该此这那哪吗呢吧啊您你我他她它们个各每某"
    "号级度局厅处科室馆站院所校司部委办省市县区镇乡村街路员者长位名来去说问想请要会能可应须现居"
)
"""No name is made of these, though each may stand in a name's place."""
_GIVEN: Final = rf"[{HAN}]{{1,2}}"
_NAME: Final = rf"(?:{_SURNAMES}){_GIVEN}"
_SHORT: Final = rf"{_NAME}?"
_NO_NAME: Final = re.compile(
    r"许多|何时|何人|何地|何种|任何|任意|任务|任职|方便|方面|方式|方案|方法|方向|高度|高级|高等|高峰|高校|高中|高新|高职"
    r"|高龄|高质|常见|常住|常年|成年|成员|成立|成果|时间|时候|时常|向您|向你|向上|于是|安全|安排|安置|安装|安徽"
    r"|管理|管护|管委|平安|关于|关心|关注|关系|万一|万元|文化|文明|文件|文献|文旅|文物|石油|金融|金额|江苏|江西"
    r"|云南|华东|华北|华南|华中|温州|温馨|宁波|康复|白天|路过|路段|路口|单位|单独|单元|全体|全部|全国|全县|全市"
    r"|全区|全程|全年|连续|连同|连接|易于|易地|强化|强调|强制|解决|解释|解答|解除|解读|包括|包含|包装|严格|严重"
    r"|严禁|盛行|施工|施行|曾经|曾任|章程|章节|纪律|纪念|纪检|项目|项下|车辆|车位|车主|房屋|房产|房东|边界|席位"
    r"|景区|游客|游览|程序|程度|申请|申报|申诉|申办|查询|查看|查阅|代理|代表|代办|代码|季度|史料|武装|武汉|钟点"
    r"|范围|范例|金属|水利|童年|司法|司机|区域|区别|区内|冷静|连带|占用|占地|宗旨|宗地|宗教|池塘|黄河|黄山|马上"
    r"|马路|牛奶|白酒|石材|毛利|雷电|龙头|江河|江南|江北|海南|山东|河南|贺信|贺电|汤圆|花园|林业|林地|林区|农林"
    r"|田间|田地|温度|阳光|阳台|卫生|卫健|路灯|路面|左右|左边|辛苦|祝贺|祝愿|向阳|周边|周围|周末|周期|周年|周一"
    r"|周二|周三|周四|周五|周六|周日|张贴|张榜|许可|许愿|余额|余下|余万|余人|余名|田野|谢谢|于本|于每|于当|夏季|秦岭"
    r"|万亩|万册|万人|万户|杨树|柳树|梅花|桂花|兰花|钱款|胡同|沙发|沙滩|麦田|党员|房间|曲艺|谷物|苗木|茶叶|童装"
    r"|汪洋|叶片|侯任|牛羊|毕业|柴油|焦点|康养|健康|安保|安居|安检|安心|安宁|平台|平方|平均|平时|石化|石家|苏州"
    r"|郑州|徐州|常州|常务|常委|常规|常德|郭外|陈述|陈列|宋体|唐代|宋代|明代|秦代|汉代|魏晋|文学|文艺|黄金|苏丹|沈阳|边远|方正|安康|安乐|强大|温和|时光|明晰|汪清|泰安|金华|金山|宁德|常德|常山|乐清|乐山|江山|江阴|龙泉|云和|文成|平阳|苏军|温泉|贾湖|蒋家|梁平"
)
_COMMON: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚英华文玉兰红桂秀珍梅海明国建志春燕雪晓小雨佳怡思子涵梓轩浩宇欣婷倩"
    "莉萍琴云飞鹏辉斌波宁丹凤香玲芬淑慧颖琳璐晨阳旭东永福贵财德富生荣光亮俊豪博远达凯毅峰岩松林森根泉清江河"
    "湖雯瑶琪瑞祥吉庆喜乐安康健宝珠金银凡帆嘉家诚信义仁孝忠良善美艺巧灵秋冬夏菊莲荷竹菲萱彤桐乔楠梦语诗书画"
    "翔龙虎彪雷震鸣天昊然民兴旺盛昌顺利进胜立维振继承绍克树培宪世传学友仲伯彦彬煜炜焕烨熙曦睿哲阿正大元成"
)
"""Of given names: two of them after a surname make a name where one is expected."""
_ELDER: Final = frozenset("老总工处局科")
"""After a surname they are an address: 陈老先生, 王总."""

_END: Final = (
    rf"(?=[^{HAN}]|$|电话|手机|座机|联系|身份|证件|性别|男|女|住|家住|家里|来自|来电|来函|来信|来访|来馆|反映|咨询"
    r"|询问|查询|想|希望|单位|地址|邮箱|微信|先生|女士|同志|老师|同学|及其|今年|现住|于\d"
    r"|[卡账证学工]号|户名|开户|年龄|出生|民族|籍贯|学历|职[务业]|的)"
)
_LABELS: Final = (
    "姓名|联系人|咨询人|提问人|来访人|来电人|来信人|来访者|申请人|申请者|投诉人|反映人|举报人|读者|当事人|委托人|代理人"
    "|受托人|经办人|承办人|户主|本人|署名|签名|签字|签收人|收件人|寄件人|收款人|持证人|持卡人|家属|患者|学生|家长|监护人"
    "|户名|咨询者|提问者|求助人|借阅人|证件持有人|预约人|报名人|领取人|捐赠人|推荐人|志愿者|馆员|学员|读者证"
)
_KIN: Final = (
    "儿子|女儿|孩子|老伴|爱人|丈夫|妻子|父亲|母亲|妈妈|爸爸|爷爷|奶奶|外公|外婆|哥哥|弟弟|姐姐|妹妹"
    "|家属|孙子|孙女"
)
_SAID: Final = "[我他她]叫|我是|名叫|名字叫|名字是|叫做"
_ADDRESSES: Final = "先生|女士|小姐|老师|大爷|大妈|大娘|阿姨|师傅|同学|爷爷|奶奶|大姐|大哥"
_USUAL: Final = rf"(?:{_SURNAMES})[{_COMMON}]"
_EITHER: Final = rf"(?P<it>{_NAME}|{_SHORT})"
_BEFORE: Final = rf"(?:(?<![{HAN}])|(?<=[请找由是与和给据叫让问对为位及跟帮告了]))"
_RULES: Final = (
    rf"(?:{_LABELS})(?:姓名|名字)?[ ]?:[ ]?(?P<it>{_SHORT}){_END}",
    rf"(?:{_LABELS})[ ]?{_EITHER}{_END}",
    rf"(?:{_LABELS}|{_KIN})[ ]?:?[ ]?(?P<it>{_USUAL}{{2}})",
    rf"(?:{_SAID}|(?:{_KIN})(?:名?叫|是))[ ]?{_EITHER}{_END}",
    rf"我?姓{_EITHER}的?(?=[^{HAN}]|$)",
    rf"(?<![{HAN}])(?P<it>{_USUAL}{{1,2}})(?=、{_USUAL}{{1,2}}(?![{HAN}]))",
    rf"(?<=、)(?P<it>{_USUAL}{{1,2}})(?![{HAN}])",
    rf"(?<![{HAN}])(?P<it>{_USUAL}{{2}})(?=\s*(?:19|20)\d\d年)",
    rf"是(?P<it>{_SHORT})的(?:{_KIN})",
    rf"(?P<it>{_SHORT})[(（]?(?:{_ADDRESSES})",
    rf"{_BEFORE}(?P<it>{_SHORT})(?:老人|同志(?!为|的|关于|指出|强调|在))",
    rf"(?<![{HAN}])(?P<it>{_SHORT})[ ]?[,、(][ ]?[男女](?=[ ]?[,、)]|性)",
)
_SIGNED: Final = (
    rf"(?:找|联系){_EITHER}(?=[^{HAN}]|$)",
    rf"(?<![{HAN}a-z]){_EITHER}(?:签?收(?=[^{HAN}]|$)|[.。]?$)",
    rf"(?<![{HAN}])(?P<it>{_USUAL}{{1,2}})(?![{HAN}])",
    rf"(?<=号)(?P<it>{_USUAL}{{1,2}})签?收",
    rf"(?P<it>{_USUAL}{{2}})",
)
"""For lines that hold a number or an address of a person too."""
_CLEAR: Final = (
    "王李张刘陈杨赵吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈彭吕卢蒋蔡贾魏薛阎潘杜戴姜姚谭廖邹熊陆郝崔邱秦侯邵孟"
    "钱尹黎乔龚"
)
"""Surnames that begin few other words."""
_PLAIN: Final = rf"(?P<it>[{_CLEAR}][{_COMMON}]{{2}})(?!理论|思想|(?<=国)[家务内际民有])"
"""Such a surname with two usual characters is a name wherever it stands."""
_LAST: Final = (
    rf"(?<![{HAN}]){_EITHER}[^{HAN}\da-z\n]{{0,4}}"
    r"(?:的?(?:联系)?(?:电话|手机|身份证)(?:号码?)?(?:是|为)?)?[^\da-z\n]{0,3}$"
)
_REACH: Final = 24


def names(line: str, *, is_signed: bool = False) -> Iterator[tuple[int, int]]:
    """Names in one line of folded text, as ``[start, end)``; in no order, and they may overlap.

    Args:
        line: folded.
        is_signed: the line also holds what persons give with their names.
    """
    for rule in (*_RULES, _PLAIN, *(_SIGNED if is_signed else ())):
        for match in _compiled(rule).finditer(line):
            if _is_name(match.group("it")):
                yield match.span("it")


def name_before(line: str, number: int) -> tuple[int, int] | None:
    """The name right before a telephone or identity number that begins at `number`."""
    begin = max(0, number - _REACH)
    match = _compiled(_LAST).search(line[begin:number])
    if match is None or not _is_name(match.group("it")):
        return None
    start, end = match.span("it")
    return begin + start, begin + end


@cache
def _compiled(rule: str) -> re.Pattern[str]:
    # When first needed: all of them together take 40 ms of every start.
    return re.compile(rule)


def _is_name(text: str) -> bool:
    surname = re.match(_SURNAMES, text)
    given = text[surname.end() :] if surname else ""
    return bool(given) and not (
        _NO_NAME.match(text) or given in _ELDER or any(part in _UNFIT for part in given)
    )
