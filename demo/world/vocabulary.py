"""Names, companies, telephone numbers and credit codes of the made-up world, all distinct where it matters.

Belongs here: word lists and generators of identity fields with valid check digits.
Does not belong here: who uses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SURNAMES = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"),
    ("赵", "Zhao"), ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"),
    ("马", "Ma"), ("朱", "Zhu"), ("胡", "Hu"), ("林", "Lin"), ("郭", "Guo"), ("何", "He"),
)  # fmt: skip
GIVEN = (
    ("芳", "Fang"), ("伟", "Wei"), ("敏", "Min"), ("静", "Jing"), ("丽", "Li"), ("强", "Qiang"),
    ("磊", "Lei"), ("洋", "Yang"), ("艳", "Yan"), ("勇", "Yong"), ("娟", "Juan"), ("涛", "Tao"),
    ("晓明", "Xiaoming"), ("秀英", "Xiuying"), ("海燕", "Haiyan"), ("志强", "Zhiqiang"),
    ("雅婷", "Yating"), ("子涵", "Zihan"), ("思远", "Siyuan"), ("嘉怡", "Jiayi"),
)  # fmt: skip
ENGLISH_FIRST = (
    "Alice", "Brian", "Clara", "Daniel", "Emma", "Felix", "Grace", "Henry", "Iris", "Jason", "Karen", "Leo",
    "Mia", "Nathan", "Olivia", "Peter", "Ruth", "Simon", "Tina", "Victor",
)  # fmt: skip
ENGLISH_LAST = (
    "Adams", "Baker", "Carter", "Dixon", "Evans", "Fisher", "Grant", "Hughes", "Irving", "Jensen", "Keller",
    "Lambert", "Morris", "Nolan", "Owens", "Parker", "Reed", "Stone", "Turner", "Walsh",
)  # fmt: skip
CITIES = ("北京", "上海", "广州", "深圳", "杭州", "成都", "南京", "武汉", "苏州", "西安", "重庆", "厦门")
ZH_ONE = (
    "花",
    "丽",
    "悦",
    "美",
    "雅",
    "馨",
    "瑞",
    "康",
    "佳",
    "蓝",
    "金",
    "云",
    "新",
    "百",
    "春",
    "安",
    "诺",
    "晶",
)
ZH_TWO = (
    "容",
    "颜",
    "姿",
    "肤",
    "妍",
    "韵",
    "和",
    "仁",
    "泰",
    "宁",
    "源",
    "天",
    "悦",
    "海",
    "岚",
    "禾",
    "澜",
    "雪",
)
ENGLISH_ONE = (
    "Amber", "Bright", "Cedar", "Coral", "Crystal", "Dawn", "Eden", "Fern", "Gold", "Harbour", "Ivory", "Jade",
    "Lake", "Lotus", "Maple", "Meadow", "Moon", "Noble", "Ocean", "Olive", "Orchid", "Pearl", "Pine", "River",
    "Rose", "Ruby", "Sage", "Silk", "Silver", "Sky", "Spring", "Star", "Summit", "Sun", "Velvet", "Violet",
    "White", "Willow", "Winter", "Zephyr",
)  # fmt: skip
ENGLISH_TWO = (
    "bloom", "brook", "cliff", "court", "crest", "dale", "field", "ford", "garden", "gate", "glow", "grove",
    "haven", "hill", "house", "leaf", "light", "line", "mark", "mere", "mill", "mont", "path", "port", "ridge",
    "shade", "shore", "song", "spa", "stone", "style", "terrace", "tide", "view", "vale", "walk", "water", "way",
    "wood", "yard",
)  # fmt: skip
#: Customer type: share in percent, Chinese kind of business, English kind of business.
CUSTOMER_TYPES = {
    "beauty_salon": (40, "美容院", "Beauty Salon"),
    "clinic": (25, "医疗美容诊所", "Clinic"),
    "hospital": (9, "整形医院", "Hospital"),
    "training_school": (6, "美业培训学校", "Training School"),
    "individual": (20, "", ""),
}
ZH_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "")
ENGLISH_FORMS = (" Ltd.", " Co., Ltd.", " Inc.", "")
PHONE_PREFIXES = ("130", "137", "138", "139", "150", "158", "159", "186", "187", "188")
PREFERENCES = (
    "微信联系",
    "电话联系",
    "weekday mornings",
    "sample first",
    "注重价格",
    "premium line",
    "喜欢小班培训",
)

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_check_digit(body: str) -> str:
    """Check digit of an organisation code of 8 characters (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def credit_code_check_digit(body: str) -> str:
    """Check digit of the first 17 characters of a unified social credit code (GB 32100)."""
    total = sum(_CODE_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return _CODE_ALPHABET[(31 - total % 31) % 31]


@dataclass
class PersonName:
    """A name as shown, and its Latin spelling for addresses."""

    shown: str
    latin: str


class Vocabulary:
    """Draws names and identity fields; company names, phones and credit codes never repeat."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._zh = [city + one + two for city in CITIES for one in ZH_ONE for two in ZH_TWO]
        self._english = [one + two for one in ENGLISH_ONE for two in ENGLISH_TWO]
        rng.shuffle(self._zh)
        rng.shuffle(self._english)
        self._taken_zh = 0
        self._taken_english = 0
        self._numbers: set[str] = set()

    def person(self) -> PersonName:
        """A natural person, Chinese or English; names may repeat, as they do."""
        if self._rng.random() < 0.5:
            surname, given = self._rng.choice(SURNAMES), self._rng.choice(GIVEN)
            return PersonName(surname[0] + given[0], f"{given[1]}.{surname[1]}".lower())
        first, last = self._rng.choice(ENGLISH_FIRST), self._rng.choice(ENGLISH_LAST)
        return PersonName(f"{first} {last}", f"{first}.{last}".lower())

    def customer_type(self) -> str:
        """A customer type with the frequencies of CUSTOMER_TYPES."""
        weights = [share for share, _, _ in CUSTOMER_TYPES.values()]
        return self._rng.choices(list(CUSTOMER_TYPES), weights)[0]

    def company(self, customer_type: str) -> str:
        """A company name that no other customer has, even without its legal form."""
        _, zh_kind, english_kind = CUSTOMER_TYPES[customer_type]
        if self._rng.random() < 0.5:
            stem, again = self._take(self._zh, self._taken_zh)
            self._taken_zh += 1
            return f"{stem}{again}{zh_kind}{self._rng.choice(ZH_FORMS)}"
        stem, again = self._take(self._english, self._taken_english)
        self._taken_english += 1
        return f"{stem}{again} {english_kind}{self._rng.choice(ENGLISH_FORMS)}"

    @staticmethod
    def _take(words: list[str], taken: int) -> tuple[str, str]:
        round_number, place = divmod(taken, len(words))
        return words[place], str(round_number + 1) if round_number else ""

    def phone(self) -> str:
        """A well-formed Chinese mobile number that is not in use yet, eleven digits."""
        while True:
            number = self._rng.choice(PHONE_PREFIXES) + f"{self._rng.randrange(10**8):08d}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def credit_code(self) -> str:
        """A unified social credit code with both check digits right, not in use yet."""
        while True:
            region = self._rng.choice(("110105", "310115", "440106", "440305", "330106", "510107"))
            organisation = "MA" + "".join(self._rng.choice(_CODE_ALPHABET) for _ in range(6))
            body = "91" + region + organisation + organisation_check_digit(organisation)
            code = body + credit_code_check_digit(body)
            if code not in self._numbers:
                self._numbers.add(code)
                return code


def spaced_phone(number: str) -> str:
    """The same number as people write it: +86 138 0013 8000."""
    return f"+86 {number[:3]} {number[3:7]} {number[7:]}"
