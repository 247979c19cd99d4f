from . import queued_runs, res_config_settings
