import os

os.environ["GRADUS_LANG"] = "en"  # the sentences that tests look for
os.environ["SCIPY_ARRAY_API"] = "1"  # so that no check of scikit-learn is skipped
