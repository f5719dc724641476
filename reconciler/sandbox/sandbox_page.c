#include "sandbox/sandbox_page.h"

#include "base/buf.h"
#include "base/form.h"
#include "base/str.h"
#include "sandbox/sandbox_error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_SIZE_DEFAULT = 50, PAGE_SIZE_MAX = 1000, TOKEN_SIZE = 64 };

struct page {
    int64_t size, number;
    const char *token; /* as sent; NULL: none */
    bool backward;     /* the token is of what came before */
    uint64_t order;    /* the token's row */
    /* What stands in it. */
    const struct sandbox_row **rows; /* with room for `size` */
    size_t count;
    bool has_next, has_previous;
};

static int read_order(const char *digits, uint64_t *order)
{
    size_t size = strlen(digits);
    if (size > 15 || !str_is_hex(digits, size))
        return -1;
    for (*order = 0; *digits != '\0'; digits++)
        *order = *order * 16 + (uint64_t)(*digits <= '9' ? *digits - '0' : (*digits | 32) - 87);
    return 0;
}

/* "PA" or "PB", a SID, "-", the order in hexadecimal digits. */
static int read_token(const char *token, const char *prefixes, struct page *page)
{
    if (strlen(token) < 38 || token[0] != 'P' || (token[1] != 'A' && token[1] != 'B') ||
        !str_is_hex(token + 4, 32) || token[36] != '-')
        return -1;
    for (; strncmp(prefixes, token + 2, 2) != 0; prefixes += 2)
        if (*prefixes == '\0')
            return -1;
    page->backward = token[1] == 'B';
    return read_order(token + 37, &page->order);
}

static void write_token(char out[TOKEN_SIZE], char direction, const struct sandbox_row *row)
{
    snprintf(out, TOKEN_SIZE, "P%c%s-%" PRIx64, direction, row->sid, row->order);
}

/* A query parameter of at least `least`; what is no such number is answered. */
static int read_number(const struct sandbox_request *request, const char *name, int64_t least,
                       int64_t *out, struct sandbox_reply *reply)
{
    const char *text = sandbox_form_get(&request->query, name);
    if (str_is_empty(text))
        return 0;
    if (str_to_int64(text, out) == 0 && *out >= least && *out <= INT32_MAX)
        return 0;
    sandbox_error(reply, 20422, name, NULL);
    return -1;
}

static int read_page(const struct sandbox_request *request, const char *prefixes, struct page *page,
                     struct sandbox_reply *reply)
{
    const char *token = sandbox_form_get(&request->query, "PageToken");

    page->size = PAGE_SIZE_DEFAULT;
    if (read_number(request, "PageSize", 1, &page->size, reply) != 0 ||
        read_number(request, "Page", 0, &page->number, reply) != 0)
        return -1;
    if (page->size > PAGE_SIZE_MAX) {
        sandbox_error(reply, 20007, NULL, NULL);
        return -1;
    }
    if (str_is_empty(token))
        return 0;
    page->token = token;
    if (read_token(token, prefixes, page) != 0) {
        sandbox_error(reply, 21481, NULL, NULL);
        return -1;
    }
    return 0;
}

static bool is_wanted(const struct sandbox_listing *listing, const struct sandbox_request *request,
                      const struct sandbox_row *row)
{
    return listing->matches == NULL || listing->matches(request, row, listing->context);
}

/* Rows from index `from` on; whether there is one more than fits goes into `*more`. */
static void fill_forward(const struct sandbox_listing *listing,
                         const struct sandbox_request *request, struct page *page, size_t from,
                         size_t room, bool *more)
{
    size_t i;
    for (i = from; i < listing->list->count; i++) {
        const struct sandbox_row *row = listing->list->rows[i];
        if (!is_wanted(listing, request, row))
            continue;
        if (page->count == room) {
            *more = true;
            return;
        }
        page->rows[page->count++] = row;
    }
}

/* The same for rows below index `end`, which come out in the list's order. */
static void fill_backward(const struct sandbox_listing *listing,
                          const struct sandbox_request *request, struct page *page, size_t end,
                          size_t room, bool *more)
{
    size_t i;
    while (end-- > 0) {
        const struct sandbox_row *row = listing->list->rows[end];
        if (!is_wanted(listing, request, row))
            continue;
        if (page->count == room) {
            *more = true;
            break;
        }
        page->rows[page->count++] = row;
    }
    for (i = 0; i < page->count / 2; i++) {
        const struct sandbox_row *row = page->rows[i];
        page->rows[i] = page->rows[page->count - 1 - i];
        page->rows[page->count - 1 - i] = row;
    }
}

static void fill_page(const struct sandbox_listing *listing, const struct sandbox_request *request,
                      struct page *page)
{
    const struct sandbox_list *list = listing->list;
    size_t room = (size_t)page->size;
    struct page beyond = *page; /* only looked at for whether it has more */

