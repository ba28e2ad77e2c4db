"""The translation catalogue: one text a key, one word a term, the words of the glossary."""

import re
from collections import defaultdict
from string import Formatter

import pytest

from serving.catalogue import LANGUAGES, LOCALE, texts

GLOSSARY = LOCALE.parents[1] / "docs" / "glossary.md"
KEYS = sorted(texts("en"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def term(text: str) -> str:
    """A text as a term: without case, the plural and the stop at its end."""
    return re.sub(r"s\b", "", text.casefold().rstrip(".。"))


def contradictions(of: str, by: str) -> dict[str, set[str]]:
    """Terms of one language that have several in the other."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in KEYS:
        if re.search(r"\w", texts(of)[key].replace("_", "")):
            found[term(texts(of)[key])].add(term(texts(by)[key]))
    return {words: others for words, others in found.items() if len(others) > 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_in_a_file(language: str) -> None:
    keys = re.findall(
        r'^msgid "(.+)"$', (LOCALE / f"{language}.po").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(keys) == len(set(keys)) == len(texts(language))


@pytest.mark.parametrize("key", KEYS)
def test_a_text_is_there_in_both_languages_with_the_same_placeholders(key: str) -> None:
    assert texts("zh")[key].strip()
    assert placeholders(texts("zh")[key]) == placeholders(texts("en")[key])


def test_both_files_have_the_same_keys_in_the_same_order() -> None:
    assert list(texts("zh")) == list(texts("en"))


def test_no_term_is_translated_in_two_ways() -> None:
    assert contradictions("en", "zh") == {}
    assert contradictions("zh", "en") == {}


def test_the_texts_have_the_words_of_the_glossary() -> None:
    rows = re.findall(r"^\| ([^|`]+) \| ([^|`、]+) \| ", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    chinese = {term(english): words for english, words in rows if re.search("[\u4e00-\u9fff]", words)}
    wrong = {
        key: (texts("zh")[key], chinese[term(texts("en")[key])])
        for key in KEYS
        if term(texts("en")[key]) in chinese and texts("zh")[key] != chinese[term(texts("en")[key])]
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "word", ["佣金", "追补", "绩效考核", "应计", "应得合计", "职位", "没收", "转交", "转移"]
)
def test_a_word_that_the_glossary_replaces_is_not_used(word: str) -> None:
    assert [key for key, text in texts("zh").items() if word in text] == []
