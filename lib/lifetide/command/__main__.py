"""`python -m lifetide.command COMMAND` is `lifetide COMMAND`."""

import sys

from lifetide.command import main

sys.exit(main())
