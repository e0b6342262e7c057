/* Output: to files, and on a terminal of its own. */
#include "clock.h"
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static FILE *out_file, *err_file;

static int open_files(void **state)
{
	(void)state;
	(void)unsetenv("NO_COLOR");
	(void)unsetenv("CLICOLOR_FORCE");
	(void)setenv("TERM", "xterm", 1);
	out_file = tmpfile();
	err_file = tmpfile();
	return out_file && err_file ? 0 : -1;
}

static int close_files(void **state)
{
	(void)state;
	(void)fclose(out_file);
	(void)fclose(err_file);
	return 0;
}

static void assert_text(FILE *f, const char *want)
{
	char text[4096];
	size_t n;

	assert_int_equal(fflush(f), 0);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	assert_string_equal(text, want);
}

static void color_obeys_choice_and_environment(void **state)
{
	static const struct {
		enum hone_color_choice choice;
		const char *no_color, *force;
		bool colored;
	} rows[] = {
		{HONE_COLOR_AUTO, NULL, NULL, false}, /* a file is no terminal */
		{HONE_COLOR_AUTO, NULL, "1", true},
		{HONE_COLOR_AUTO, NULL, "0", false},
		{HONE_COLOR_AUTO, "1", "1", false},
		{HONE_COLOR_AUTO, "", "1", true},
		{HONE_COLOR_ALWAYS, "1", NULL, true},
		{HONE_COLOR_NEVER, NULL, "1", false},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		struct hone_out o;

		(void)unsetenv("NO_COLOR");
		(void)unsetenv("CLICOLOR_FORCE");
		if (rows[i].no_color)
			(void)setenv("NO_COLOR", rows[i].no_color, 1);
		if (rows[i].force)
			(void)setenv("CLICOLOR_FORCE", rows[i].force, 1);
		hone_out_init(&o, out_file, err_file, rows[i].choice, 0);
		assert_int_equal(o.out_color, rows[i].colored);
		assert_int_equal(o.err_color, rows[i].colored);
		assert_string_equal(
			hone_out_style(&o, HONE_GOOD), rows[i].colored ? "\x1b[32m" : "");
	}
}

static void say_everything(struct hone_out *o)
{
	hone_out_warn(o, "careful with %s", "a\x1b[31mb");
	hone_out_note(o, "two\nlines");
	hone_out_info(o, "plain %d", 7);
	hone_out_status(o, "Building", "small (2 of 4)");
	hone_out_verbose(o, "running cargo");
}

static void words_go_to_stderr_by_verbosity(void **state)
{
	static const char *const want[] = {
		"warning: careful with a\\x1b[31mb\n",
		"warning: careful with a\\x1b[31mb\nnote: two\n  lines\nplain 7\n"
		"    Building small (2 of 4)\n",
		"warning: careful with a\\x1b[31mb\nnote: two\n  lines\nplain 7\n"
		"    Building small (2 of 4)\nrunning cargo\n",
	};

	(void)state;
	for (int verbosity = -1; verbosity <= 1; verbosity++) {
		struct hone_out o;

		hone_out_init(&o, out_file, err_file, HONE_COLOR_NEVER, verbosity);
		say_everything(&o);
		assert_text(err_file, want[verbosity + 1]);
		assert_text(out_file, "");
		assert_int_equal(ftruncate(fileno(err_file), 0), 0);
		rewind(err_file);
	}
}

static void colored_words_look_as_cargos(void **state)
{
	struct hone_out o;

	(void)state;
	hone_out_init(&o, out_file, err_file, HONE_COLOR_ALWAYS, 0);
	hone_out_warn(&o, "w");
	hone_out_status(&o, "Building", "x");
	assert_text(err_file, "\x1b[1m\x1b[33mwarning\x1b[0m\x1b[1m:\x1b[0m w\n"
			      "\x1b[1m\x1b[32m    Building\x1b[0m x\n");
}

static void without_a_terminal_nothing_is_drawn(void **state)
{
	struct hone_out o;

	(void)state;
	hone_out_init(&o, out_file, err_file, HONE_COLOR_ALWAYS, 0);
	hone_out_live(&o, true, "progress");
	hone_out_result(&o, HONE_VIEW("a result\n"));
	assert_text(err_file, "");
	assert_text(out_file, "a result\n");
}

static void results_that_cannot_be_written_are_reported(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct hone_out o;
	int ends[2];
	FILE *torn;

	(void)state;
	assert_non_null(full);
	hone_out_init(&o, full, err_file, HONE_COLOR_AUTO, 0);
	hone_out_result(&o, HONE_VIEW("text"));
	assert_int_equal(hone_out_close(&o), -1);
	assert_int_equal(errno, ENOSPC);
	(void)fclose(full);

	/* A reader that went away is no error. */
	assert_int_equal(pipe(ends), 0);
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	close(ends[0]);
	torn = fdopen(ends[1], "w");
	hone_out_init(&o, torn, err_file, HONE_COLOR_AUTO, 0);
	hone_out_result(&o, HONE_VIEW("text"));
	assert_int_equal(hone_out_close(&o), 0);
	(void)fclose(torn);
}

/* ---- on a terminal */

/* What a child draws on a terminal of so many columns of which it is the foreground process. */
static char *draw(void (*child)(struct hone_out *o), unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	struct hone_buf text = HONE_BUF_INIT;
	char block[4096];
	int terminal, status;
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);
	ssize_t n;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct hone_out o;

		hone_out_init(&o, stdout, stderr, HONE_COLOR_AUTO, 0);
		child(&o);
		_exit(0);
	}
	/* The end of a terminal is an error. */
	while ((n = read(terminal, block, sizeof(block))) > 0)
		hone_buf_add(&text, block, (size_t)n);
	close(terminal);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return hone_buf_detach(&text);
}

