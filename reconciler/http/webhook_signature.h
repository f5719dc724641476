/*
 * X-Twilio-Signature: making it, and checking what arrives.
 *
 * The signature is the Base64 of an HMAC-SHA-1, keyed with the account's primary Auth Token, over
 * the URL as it was called (query included, fragment excluded), followed, for a form, by each
 * parameter's name and value, decoded, names in byte order, and of one name its distinct values in
 * byte order. A body that is no form is bound by the URL's parameter `bodySHA256` instead, the
 * hexadecimal SHA-256 of its bytes.
 */
#ifndef ROSTER_HTTP_WEBHOOK_SIGNATURE_H
#define ROSTER_HTTP_WEBHOOK_SIGNATURE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/form.h"

#include <stdbool.h>
#include <stddef.h>

enum { WEBHOOK_SIGNATURE_SIZE = 29 }; /* 28 characters and a NUL */

struct webhook_parameter {
    const char *name, *value; /* decoded */
};

/*
 * Signs a call of the URL with these form parameters, in any order; none (NULL, 0) for GET and for
 * bodies that are no form. What the URL has from "#" on is left out.
 */
void webhook_signature_make(const char *token, const char *url,
                            const struct webhook_parameter *parameters, size_t count,
                            char out[WEBHOOK_SIGNATURE_SIZE]);

/* A request as far as its signature covers it. */
struct webhook_request {
    const char *method;       /* "POST", or "GET", whose body is ignored */
    const char *url;          /* absolute, as the sender called it, with its query */
    const char *content_type; /* NULL: none, which is a form */
    const char *body;
    size_t body_size;
    const char *signature;  /* the header's value; NULL: none */
    size_t signature_count; /* how many such headers there are; more than one is refused */
};

enum webhook_verdict {
    WEBHOOK_GENUINE,
    WEBHOOK_MALFORMED, /* the query or the form can't be decoded; whoever sent it */
    WEBHOOK_UNSIGNED,  /* no signature, several, or something that can't be one */
    WEBHOOK_FORGED,    /* the signature is of another URL, body or token */
};

/* What a genuine request says. The strings live in the arena of the check. */
struct webhook_content {
    struct form query; /* of the URL */
    struct form form;  /* of the body, when it is a form */
};

/*
 * Checks a request against the token, in constant time as far as the secret goes. Because senders
 * and proxies differ in how they write one and the same URL, these are tried as well: the port left
 * out or the scheme's default port put in; user and password left out; characters of the query that
 * browsers encode (a bare apostrophe) encoded; and the query decoded and encoded anew. A form is
 * accepted with its parameters signed, or with `bodySHA256` in a URL that is signed alone; other
 * bodies only with `bodySHA256`.
 *
 * `content` is filled unless the request is malformed; it is only to be believed when the request
 * is genuine. For any verdict but genuine, `*why` says what is wrong, without any secret.
 */
MUST_CHECK enum webhook_verdict
webhook_signature_check(const char *token, const struct webhook_request *request,
                        struct arena *arena, struct webhook_content *content, const char **why);

/* Whether the content type is that of a form; NULL and "" are. */
bool webhook_is_form(const char *content_type);
/* Whether it is JSON. */
bool webhook_is_json(const char *content_type);

#endif
