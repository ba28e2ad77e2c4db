"""Characters of a PDF get the names that they have on the page."""

from serving.reports.pdf_text import renamed, right_names


def test_a_radical_becomes_the_character_of_the_page() -> None:
    assert right_names("期间:2025年12⽉,⼯号", "工号,期间:2025年12月") == {"⽉": "月", "⼯": "工"}


def test_a_ligature_becomes_its_letters() -> None:
    assert right_names("most money \ufb01rst", "most money first") == {"\ufb01": "fi"}


def test_a_character_without_a_plain_form_is_known_by_its_neighbours() -> None:
    """⼾ is the radical of 戶, which the page does not have; ⻔ has no plain form at all."""
    assert right_names("客⼾转单部⻔:销售", "客户转单部门销售:") == {"⼾": "户", "⻔": "门"}


def test_what_no_neighbour_tells_stays() -> None:
    assert right_names("⻔", "门户") == {}
    assert right_names("12 ¥100", "12 ¥100") == {}


def test_the_table_of_a_font_is_written_with_the_right_characters() -> None:
    table = (
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        b"2 beginbfchar\n<0003> <2F49>\n<0009> <FB01>\nendbfchar\n"
        b"1 beginbfrange\n<0010> <0012> <2F2E>\nendbfrange\nendcmap"
    )
    assert renamed(table, {"\u2f49": "月", "\ufb01": "fi", "\u2f2f": "工"}) == (
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        b"2 beginbfchar\n<0003> <6708>\n<0009> <00660069>\nendbfchar\n"
        b"3 beginbfchar\n<0010> <2F2E>\n<0011> <5DE5>\n<0012> <2F30>\nendbfchar\nendcmap"
    )


def test_a_block_holds_a_hundred_entries_at_most() -> None:
    found = renamed(b"1 beginbfrange\n<0000> <00C7> <4E00>\nendbfrange\n", {"x": "y"})
    assert found.count(b"100 beginbfchar") == 2
