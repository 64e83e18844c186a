"""GAN Studio in the browser: python app.py"""

import sys

from gan.ui.app import main

if __name__ == "__main__":
    sys.exit(main())
