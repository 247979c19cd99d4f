from . import test_conversion, test_opportunities_told, test_pipeline
