from hypothesis import settings

settings.register_profile("softgate", derandomize=True, deadline=None, database=None)
settings.load_profile("softgate")
