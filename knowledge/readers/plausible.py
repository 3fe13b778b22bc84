"""The commonest characters of Chinese: what a wrong decoding or font map does not produce."""

from typing import Final

# The commonest characters of running Chinese, simplified and traditional: what a wrong decoding
# does not produce by chance.
_FREQUENT: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
    "行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些"
    "然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公"
    "无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将"
    "组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金"
    "增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类"
    "八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非"
    "验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效"
    "斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"
    "這為個國時來們對會發動過說產種後經進著電裡體當點從業應開還與關間樣實現無長問題員條據圖書館學習號華萬報務議區隊門"
    "總統組級給結將軍領導論證認識議設計調語請謝變讓電腦網頁資訊類頭風飛馬點黨齊龍灣臺縣單雙團園圓場處環節稱積細終給絕續"
)
_PUNCTUATION: Final = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕—…·　％")


def is_familiar(character: str) -> bool:
    """Whether running Chinese has this character often."""
    return character in _FREQUENT or character in _PUNCTUATION
