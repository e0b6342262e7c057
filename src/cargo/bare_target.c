#include "bare_target.h"

#include "view.h"

#include <jansson.h>
#include <string.h>

static bool specification_is_bare(const char *path)
{
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_t *os = json_object_get(root, "os");
	bool bare = json_is_object(root) &&
		    (!os || (json_is_string(os) && strcmp(json_string_value(os), "none") == 0));

	json_decref(root);
	return bare;
}

bool hone_target_is_bare(const char *triple)
{
	struct hone_view rest = hone_view_of(triple), word;
	bool started = false;

	if (hone_view_ends(rest, ".json"))
		return specification_is_bare(triple);
	while (hone_view_split(&rest, &started, '-', &word))
		if (hone_view_is(word, "none"))
			return true;
	return false;
}
