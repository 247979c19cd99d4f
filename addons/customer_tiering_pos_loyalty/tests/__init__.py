from . import test_pos_programs
