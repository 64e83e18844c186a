import signal
import sys

from gan.interrupts import leaving_at_once

with leaving_at_once("Stopped.", signal.SIGINT):
    from gan.cli.main import main

sys.exit(main())
