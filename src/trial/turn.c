#include "turn.h"

#include "lock.h"
#include "proc.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS (HONE_NS_PER_S / 20)

static int refuse(const char *whose, const char *holder, struct hone_err *err)
{
	hone_err_set(err, HONE_E_CONFLICT, "another hone is at work in %s%s%s", whose,
		holder ? ": " : "", holder ? holder : "");
	return hone_err_hint(err, "wait until it has ended");
}

/* Says for whom it waits, once for each. */
static void say(const struct hone_events *events, const char *whose, int fd, char **said)
{
	hone_auto_free char *holder = hone_lock_holder(fd);
	const char *who = holder ? holder : "another hone";

	if (*said && strcmp(*said, who) == 0)
		return;
	hone_events_status(events, "Waiting", "for %s, which is at work in %s", who, whose);
	free(*said);
	*said = hone_xstrdup(who);
}

int hone_turn_take(const struct hone_events *events, const char *path, const char *whose,
	unsigned how, int *ret_fd, struct hone_err *err)
{
	const struct timespec pause = {.tv_nsec = LOOK_NS};
	hone_auto_close int fd = -1;
	hone_auto_free char *said = NULL;
	int error = hone_lock_open(path, &fd, err);

	while (!error) {
		error = hone_lock_try(fd, how & HONE_TURN_SHARED, path, err);
		if (error != HONE_E_CONFLICT)
			break;
		if (how & HONE_TURN_NO_WAIT) {
			hone_auto_free char *holder = hone_lock_holder(fd);

			return refuse(whose, holder, err);
		}
		say(events, whose, fd, &said);
		error = hone_interrupted(err);
		if (!error)
			(void)nanosleep(&pause, NULL);
	}
	if (error)
		return error;
	*ret_fd = fd;
	fd = -1;
	return 0;
}
