"""Files are read row by row, with the line each row stands on."""

import pytest

from order_import.errors import LoadError
from order_import.sources import open_source


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "purchases.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows(path, *columns, **options):
    return [
        (row.number, row.cells if row.problem is None else row.problem.reason)
        for row in open_source(path, **options).rows(list(columns))
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "  "])
def test_separator_is_found_in_the_first_line(write, separator):
    path = write(f"id{separator}day\r\n\r\na{separator}b\r\n")
    assert rows(path, "day", "id") == [(3, ("b", "a"))]


def test_text_without_a_header_is_read_by_position(write):
    path = write(" 00004 0001 19970101  2   29.33\n")
    assert rows(path, "1", "5", header=False) == [(1, ("00004", "29.33"))]


def test_byte_order_mark_is_not_part_of_a_name(write):
    assert open_source(write(b"\xef\xbb\xbfid,day\n")).columns == ["id", "day"]


def test_quoted_cells_may_go_on_in_the_next_line(write):
    path = write('id,note\na,"one,\n""two"""\nb,three\n')
    assert rows(path, "id", "note") == [(2, ("a", 'one,\n"two"')), (4, ("b", "three"))]


def test_a_stray_quote_costs_its_own_line_only(write):
    path = write('id,note\na,"one\nb,two\nc,three\n')
    assert rows(path, "id") == [(2, "a quote that is never closed"), (3, ("b",)), (4, ("c",))]


def test_rows_of_a_wrong_width_are_told(write):
    path = write("id,day\na\nb,c,d\ne,f,,\n")
    assert rows(path, "id", "day") == [
        (2, "too few columns"),
        (3, "too many columns"),
        (4, ("e", "f")),
    ]


def test_an_unknown_column_is_told_with_those_there_are(write):
    source = open_source(write("id,day\n"))
    with pytest.raises(LoadError, match="no column 'Id'; its columns are: id, day"):
        source.position("Id")
    assert source.position("2") == 1


def test_a_name_that_two_columns_have_is_refused(write):
    with pytest.raises(LoadError, match="2 columns named 'day'"):
        open_source(write("id,day,day\n")).position("day")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"PAR1 and no more"])
def test_files_without_columns_are_refused(write, content):
    with pytest.raises(LoadError):
        open_source(write(content))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(LoadError, match="cannot read"):
        open_source(tmp_path)
