#ifndef HONE_PLAN_ALLOCATOR_CRATES_H
#define HONE_PLAN_ALLOCATOR_CRATES_H
/* Texts of allocator.c: what is in Cargo.toml and Cargo.lock of the crates that bring the allocators' sources. */
extern const char hone_mimalloc_manifest[], hone_mimalloc_lock[];
extern const char hone_jemalloc_manifest[], hone_jemalloc_lock[];

#endif
