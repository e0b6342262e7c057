#ifndef HONE_TRIAL_REGIONS_FIND_H
#define HONE_TRIAL_REGIONS_FIND_H
/* The memory of a device, from its project's linker script. */
#include "memory_regions.h"
#include "project.h"

/* Reads the regions of a linker script; NULL gives none. */
int hone_regions_read(const char *path, struct hone_regions *ret_regions, struct hone_err *err);
/* The script with the MEMORY of a project's device: memory.x beside the package's Cargo.toml, where
 * cortex-m-rt, riscv-rt and others want it, else in the workspace's root. NULL: there is none. The caller
 * frees. */
char *hone_regions_find(const struct hone_project *p);

#endif
