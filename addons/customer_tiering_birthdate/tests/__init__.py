from . import test_birthdays
