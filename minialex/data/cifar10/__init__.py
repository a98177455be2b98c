"""CIFAR-10: `reader.py` reads the official files, `download.py` downloads them."""