    page->rows = arena_array(request->arena, room, sizeof(const struct sandbox_row *));
    if (page->backward) {
        size_t end = sandbox_list_from(list, page->order);
        fill_backward(listing, request, page, end, room, &page->has_previous);
        fill_forward(listing, request, &beyond, end, 0, &page->has_next);
    } else {
        size_t from = page->token == NULL ? 0 : sandbox_list_from(list, page->order + 1);
        fill_forward(listing, request, page, from, room, &page->has_next);
        fill_backward(listing, request, &beyond, from, 0, &page->has_previous);
    }
}

/* A link to a page of this list; `token` NULL: none. */
static json_t *link_to(const struct sandbox_listing *listing, const struct sandbox_request *request,
                       const struct page *page, int64_t number, const char *token)
{
    char digits[24];
    struct buf query;
    json_t *link;
    size_t i;

    buf_init(&query, BUF_LIMIT_DEFAULT);
    for (i = 0; i < listing->filter_count; i++) {
        const char *value = sandbox_form_get(&request->query, listing->filters[i]);
        if (value != NULL)
            form_add(&query, listing->filters[i], value);
    }
    snprintf(digits, sizeof(digits), "%" PRId64, page->size);
    form_add(&query, "PageSize", digits);
    snprintf(digits, sizeof(digits), "%" PRId64, number);
    form_add(&query, "Page", digits);
    if (token != NULL)
        form_add(&query, "PageToken", token);
    link = json_sprintf("%s%s?%s", request->api == SANDBOX_API_MESSAGING ? request->base_url : "",
                        request->path, buf_text(&query));
    buf_release(&query);
    return link;
}

struct links {
    json_t *first, *previous, *next, *self;
};

static struct links make_links(const struct sandbox_listing *listing,
                               const struct sandbox_request *request, const struct page *page)
{
    struct links links = {NULL, NULL, NULL, NULL};
    char token[TOKEN_SIZE];

    links.first = link_to(listing, request, page, 0, NULL);
    links.self = link_to(listing, request, page, page->number, page->token);
    if (page->has_next && page->count > 0) {
        write_token(token, 'A', page->rows[page->count - 1]);
        links.next = link_to(listing, request, page, page->number + 1, token);
    }
    if (page->has_previous && page->count > 0) {
        write_token(token, 'B', page->rows[0]);
        links.previous =
            link_to(listing, request, page, page->number > 0 ? page->number - 1 : 0, token);
    }
    return links;
}

static json_t *or_null(json_t *value)
{
    return value == NULL ? json_null() : value;
}

static json_t *messaging_meta(const struct sandbox_listing *listing, const struct page *page,
                              const struct links *links)
{
    json_t *meta = json_object();
    json_object_set_new(meta, "page", json_integer(page->number));
    json_object_set_new(meta, "page_size", json_integer(page->size));
    json_object_set_new(meta, "first_page_url", links->first);
    json_object_set_new(meta, "previous_page_url", or_null(links->previous));
    json_object_set_new(meta, "next_page_url", or_null(links->next));
    json_object_set_new(meta, "key", json_string(listing->key));
    json_object_set_new(meta, "url", links->self);
    return meta;
}

static void add_flat_members(json_t *body, const struct page *page, const struct links *links)
{
    int64_t start = page->count == 0 ? 0 : page->number * page->size;
    int64_t end = page->count == 0 ? 0 : start + (int64_t)page->count - 1;

    json_object_set_new(body, "first_page_uri", links->first);
    json_object_set_new(body, "end", json_integer(end));
    json_object_set_new(body, "start", json_integer(start));
    json_object_set_new(body, "page", json_integer(page->number));
    json_object_set_new(body, "page_size", json_integer(page->size));
    json_object_set_new(body, "previous_page_uri", or_null(links->previous));
    json_object_set_new(body, "next_page_uri", or_null(links->next));
    json_object_set_new(body, "uri", links->self);
}

void sandbox_page_reply(const struct sandbox_listing *listing,
                        const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct page page = {0};
    struct links links;
    json_t *body, *rows;
    size_t i;

    if (read_page(request, listing->prefixes, &page, reply) != 0)
        return;
    fill_page(listing, request, &page);
    links = make_links(listing, request, &page);
    body = json_object();
    if (request->api == SANDBOX_API_MESSAGING)
        json_object_set_new(body, "meta", messaging_meta(listing, &page, &links));
    else
        add_flat_members(body, &page, &links);
    rows = json_array();
    for (i = 0; i < page.count; i++)
        json_array_append_new(rows, listing->body(request, page.rows[i]));
    json_object_set_new(body, listing->key, rows);
    reply->body = body;
}
