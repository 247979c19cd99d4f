"""Rows as files that spreadsheets read, with nothing in them that they would run."""

import csv
import io

import xlsxwriter

# What a spreadsheet takes for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# By how many rows the columns are made wide enough.
MEASURED_ROWS = 200


def write_csv(labels, rows):
    """Return a CSV file.

    :param labels: the texts of the first line
    :param rows: lists of values
    :return: bytes, in UTF-8 with the mark by which Excel knows it
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(labels)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _plain(value):
    if value is None or value is False:
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def write_xlsx(title, labels, rows):
    """Return an Excel file with one sheet; texts stay texts.

    :param title: the name of the sheet
    """
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.write_row(0, 0, labels, bold)
        sheet.freeze_panes(1, 0)
        widths = [len(label) for label in labels]
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value is None or value is False:
                    continue
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, str(value))
                if number < MEASURED_ROWS:
                    widths[column] = max(widths[column], len(str(value)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, 60))
    return file.getvalue()
