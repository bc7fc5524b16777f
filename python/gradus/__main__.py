"""python -m gradus …: the gradus program itself."""

import os
import subprocess
import sys

from .engine import binary

command = [binary()] + sys.argv[1:]
if sys.platform == "win32":
    sys.exit(subprocess.call(command))
os.execv(command[0], command)
