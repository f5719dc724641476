/*
 * Phone numbers, short codes, alpha senders and channel senders as texts: what is one, and what
 * country it is of.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_PHONE_H
#define ROSTER_SANDBOX_SANDBOX_PHONE_H

#include "base/arena.h"

#include <stdbool.h>

enum { SANDBOX_PHONE_SIZE = 17 }; /* "+", 15 digits, NUL */

/* "+", a digit from 1 to 9, 7 to 15 digits in all. */
bool sandbox_phone_is_e164(const char *text);

/* 5 or 6 digits. */
bool sandbox_phone_is_short_code(const char *text);

/* 1 to 11 of A-Z a-z 0-9, space, "-", "+", "_" and "&", not digits only. */
bool sandbox_phone_is_alpha_sender(const char *text);

/*
 * The API's word for what a channel sender is of: "WhatsApp" for "whatsapp:" and a number in E.164,
 * "Messenger" and "RCS" for "messenger:" and "rcs:" and any text. NULL when it is none.
 */
const char *sandbox_phone_channel(const char *text);

/* Two letters, which come out as capitals. False, `out` untouched, for anything else. */
bool sandbox_phone_read_country(const char *text, char out[3]);

/*
 * E.164 of what people type: punctuation dropped, ten digits and eleven that begin with 1 taken for
 * numbers of the US and Canada. False, `out` undefined, when that makes no number.
 */
bool sandbox_phone_normalise(const char *text, char out[SANDBOX_PHONE_SIZE]);

/* How a number is named by default: "(500) 555-0001" in the US and Canada, else as it is. */
const char *sandbox_phone_friendly(struct arena *arena, const char *address);

/* ISO 3166 country of an E.164 number; "" for one that the table does not have. */
const char *sandbox_phone_country(const char *e164);

/* A toll-free number of the US and Canada. */
bool sandbox_phone_is_toll_free(const char *e164);

/* Whether both are numbers of the US or Canada with the same area code. */
bool sandbox_phone_same_area(const char *e164, const char *other);

/* Whether `digits` has `pattern` as a part; "*" in the pattern stands for any one digit. */
bool sandbox_phone_matches(const char *digits, const char *pattern);

#endif
