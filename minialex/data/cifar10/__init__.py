"""CIFAR-10: `reader.py` reads the official files, which `batch_files.py` finds; `download.py` downloads them."""
