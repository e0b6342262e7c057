#ifndef HONE_CLI_SIZE_EXTRA_H
#define HONE_CLI_SIZE_EXTRA_H
/* The parts of `size` besides its tables of bytes: advice, and the memory of a device. */
#include "jsonw.h"
#include "size_advice.h"
#include "size_memory.h"
#include "cli.h"
#include "regions_find.h"
#include "size_subject.h"

void hone_advice_print(struct hone_cli *cli, const struct hone_advice_list *l, struct hone_buf *to);
/* The value of the key "advice". */
void hone_advice_json(struct hone_jsonw *w, const struct hone_advice_list *l);

/* Prints a whole answer to `size --memory`, in the format that was asked for. rows: the most to show. */
int hone_memory_show(struct hone_cli *cli, const struct hone_size_subject *s, enum hone_size_by by,
	size_t rows, const struct hone_regions *regions, struct hone_err *err);

/* The key regions[]: used and capacity of each. */
void hone_regions_json(struct hone_jsonw *w, const struct hone_memory *m);

#endif
