#ifndef HONE_CARGO_PLATFORM_H
#define HONE_CARGO_PLATFORM_H
/* What a program is built for, by its triple (thumbv7m-none-eabi) or by the keys of a target specification, FILE.json. */
#include "object.h"

enum hone_os {
	HONE_OS_NONE, /* a device without an operating system */
	HONE_OS_LINUX,
	HONE_OS_ANDROID,
	HONE_OS_APPLE,
	HONE_OS_WINDOWS,
	HONE_OS_WASI,
	HONE_OS_OTHER,
};

/* The C library. */
enum hone_libc {
	HONE_LIBC_GNU,
	HONE_LIBC_MUSL,
	HONE_LIBC_OTHER,
};

struct hone_platform {
	enum hone_os os;
	enum hone_libc libc;
	const char *machine; /* as QEMU calls it: "arm", "riscv32"; "" when it has none. Static */
	enum hone_object_format object; /* HONE_OBJECT_FORMATS: one that hone does not read */
	/* This machine runs its programs by itself: machine and operating system are the same, or the machine takes the
	 * older 32-bit code, too, or the kernel was given an emulator (binfmt_misc). A target specification counts as one
	 * that runs, unless it is a device's or WebAssembly's. */
	bool runs_here;
};
/* host: the triple of this machine; NULL: runs_here is not asked for. A specification that cannot be read counts as
 * an ordinary target: cargo says what is wrong with it. */
struct hone_platform hone_platform_of(const char *triple, const char *host);

#endif
