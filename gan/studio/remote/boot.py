"""What a job of the Hub does first, in a container where there is nothing but Python: jobs.py sends this very text.

It installs what training needs, unpacks the parcel from the job's repository, and goes on in inside.py, which is in it.
"""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile


def main() -> None:
    """Install, unpack, and become inside.py."""
    needs = json.loads(os.environ["GAN_STUDIO_NEEDS"])
    missing = [need for name, need in needs.items() if importlib.util.find_spec(name) is None]
    if missing:
        print("Installing", *missing, flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
    from huggingface_hub import hf_hub_download

    parcel = hf_hub_download(os.environ["GAN_STUDIO_REPO"], "parcel.zip")
    with zipfile.ZipFile(parcel) as archive:
        archive.extractall("gan-studio")
    os.chdir("gan-studio")
    os.execv(sys.executable, [sys.executable, "-m", "gan.studio.remote.inside"])


if __name__ == "__main__":
    main()
