"""Files of any kind come out as the same numbered rows of text."""

import gzip
from datetime import date, datetime

import duckdb
import openpyxl
import pytest

from order_import.errors import LoadError
from order_import.reading import Options, Source, shown


@pytest.fixture
def write(tmp_path):
    def write(content, name="purchases.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows(path, *columns, **options):
    """Return number and cells of the rows, or what is wrong with them."""
    with Source(path, Options(**options)) as source:
        positions = [source.positions(column) for column in columns]
        read = [(number, tuple(cells)) for batch in source.rows(positions)
                for number, *cells in batch]  # fmt: skip
        refused = [(row.number, row.reason) for row in source.unreadable]
        assert source.total == len(read) + len(refused)
    return sorted([*read, *refused], key=lambda row: row[0])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "  "])
def test_separator_is_found(write, separator):
    path = write(f"id{separator}day\r\na{separator}b\r\n")
    assert rows(path, "day", "id") == [(2, ("b", "a"))]


def test_a_decimal_comma_is_no_separator(write):
    path = write("id;day;paid\na;2024-01-05;1,5\nb;2024-01-05;2,5\n")
    assert rows(path, "paid") == [(2, ("1,5",)), (3, ("2,5",))]


def test_text_without_a_header_is_read_by_position(write):
    path = write(" 00004 0001 19970101  2   29.33\n")
    assert rows(path, "1", "5", header=False) == [(1, ("00004", "29.33"))]


def test_quoted_cells_may_go_on_in_the_next_line(write):
    path = write('id,note\na,"one,\n""two"""\nb,three\n')
    assert rows(path, "id", "note") == [(2, ("a", 'one,\n"two"')), (3, ("b", "three"))]


@pytest.mark.parametrize(
    "text",
    [
        'id,note\na,"one\nb,two\nc,three\n',
        'id,note\na,b\nc,"one\nd,e\n',
        'id,note\na,"one\nb,two\nc,"three"\nd,e\n',
    ],
)
def test_a_quote_that_is_never_closed_swallows_nothing_in_silence(write, text):
    with pytest.raises(LoadError, match=r"never closed.*--no-quotes"):
        Source(write(text))
    assert len(rows(write(text), "id", quotes=False)) == text.count("\n") - 1


def test_a_quote_inside_a_cell_is_a_letter(write):
    assert rows(write('id,note\na,5" disk\n'), "note") == [(2, ('5" disk',))]


def test_rows_of_a_wrong_width_are_told(write):
    path = write("id,day\na\nb,c,d\ne,f,,\nx,y\nz\nu,v\n")
    assert rows(path, "id", "day") == [
        (2, "too few columns"),
        (3, "too many columns"),
        (4, ("e", "f")),
        (5, ("x", "y")),
        (6, "too few columns"),
        (7, ("u", "v")),
    ]


def test_lines_above_the_table_are_its_title(write):
    path = write("Relatório de vendas;;\n\nCódigo;Data;Valor\n1;31/01/2024;1,50\n")
    assert rows(path, "codigo", "valor") == [(4, ("1", "1,50"))]
    path = write("a,,\nb,c,d\n")
    assert len(rows(path, "1", header=False)) == 2


@pytest.mark.parametrize(
    "content",
    [
        "id;who\na;José\n".encode(),
        b"\xef\xbb\xbf" + "id;who\na;José\n".encode(),
        "id;who\ra;José\r".encode(),
        "id;who\r\na;José\r\n".encode("utf-16"),
        "id;who\na;José\n".encode("utf-16-le"),
        "id;who\na;José\n".encode("cp1252"),
        gzip.compress("id;who\na;José\n".encode(), mtime=0),
        "sep=;\r\nid;who\r\na;José\r\n".encode(),
    ],
)
def test_one_table_in_many_encodings(write, content):
    assert [cells for _number, cells in rows(write(content), "who")] == [("José",)]


