"""Encodings are told by what the text says; what is not sure is refused, and can be named."""

import codecs
from pathlib import Path

import pytest
from files_support import Deliver, Home, validate_delivery

from connectors.files import DeliveryRejected, ImportProblem
from connectors.files.readers.encodings import ENCODINGS, detect_encoding

WESTERN = "customer_id,name,created_at\nC1,Müller & Söhne GmbH,2026-01-01\nC2,Grünbaum KG,2026-01-01\n"
FOREIGN = {
    "de": (WESTERN, "cp1252", "Windows-1252"),
    "de_latin": (WESTERN, "iso8859-1", "Windows-1252"),
    "fr": ("customer_id,name,created_at\nC1,Société créée à Évry,2026-01-01\n", "cp1252", "Windows-1252"),
    "es": ("customer_id,name,created_at\nC1,Peña y Compañía,2026-01-01\n", "cp1252", "Windows-1252"),
    "ru": ("customer_id,name,created_at\nC1,Иванов Пётр Сергеевич,2026-01-01\n", "cp1251", "Windows-1251"),
    "kr": (
        "customer_id,name,created_at\nC1,김철수 현대자동차,2026-01-01\nC2,삼성전자 주식회사,2026-01-01\n",
        "cp949",
        "",
    ),
    "tw": (
        "customer_id,name,created_at\nC1,陳大文,2026-01-01\nC2,臺灣電子股份有限公司,2026-01-01\n",
        "big5",
        "big5",
    ),
    "jp": (
        "customer_id,name,created_at\nC1,山田太郎,2026-01-01\nC2,株式会社テスト,2026-01-01\n",
        "cp932",
        "shift_jis",
    ),
    "jp_euc": (
        "customer_id,name,created_at\nC1,山田太郎,2026-01-01\nC2,株式会社テスト,2026-01-01\n",
        "euc_jp",
        "",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_other_encodings_are_never_read_as_chinese(deliver: Deliver, name: str):
    text, codec, guess = FOREIGN[name]
    with pytest.raises(DeliveryRejected) as caught:
        validate_delivery(deliver({"customers.csv": text.encode(codec)}))
    said = str(caught.value)
    assert guess in caught.value.what
    assert "--encoding" in said
    assert "save it as CSV UTF-8" in said


@pytest.mark.parametrize("name", FOREIGN)
def test_a_named_encoding_is_read(home: Home, deliver: Deliver, name: str):
    text, codec, _ = FOREIGN[name]
    named = (
        next(word for word, known in ENCODINGS.items() if codecs.lookup(known) == codecs.lookup(codec))
        if (codec != "big5")
        else "big5"
    )
    home.load(deliver({"customers.csv": text.encode(codec)}), encoding=named)
    expected = sorted((line.split(",")[1],) for line in text.splitlines()[1:])
    assert sorted(home.query("select name from raw_files.customers")) == expected


def test_a_mapping_names_the_encoding_of_one_file(home: Home, deliver: Deliver, tmp_path: Path):
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        "mapping: crm\nsources:\n  crm: {file: clients.csv, encoding: windows-1252}\ntemplates:\n"
        "  - template: customers\n    from: crm\n    columns: {customer_id: No, name: Who, created_at: Since}\n",
        encoding="utf-8",
    )
    text = "No,Who,Since\nC1,Müller,2026-01-01\n"
    home.load(deliver({"clients.csv": text.encode("cp1252")}), mapping=mapping)
    assert home.query("select name from raw_files.customers") == [("Müller",)]


@pytest.mark.parametrize(
    ("named", "codec"),
    [("UTF8", "utf-8-sig"), ("Latin-1", "iso8859-1"), ("cp1252", "cp1252"), ("gb2312", "gbk")],
)
def test_names_of_encodings_as_people_write_them(tmp_path: Path, named: str, codec: str):
    (tmp_path / "a.csv").write_bytes(b"plain")
    assert detect_encoding(tmp_path / "a.csv", named).codec == codec


def test_an_unknown_encoding_is_bad_usage(deliver: Deliver):
    with pytest.raises(ImportProblem, match="no encoding 'windows-1259'") as caught:
        validate_delivery(deliver({"customers.csv": WESTERN}), encoding="windows-1259")
    assert caught.value.exit_code == 2
    assert "windows-1258" in caught.value.hint


@pytest.mark.parametrize("named", ["utf-8", "gbk", "iso-8859-1"])
def test_a_file_that_is_not_in_the_named_encoding_is_refused(deliver: Deliver, named: str):
    text = "customer_id,name,created_at\nC1,Acme “Müller” €5,2026-01-01\n"
    with pytest.raises(DeliveryRejected, match=f"the file is not {named}"):
        validate_delivery(deliver({"customers.csv": text.encode("cp1252")}), encoding=named)


@pytest.mark.parametrize("codec", ["gb18030", "gbk"])
@pytest.mark.parametrize(
    "names",
    [
        ["王堃", "李喆"],
        ["张伟"],
        ["鼎泰鑫盛商贸行", "欧阳娜娜", "诸葛瑾"],
        ["深圳市腾飞科技有限公司"],
        ["𠮷祥科技"],
    ],
)
def test_chinese_is_read_and_said(home: Home, deliver: Deliver, codec: str, names: list[str]):
    if codec == "gbk" and "𠮷祥科技" in names:
        names = ["吉祥科技"]
    rows = "".join(f"C{n},{name},2026-01-01\n" for n, name in enumerate(names))
    report = home.load(deliver({"customers.csv": f"customer_id,name,created_at\n{rows}".encode(codec)}))
    assert home.query("select name from raw_files.customers order by customer_id") == [
        (name,) for name in names
    ]
    assert report.notes == ["customers.csv: it is not UTF-8; read as GB18030, which its Chinese text fits"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "utf-8"])
def test_unicode_with_or_without_a_mark_needs_no_word(home: Home, deliver: Deliver, codec: str):
    report = home.load(deliver({"customers.csv": WESTERN.encode(codec)}))
    assert home.query("select name from raw_files.customers order by all limit 1") == [("Grünbaum KG",)]
    assert report.notes == []


def test_a_big_endian_file_with_a_mark_is_read(deliver: Deliver):
    content = codecs.BOM_UTF16_BE + WESTERN.encode("utf-16-be")
    assert validate_delivery(deliver({"customers.csv": content})).accepted == 2


def test_two_encodings_in_one_file_are_refused(deliver: Deliver):
    chinese = "".join(f"C{n},深圳市腾飞科技有限公司,2026-01-01\n" for n in range(20))
    content = (
        f"customer_id,name,created_at\n{chinese}".encode("gb18030") + "D1,北京贸易中心,2026-01-01\n".encode()
    )
    with pytest.raises(DeliveryRejected, match="mixes encodings: line 22"):
        validate_delivery(deliver({"customers.csv": content}))
