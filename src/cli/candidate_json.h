#ifndef HONE_CLI_CANDIDATE_JSON_H
#define HONE_CLI_CANDIDATE_JSON_H
#include "candidate.h"
#include "jsonw.h"

/* The key `settings` of the JSON contract: canonical keys with TOML-typed values. */
void hone_candidate_json(struct hone_jsonw *w, const struct hone_candidate *c);

#endif