def test_other_alphabets_are_found_or_named(write):
    text = "客户,日期,金额\n张三,2024-01-05,12.5\n李四,2024-02-05,12.5\n"
    assert rows(write(text.encode("gb18030")), "客户")[1] == (3, ("李四",))
    assert rows(write(text.encode("big5", "replace")), "1", encoding="gb18030")
    with pytest.raises(LoadError, match="no encoding 'klingon'"):
        Source(write(text), Options(encoding="klingon"))


def test_one_broken_letter_does_not_change_the_encoding(write):
    content = "id,who\na,José\nb,René\n".encode() + b"c,Andr\xff\n"
    assert rows(write(content), "who")[-1] == (4, ("Andr\ufffd",))


def test_excel_cells_are_what_they_show(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Sales", None, None, None])
    sheet.append(["Client", "Day", "Pieces", "Paid"])
    sheet.append([17850.0, datetime(2024, 1, 31), 2, 1.234])
    sheet.append(["bo", date(2024, 2, 1), 0.5, 0.1 + 0.2])
    book.create_sheet("Other").append(["x"])
    book.save(tmp_path / "sales.xlsx")
    columns = ("Client", "Day", "Pieces", "Paid")
    assert rows(tmp_path / "sales.xlsx", *columns) == [
        (3, ("17850", "2024-01-31 00:00:00", "2", "1.234000000")),
        (4, ("bo", "2024-02-01 00:00:00", "0.500000000", "0.300000000")),
    ]
    with pytest.raises(LoadError, match="no sheet 'Third'; it has: Sheet, Other"):
        Source(tmp_path / "sales.xlsx", Options(sheet="Third"))


def test_typed_cells_are_written_in_one_way(tmp_path):
    path = tmp_path / "sales.parquet"
    duckdb.execute(
        "COPY (SELECT 17850.0::DOUBLE AS who, DATE '2024-01-31' AS day,"
        " TIMESTAMPTZ '2024-01-31 08:15:00+00' AS moment, 0.1::DOUBLE + 0.2::DOUBLE AS paid,"
        " 'NaN'::DOUBLE AS nothing) TO '" + str(path) + "'"
    )
    assert rows(path, "who", "day", "moment", "paid", "nothing") == [
        (1, ("17850.000000000", "2024-01-31", "2024-01-31 08:15:00+00", "0.300000000", "nan"))
    ]
    assert shown("17850.000000000") == "17850"
    assert shown("0.300000000") == "0.3"


def test_columns_are_found_in_any_case(write):
    path = write("Client ID,día,Day\na,b,c\n")
    assert rows(path, "client_id", "DIA") == [(2, ("a", "b"))]
    with Source(path) as source:
        with pytest.raises(
            LoadError, match="no column 'Ids'; its columns are: Client ID, día, Day"
        ):
            source.position("Ids")
        assert source.position("2") == 1
        assert source.positions("Day+Client ID") == (2, 0)


def test_a_name_that_two_columns_have_is_refused(write):
    with Source(write("id,day,day\n")) as source, pytest.raises(LoadError, match="2 columns"):
        source.position("day")


def test_an_orders_other_rows_follow_its_first(write):
    path = write("order,status,who\n1,paid,ann\n1,,\n2,,\n2,open,x\n2,paid,\n")
    with Source(path) as source:
        source.complete_orders(0, [1, 2])
        found = [tuple(row[1:]) for batch in source.rows([(1,), (2,)]) for row in batch]
    # The second order has two statuses: none of them is all its rows'.
    assert found == [("paid", "ann"), ("paid", "ann"), (None, "x"), ("open", "x"), ("paid", "x")]


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"PAR1 and no more", b"PK\x03\x04x", b"ab\x00cd,ef\n", b"\x1f\x8bx"]
)
def test_files_without_columns_are_refused(write, content):
    with pytest.raises(LoadError):
        Source(write(content))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(LoadError, match="cannot read"):
        Source(tmp_path)
