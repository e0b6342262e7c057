"""use_imagequant.py LIBRARY: 256 colours for a picture that is made here, by libimagequant."""

import ctypes
import hashlib
import sys

WIDE = HIGH = 320
kit = ctypes.CDLL(sys.argv[1])
pointer = ctypes.c_void_p
kit.liq_attr_create.restype = pointer
kit.liq_image_create_rgba.restype = pointer
kit.liq_image_create_rgba.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_double]
kit.liq_image_quantize.argtypes = [pointer, pointer, ctypes.POINTER(pointer)]
kit.liq_write_remapped_image.argtypes = [pointer, pointer, ctypes.c_char_p, ctypes.c_size_t]
pixels = bytes(v for y in range(HIGH) for x in range(WIDE) for v in (x * 7 & 255, y * 5 & 255, (x ^ y) & 255, 255))
attr, result = kit.liq_attr_create(), pointer()
image = kit.liq_image_create_rgba(attr, pixels, WIDE, HIGH, 0.0)
room = ctypes.create_string_buffer(WIDE * HIGH)
failed = kit.liq_image_quantize(image, attr, ctypes.byref(result)) or kit.liq_write_remapped_image(result, image, room, WIDE * HIGH)
print(failed, hashlib.sha256(room.raw).hexdigest())
