import sys

from gan.cli.main import main

sys.exit(main())
