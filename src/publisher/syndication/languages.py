"""Tags of languages (RFC 5646, BCP 47): their form, and the codes of two letters in them.

Codes of three letters are many thousands; whether there is one is not asked.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from publisher.diagnostics import quoted

#: ISO 639-1, and what the registry has beside it from before.
_OF_LANGUAGES: Final = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
    ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li
    ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa
    pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LANGUAGES: Final = frozenset(_OF_LANGUAGES.split())
#: ISO 3166-1, and what the registry has of it beside (RFC 5646 section 2.2.4).
_OF_REGIONS: Final = """
    AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BU BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CS CU CV CW CX CY CZ DD DE DG DJ
    DK DM DO DZ EA EC EE EG EH ER ES ET EU EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP
    GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM
    KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NT NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SU SV SX SY SZ TA TC TD
    TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS YD YE
    YT YU ZA ZM ZR ZW
"""
_REGIONS: Final = frozenset(_OF_REGIONS.split())
#: Countries that are taken for languages, and other slips -> what is meant.
_MEANT: Final = MappingProxyType(
    {
        "al": "sq", "at": "de", "bd": "bn", "by": "be", "cn": "zh", "cz": "cs", "dk": "da",
        "ge": "ka", "gb": "en", "gr": "el", "il": "he", "ir": "fa", "jp": "ja", "kh": "km",
        "kz": "kk", "md": "ro", "rs": "sr", "tj": "tg", "tm": "tk", "ua": "uk", "us": "en",
        "vn": "vi", "UK": "GB",
    }
)  # fmt: skip
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}",
    re.IGNORECASE | re.ASCII,
)
_LONGEST: Final = 100  # no tag is so long


def language_fault(tag: str) -> tuple[str, str]:
    """What is amiss with the tag of a language, and what may be meant; nothing of each if it is sound."""
    found = _TAG.fullmatch(tag) if len(tag) <= _LONGEST else None
    if not found:
        meant = tag.replace("_", "-")
        hint = f"write '{meant}'" if meant != tag and not language_fault(meant)[0] else ""
        return f"expected the tag of a language such as en or pt-BR, got {quoted(tag)}", hint
    language = (found["language"] or "").lower()
    if len(language) == 2 and language not in _LANGUAGES:  # noqa: PLR2004 -- letters
        return f"expected a language, got {quoted(tag)}: there is none '{language}'", _hint(
            language, "language"
        )
    region = (found["region"] or "").upper()
    if region.isalpha() and region not in _REGIONS:
        return f"expected a country, got '{region}' in {quoted(tag)}", _hint(region, "country")
    return "", ""


def _hint(code: str, kind: str) -> str:
    return f"write '{_MEANT[code]}' if that is meant: '{code}' is no {kind}" if code in _MEANT else ""
