"""GAN Studio in the browser: python app.py"""

import signal
import sys

from gan.interrupts import leaving_at_once

if __name__ == "__main__":
    with leaving_at_once("Stopped.", signal.SIGINT, signal.SIGTERM):
        from gan.ui.app import main
    sys.exit(main())
