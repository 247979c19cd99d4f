import io
from datetime import date

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import FileProblemError, parse_number, parse_rows, read_table, reading, recognise

TODAY = date(2026, 11, 29)


def read(data):
    """Return the rows of a file: their values and the codes of what is wrong."""
    table = read_table(data.encode() if isinstance(data, str) else data)
    rows = parse_rows(table, recognise(table.columns), TODAY)
    return [(values, [problem.code for problem in problems]) for _n, values, problems in rows]


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    """Whatever file a vendor sends: what can be read is read, the rest says why not."""

    def test_files_of_many_writings(self):
        text = "供应商编码;品名;单价;起订量\r\nA1;面粉 25 公斤;14,50;10\r\n"
        for encoding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"):
            [(values, problems)] = read(text.encode(encoding))
            self.assertEqual(problems, [], encoding)
            self.assertEqual(values["name"], "面粉 25 公斤", encoding)
            self.assertEqual((values["price"], values["min_qty"]), (14.5, 10), encoding)
        [(values, _problems)] = read("Artikelnummer;Preis;Name\nA;1;Gebäck groß\n".encode("cp1252"))
        self.assertEqual(values["name"], "Gebäck groß")

    def test_a_title_above_the_table_and_columns_nobody_knows(self):
        rows = read("Prices 2027\n\nItem No.\tColour\tUnit Price\tMOQ\nA\tred\t2\t5\n")
        self.assertEqual(rows, [({"vendor_code": "A", "price": 2, "min_qty": 5}, [])])

    def test_excel_keeps_codes_numbers_and_days(self):
        rows = read(
            workbook(
                ["Vendor Code", "Price", "Valid From", "Duty"],
                ["001", 12.345, date(2027, 1, 5), "5 %"],
                [1002.0, 3, "2027-02-01", None],
            )
        )
        self.assertEqual(rows[0][0]["vendor_code"], "001")
        self.assertEqual(rows[0][0]["price"], 12.345)
        self.assertEqual(rows[0][0]["date_start"], date(2027, 1, 5))
        self.assertEqual(rows[1][0]["vendor_code"], "1002")
        self.assertEqual([problems for _values, problems in rows], [[], []])

    def test_numbers_that_are_none(self):
        for text in ("NaN", "inf", "-inf", "1e400", "abc", "1.2.3", "12-", "1 2 x 3"):
            with self.assertRaises(ValueError, msg=text):
                parse_number(text)
        for value in (float("nan"), float("inf"), 10**400, True):
            with self.assertRaises(ValueError):
                parse_number(value)
        for text, number in (("1 234,50", 1234.5), ("1,234.50", 1234.5), ("0.125", 0.125),
                             ("€ 3,5", 3.5), ("−2", -2), ("1'000.5", 1000.5)):  # fmt: skip
            self.assertEqual(parse_number(text)[0], number, text)

    def test_a_number_that_can_be_two_follows_its_column_or_is_asked_about(self):
        [(one, _), (two, _)] = read("Code;Price\nA;1.234\nB;2,50\n")
        self.assertEqual((one["price"], two["price"]), (1234, 2.5))
        [(_values, problems)] = read("Code;Price\nA;1.234\n")
        self.assertEqual(problems, ["ambiguous"])

    def test_days_that_are_none_or_two(self):
        rows = read(
            "Code;Price;Valid From\nA;1;2027-02-31\nB;1;05/06/2027\nC;1;2999-01-01\n"
            "D;1;01.12.2026\nE;1;2026年12月31日\n"
        )
        self.assertEqual(
            [problems for _values, problems in rows],
            [["date_day"], ["ambiguous_day"], ["far_day"], [], []],
        )
        self.assertEqual(rows[3][0]["date_start"], date(2026, 12, 1))
        self.assertEqual(rows[4][0]["date_start"], date(2026, 12, 31))

    def test_each_hostile_cell_is_told_and_none_is_lost(self):
        rows = read(
            "Vendor Code,Price,Min. Quantity,Discount,Lead Time,Valid Until\n"
            "A,=1+1,1,,,\n"
            "B,-5,1,,,\n"
            "C,1,-1,100,1.5,\n"
            ",1,,,,\n"
            "D,,,,,\n"
            "E,1,,,,2020-01-01\n"
            f"{'x' * 100},1,,,,\n"
            "F,99999999999,,,99999,\n"
            "G,1,2,3,4,2027-01-01\n"
        )
        self.assertEqual(
            [problems for _values, problems in rows],
            [
                ["formula"], ["range"], ["range", "range", "whole"], ["no_product"], ["no_price"],
                ["over"], ["too_long", "no_product"][:1], ["range", "range"], [],
            ],
        )  # fmt: skip

    def test_files_that_are_no_tables(self):
        cases = {
            b"": "empty",
            b"\n\n": "empty",
            b"foo,bar\n1,2\n": "no_columns",
            b"Code,Price\n": "no_rows",
            b"\xd0\xcf\x11\xe0rest": "old_excel",
            b"PK\x03\x04broken": "workbook",
            b"Code,Price\n\x00\x01\x00,\n": "binary",
            b'Code,Name,Price\nA,"never closed,1\nB,b,2\n': "quote",
            workbook(["Code", "Price"], *(["A", 1],) * 3)[:900]: "workbook",
        }
        for data, code in cases.items():
            with self.assertRaises(FileProblemError) as caught:
                read(data)
            self.assertEqual(caught.exception.code, code, data[:30])

    def test_a_hundred_thousand_rows_and_one_more(self):
        lines = "".join(f"C{number},{number % 97 + 1}\n" for number in range(reading.MOST_ROWS))
        self.assertEqual(len(read("Code,Price\n" + lines)), reading.MOST_ROWS)
        with self.assertRaises(FileProblemError) as caught:
            read("Code,Price\n" + lines + "Z,1\n")
        self.assertEqual(caught.exception.code, "too_many_rows")

    def test_a_packed_file_that_would_fill_the_memory(self):
        data = workbook(["Code", "Price"], ["A", 1])
        before, reading.MOST_UNPACKED = reading.MOST_UNPACKED, 100
        self.addCleanup(setattr, reading, "MOST_UNPACKED", before)
        with self.assertRaises(FileProblemError) as caught:
            read(data)
        self.assertEqual(caught.exception.code, "too_large")
