"""python3 use.py LIBRARY: counts words of a text that is made here, by the library."""

import ctypes
import sys

kit = ctypes.CDLL(sys.argv[1])
kit.textkit_different.restype = ctypes.c_size_t
kit.textkit_different.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
text = " ".join(f"Word{i * i % 997}" for i in range(20000)).encode()
print(kit.textkit_different(text, len(text)))
