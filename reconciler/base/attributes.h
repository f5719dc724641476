/*
 * Compiler attributes, the only place that names them.
 */
#ifndef ROSTER_BASE_ATTRIBUTES_H
#define ROSTER_BASE_ATTRIBUTES_H

#if defined(__GNUC__)
/* The result says whether the call worked; ignoring it is a warning. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* Parameter `text` is a printf format for the arguments from `first` on (1-based). */
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define NO_RETURN __attribute__((noreturn))
#else
#define MUST_CHECK
#define PRINTF_LIKE(text, first)
#define NO_RETURN
#endif

/* Number of elements of an array (not of a pointer). */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
