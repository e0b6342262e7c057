"""use_blake3.py LIBRARY: hashes of many short texts and of a long one, by blake3."""

import importlib.util
import sys

spec = importlib.util.spec_from_file_location("blake3", sys.argv[1])
blake3 = importlib.util.module_from_spec(spec)
spec.loader.exec_module(blake3)
hasher = blake3.blake3()
for i in range(60000):
    hasher.update(blake3.blake3(b"%d" % i).digest())
print(hasher.hexdigest(), blake3.blake3(bytes(16 << 20)).hexdigest())
