/* SPDX-License-Identifier: MIT */
#ifndef TEST_HARNESS_H
#define TEST_HARNESS_H

#include <stddef.h>

/* A behaviour, as a sentence, and what shows it. */
struct test {
	const char *behaviour;
	void (*run)(void);
};

/* Runs tests up to the first that fails; prints one line, or what failed. */
int run_tests(const char *program, const struct test *tests, size_t count);

#define RUN_TESTS(tests)                                                       \
	run_tests(__FILE__, tests, sizeof(tests) / sizeof((tests)[0]))

_Noreturn void fail(const char *file, int line, const char *what, long long is,
		    long long wanted);
_Noreturn void fail_text(const char *file, int line, const char *is,
			 const char *wanted);
void check_text(const char *file, int line, const char *is, const char *wanted);

#define CHECK(condition)                                                       \
	((condition) ? (void)0 : fail(__FILE__, __LINE__, #condition, 0, 1))

#define CHECK_EQUAL(is, wanted)                                                \
	((long long)(is) == (long long)(wanted)                                \
		 ? (void)0                                                     \
		 : fail(__FILE__, __LINE__, #is, (long long)(is),              \
			(long long)(wanted)))

#define CHECK_TEXT(is, wanted) check_text(__FILE__, __LINE__, is, wanted)

#endif /* TEST_HARNESS_H */