static void draw_two_and_a_note(struct hone_out *o)
{
	hone_out_live(o, false, "one");
	hone_out_live(o, true, "two");
	hone_out_note(o, "said");
	hone_out_live_clear(o);
}

static void the_live_line_is_redrawn_and_makes_room(void **state)
{
	hone_auto_free char *text = draw(draw_two_and_a_note, 80);

	(void)state;
	assert_string_equal(text, "\rone\x1b[K\rtwo\x1b[K\r\x1b[K"
				  "\x1b[1m\x1b[36mnote\x1b[0m\x1b[1m:\x1b[0m said\r\n");
}

static void draw_panes(struct hone_out *o)
{
	hone_out_pane(o, "a\x1b\nb\n");
	hone_out_live(o, true, "one");
	hone_out_pane(o, "c");
	hone_out_live(o, true, "two");
	hone_out_note(o, "said");
	hone_out_live(o, true, "three");
	hone_out_pane(o, NULL);
	hone_out_live(o, true, "four");
}

/* Its rows stand above the live line, are drawn again with it and make room for what is said; none is left of a larger one. */
static void a_pane_stands_above_the_live_line(void **state)
{
	hone_auto_free char *text = draw(draw_panes, 80);

	(void)state;
	assert_string_equal(text,
		"\ra\\x1b\x1b[K\r\nb\x1b[K\r\none\x1b[K"
		"\r\x1b[2Ac\x1b[K\r\ntwo\x1b[K\x1b[J"
		"\r\x1b[1A\x1b[J\x1b[1m\x1b[36mnote\x1b[0m\x1b[1m:\x1b[0m said\r\n"
		"\rc\x1b[K\r\nthree\x1b[K"
		"\r\x1b[1A\x1b[J\rfour\x1b[K");
}

static void draw_a_high_pane(struct hone_out *o)
{
	hone_auto_buf struct hone_buf rows = HONE_BUF_INIT;

	for (int i = 0; i < 100; i++)
		hone_buf_addf(&rows, "%d\n", i);
	hone_out_pane(o, hone_buf_str(&rows));
	hone_out_live(o, true, "line");
}

/* A row that scrolled away could not be drawn again. */
static void a_pane_is_not_higher_than_the_terminal(void **state)
{
	hone_auto_free char *text = draw(draw_a_high_pane, 80);

	(void)state;
	assert_non_null(strstr(text, "19\x1b[K\r\nline\x1b[K"));
	assert_null(strstr(text, "20"));
}

static void draw_long(struct hone_out *o)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	hone_out_live(o, true, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\x1b 0123456789");
	hone_out_live(o, true, "0123456789");
}

static void the_live_line_is_cut_to_the_width(void **state)
{
	hone_auto_free char *text = draw(draw_long, 9);

	(void)state;
	/* Three wide characters take six columns, and one stays free. */
	assert_string_equal(
		text, "\r\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\\x\x1b[K\r01234567\x1b[K");
}

/* Four times as long as must be between two lines, however long the machine takes for that. */
static void draw_for_half_a_second(struct hone_out *o)
{
	for (int i = 0; i < 5; i++) {
		int64_t from = hone_now_ns();

		do {
			hone_out_live(o, false, "x");
			usleep(1000);
		} while (hone_now_ns() - from < HONE_NS_PER_S / 10 + 1);
	}
}

static void the_live_line_is_drawn_ten_times_a_second(void **state)
{
	int64_t from = hone_now_ns();
	hone_auto_free char *text = draw(draw_for_half_a_second, 80);
	int64_t took = hone_now_ns() - from;
	size_t n = 0;

	(void)state;
	for (const char *p = text; (p = strchr(p, 'x')); p++)
		n++;
	assert_in_range(n, 4, 1 + took / (HONE_NS_PER_S / 10));
}

/* A process group in the background of the terminal. */
static void draw_in_background(struct hone_out *o)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)setpgid(0, 0);
		hone_out_live(o, true, "hidden");
		_exit(0);
	}
	(void)waitpid(pid, NULL, 0);
}

static void a_background_job_draws_nothing(void **state)
{
	hone_auto_free char *text = draw(draw_in_background, 80);

	(void)state;
	assert_string_equal(text, "");
}

static void draw_dumb(struct hone_out *o)
{
	struct hone_out dumb;

	(void)setenv("TERM", "dumb", 1);
	hone_out_init(&dumb, o->out, o->err, HONE_COLOR_AUTO, 0);
	hone_out_live(&dumb, true, "hidden");
	hone_out_note(&dumb, "plain");
}

static void a_dumb_terminal_gets_plain_text(void **state)
{
	hone_auto_free char *text = draw(draw_dumb, 80);

	(void)state;
	assert_string_equal(text, "note: plain\r\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_files, close_files)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(color_obeys_choice_and_environment),
		TEST(words_go_to_stderr_by_verbosity),
		TEST(colored_words_look_as_cargos),
		TEST(without_a_terminal_nothing_is_drawn),
		TEST(results_that_cannot_be_written_are_reported),
		TEST(the_live_line_is_redrawn_and_makes_room),
		TEST(a_pane_stands_above_the_live_line),
		TEST(a_pane_is_not_higher_than_the_terminal),
		TEST(the_live_line_is_cut_to_the_width),
		TEST(the_live_line_is_drawn_ten_times_a_second),
		TEST(a_background_job_draws_nothing),
		TEST(a_dumb_terminal_gets_plain_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
