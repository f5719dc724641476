#include "document/doc.h"

#include "base/memory.h"
#include "document/doc_anchor.h"
#include "document/doc_limits.h"
#include "document/doc_mapping.h"
#include "document/doc_quote.h"
#include "document/doc_scalar.h"
#include "document/doc_syntax.h"
#include "document/doc_text.h"

#include <string.h>
#include <yaml.h>

/* A collection whose end was not reached yet. Its children lie on the parser's stack. */
struct frame {
    struct doc_node *node;
    struct doc_anchor *anchor; /* NULL: it has none */
    size_t base;               /* of its children on the stack */
    size_t weight, height;     /* so far, as in struct doc_anchor */
    bool is_key;               /* stands where a key should, which was reported */
};

struct parser {
    struct doc *doc;
    struct diag *diag;
    const struct doc_limits *limits;
    yaml_parser_t yaml;
    struct doc_text text;
    struct doc_anchors anchors;
    struct doc_mappings mappings;
    struct frame frames[DOC_MAX_DEPTH];
    size_t depth;
    struct arena scratch;    /* of the stack */
    struct doc_node **stack; /* children of the open collections; NULL: found wrong */
    size_t top, capacity;
    size_t nodes;               /* written so far */
    struct diag_span first_doc; /* where the document begins; line 0 before it does */
};

static bool is_key_position(const struct parser *parser)
{
    const struct frame *frame;
    if (parser->depth == 0)
        return false;
    frame = &parser->frames[parser->depth - 1];
    return frame->node->kind == DOC_MAPPING && (parser->top - frame->base) % 2 == 0;
}

static void push(struct parser *parser, struct doc_node *node)
{
    parser->stack = arena_grow(&parser->scratch, parser->stack, parser->top, &parser->capacity,
                               sizeof(struct doc_node *));
    parser->stack[parser->top++] = node;
}

/* How many of a node's levels vanish because it is merged into the mapping around it. */
static size_t merge_levels(const struct parser *parser, const struct doc_node *node)
{
    const struct frame *frame = &parser->frames[parser->depth - 1];
    const struct doc_node *key;

    if (node == NULL || frame->node->kind != DOC_MAPPING || is_key_position(parser))
        return 0;
    key = parser->stack[parser->top - 1];
    if (key == NULL || !doc_mapping_is_merge_key(key))
        return 0;
    return node->kind == DOC_SEQUENCE ? 2 : node->kind == DOC_MAPPING;
}

/* A finished node, NULL for a wrong one, becomes a child of the innermost collection or the root.
 */
static void add_node(struct parser *parser, struct doc_node *node, size_t weight, size_t height)
{
    struct frame *frame;
    size_t level;

    if (parser->depth == 0) {
        parser->doc->root = node;
        return;
    }
    frame = &parser->frames[parser->depth - 1];
    frame->weight += weight;
    level = height + 1 - merge_levels(parser, node);
    if (frame->height < level)
        frame->height = level;
    push(parser, node);
}

static struct doc_node *new_node(struct parser *parser, const struct doc_location *location)
{
    struct doc_node *node = arena_alloc(&parser->doc->arena, sizeof(*node));
    node->span = location->content;
    node->text = "";
    return node;
}

static int count_node(struct parser *parser, const struct doc_location *location)
{
    if (parser->nodes++ < parser->limits->nodes)
        return 0;
    diag_error(parser->diag, &location->content, "the document has more than %zu nodes",
               parser->limits->nodes);
    return -1;
}

static struct doc_anchor *define_anchor(struct parser *parser, const yaml_char_t *name,
                                        const struct doc_location *location, struct doc_node *node)
{
    struct doc_anchor *anchor;
    if (name == NULL)
        return NULL;
    anchor = doc_anchors_define(&parser->anchors, (const char *)name);
    anchor->span = location->anchor;
    anchor->node = node;
    anchor->weight = 1;
    anchor->height = 0;
    anchor->open = false;
    return anchor;
}

static void report_complex_key(struct parser *parser, const struct diag_span *span, bool template,
                               enum doc_kind kind)
{
    diag_error(parser->diag, span, "a key cannot be %s", doc_kind_name(kind));
    if (template)
        diag_help(parser->diag, "text that begins with \"{{\" is put in quotes");
}

/*
 * Lets `kind` be what a tag says. A tag that is unknown or does not fit is reported, and the node
 * stays as it is without it, marked.
 */
static void apply_tag(struct parser *parser, const yaml_char_t *tag,
                      const struct doc_location *location, struct doc_node *node,
                      enum doc_kind *kind)
{
    const char *written = parser->doc->source.text + location->tag_offset;
    enum doc_kind wanted;
    bool collection = node->kind == DOC_SEQUENCE || node->kind == DOC_MAPPING;

    /* libyaml takes the tag "!" away; its meaning, "no plain scalar", is not worth having. */
    if (tag == NULL || doc_tag_kind((const char *)tag, &wanted) != 0) {
        diag_error(parser->diag, &location->tag, "unknown tag " QUOTE_FORMAT,
                   QUOTE_ARGUMENTS(written, location->tag_size));
        diag_help(parser->diag, "put text that begins with \"!\" in quotes");
        node->reported = true;
        return;
    }
    if (collection ? wanted == node->kind : doc_tag_fits(wanted, node->text, node->size)) {
        *kind = wanted;
        return;
    }
    if (collection)
        diag_error(parser->diag, &location->tag, "the tag " QUOTE_FORMAT " does not fit %s",
                   QUOTE_ARGUMENTS(written, location->tag_size), doc_kind_name(node->kind));
    else
        diag_error(
            parser->diag, &location->tag, "the tag " QUOTE_FORMAT " does not fit " QUOTE_FORMAT,
            QUOTE_ARGUMENTS(written, location->tag_size), QUOTE_ARGUMENTS(node->text, node->size));
    node->reported = true;
}

static int take_scalar(struct parser *parser, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    struct doc_location location;
    struct doc_node *node;

    doc_text_locate(&parser->text, event, &location);
    if (count_node(parser, &location) != 0)
        return -1;
    node = new_node(parser, &location);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (size != 0)
        node->text = arena_strndup(&parser->doc->arena, text, size);
    node->size = size;
    node->kind = node->plain ? doc_scalar_kind(text, size) : DOC_STRING;
    if (location.tag.line != 0)
        apply_tag(parser, event->data.scalar.tag, &location, node, &node->kind);
    if (parser->depth == 0 && node->plain && size == 0 && location.tag.line == 0)
        node = NULL; /* "---" and nothing: no content */
    define_anchor(parser, event->data.scalar.anchor, &location, node);
    add_node(parser, node, 1, 0);
    return 0;
}

/* Whether a collection around is a key itself, which was reported. */
static bool is_inside_key(const struct parser *parser)
{
    size_t i;
    for (i = 0; i < parser->depth; i++)
        if (parser->frames[i].is_key)
            return true;
    return false;
}

static int begin_collection(struct parser *parser, const yaml_event_t *event, enum doc_kind kind,
                            const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct doc_location location;
    struct doc_node *node;
    struct frame *frame;
    const char *bytes = parser->doc->source.text;

    doc_text_locate(&parser->text, event, &location);
    if (count_node(parser, &location) != 0)
        return -1;
    if (parser->depth == DOC_MAX_DEPTH) {
        diag_error(parser->diag, &location.content, "nested deeper than %d levels", DOC_MAX_DEPTH);
        return -1;
    }
    node = new_node(parser, &location);
    node->kind = kind;
    if (location.tag.line != 0)
        apply_tag(parser, tag, &location, node, &kind);
    frame = &parser->frames[parser->depth];
    memset(frame, 0, sizeof(*frame));
    frame->node = node;
    frame->is_key = is_key_position(parser);
    if (frame->is_key && !is_inside_key(parser)) {
        size_t offset = doc_text_offset(&parser->text, event->start_mark.index);
        bool template = bytes[offset] == '{' &&
                        (bytes[offset + 1] == '{' || (offset > 0 && bytes[offset - 1] == '{'));
        report_complex_key(parser, &location.content, template, kind);
        if (template)
            parser->frames[parser->depth - 1].node->reported = true;
    }
    frame->anchor = define_anchor(parser, anchor, &location, node);
    if (frame->anchor != NULL)
        frame->anchor->open = true;
    frame->base = parser->top;
    frame->weight = 1;
    frame->height = 1;
    parser->depth++;
    return 0;
}

static void finish_sequence(struct parser *parser, const struct frame *frame)
{
    struct doc_node *node = frame->node;
    size_t i;

    node->items =
        arena_array(&parser->doc->arena, parser->top - frame->base, sizeof(struct doc_node *));
    for (i = frame->base; i < parser->top; i++)
        if (parser->stack[i] != NULL)
            node->items[node->count++] = parser->stack[i];
}

static int end_collection(struct parser *parser)
{
    struct frame *frame = &parser->frames[parser->depth - 1];

    if (frame->node->kind == DOC_SEQUENCE)
        finish_sequence(parser, frame);
    else if (doc_mapping_finish(&parser->mappings, frame->node, parser->stack + frame->base,
                                parser->top - frame->base) != 0)
        return -1;
    parser->top = frame->base;
    parser->depth--;
    /* Inside of it the same name may have been given to another node. */
    if (frame->anchor != NULL && frame->anchor->node == frame->node) {
        frame->anchor->open = false;
        frame->anchor->weight = frame->weight;
        frame->anchor->height = frame->height;
    }
    add_node(parser, frame->is_key ? NULL : frame->node, frame->weight, frame->height);
    return 0;
}

/* Whether an alias may stand for its anchor here; reports why not. */
static bool check_alias(struct parser *parser, const char *written, size_t size,
                        const struct doc_anchor *anchor, const struct diag_span *span)
{
    if (anchor == NULL) {
        diag_error(parser->diag, span, "unknown alias " QUOTE_FORMAT,
                   QUOTE_ARGUMENTS(written, size));
        diag_help(parser->diag,
                  "its anchor \"&%.*s%s\" must stand before it; text that begins "
                  "with \"*\" is put in quotes",
                  doc_quote_size(written + 1, size - 1), written + 1,
                  size - 1 > QUOTE_MAX ? "…" : "");
        return false;
    }
    if (anchor->open) {
        diag_error(parser->diag, span, "alias " QUOTE_FORMAT " is inside of what it refers to",
                   QUOTE_ARGUMENTS(written, size));
        diag_note(parser->diag, &anchor->span, "which begins here");
        return false;
    }
    if (anchor->node != NULL && anchor->height > 0 && is_key_position(parser)) {
        report_complex_key(parser, span, false, anchor->node->kind);
        return false;
    }
    return anchor->node != NULL;
}

static int take_alias(struct parser *parser, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    const struct doc_anchor *anchor = doc_anchors_find(&parser->anchors, name);
    struct doc_location location;
    const char *written;

    doc_text_locate(&parser->text, event, &location);
    written = parser->doc->source.text + doc_text_offset(&parser->text, event->start_mark.index);
    if (!check_alias(parser, written, strlen(name) + 1, anchor, &location.content)) {
        add_node(parser, NULL, 0, 0);
        return 0;
    }
    if (parser->depth + anchor->height > DOC_MAX_DEPTH) {
        diag_error(parser->diag, &location.content,
                   "with what " QUOTE_FORMAT " refers to, this is nested deeper than %d levels",
                   QUOTE_ARGUMENTS(written, strlen(name) + 1), DOC_MAX_DEPTH);
        diag_note(parser->diag, &anchor->span, "the anchor is here");
        return -1;
    }
    if (doc_mappings_charge(&parser->mappings, anchor->weight) != 0) {
        diag_error(parser->diag, &location.content,
                   "aliases add more than %zu nodes to the document", parser->limits->aliased);
        diag_note(parser->diag, &anchor->span, "this one stands for %zu", anchor->weight);
        return -1;
    }
    add_node(parser, anchor->node, anchor->weight, anchor->height);
    return 0;
}

static int begin_document(struct parser *parser, const yaml_event_t *event)
{
    struct diag_span span = doc_text_span(&parser->text, &event->start_mark);

    if (parser->first_doc.line == 0) {
        parser->first_doc = span;
        return 0;
    }
    diag_error(parser->diag, &span, "a second document begins here");
    diag_note(parser->diag, &parser->first_doc, "the first one begins here");
    diag_help(parser->diag, "a file holds one document: remove this \"---\", or split the file");
    return -1;
}

/* Returns -1 when nothing after the event is worth reading. */
static int take_event(struct parser *parser, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return begin_document(parser, event);
    case YAML_SCALAR_EVENT:
        return take_scalar(parser, event);
    case YAML_ALIAS_EVENT:
        return take_alias(parser, event);
    case YAML_SEQUENCE_START_EVENT:
        return begin_collection(parser, event, DOC_SEQUENCE, event->data.sequence_start.anchor,
                                event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return begin_collection(parser, event, DOC_MAPPING, event->data.mapping_start.anchor,
                                event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return end_collection(parser);
    default:
        return 0;
    }
}

/* Where the innermost open collection begins; NULL: none is open. */
static const struct diag_span *innermost(const struct parser *parser)
{
    return parser->depth == 0 ? NULL : &parser->frames[parser->depth - 1].node->span;
}

static int parse_events(struct parser *parser)
{
    for (;;) {
        yaml_event_t event;
        bool last;
        int result;

        if (!yaml_parser_parse(&parser->yaml, &event)) {
            doc_syntax_report(&parser->yaml, &parser->text, innermost(parser), parser->diag);
            parser->doc->root = NULL;
            return -1;
        }
        last = event.type == YAML_STREAM_END_EVENT;
        result = take_event(parser, &event);
        yaml_event_delete(&event);
        if (result != 0 || last)
            return result;
    }
}

/* Mappings that never ended may still have something to say. */
static void check_open_mappings(struct parser *parser)
{
    size_t end = parser->top;

    while (parser->depth > 0) {
        const struct frame *frame = &parser->frames[--parser->depth];
        if (frame->node->kind == DOC_MAPPING)
            doc_mapping_check(&parser->mappings, parser->stack + frame->base, end - frame->base);
        end = frame->base;
    }
}

static void parse_source(struct doc *doc, const struct doc_limits *limits, struct diag *diag)
{
    struct parser parser = {
        .doc = doc,
        .diag = diag,
        .limits = limits,
        .mappings = {.arena = &doc->arena, .diag = diag, .aliased_max = limits->aliased},
    };

    /* Even an empty collection's place on the stack is then a place in an array. */
    parser.stack = arena_grow(&parser.scratch, NULL, 0, &parser.capacity, sizeof(*parser.stack));
    doc_text_init(&parser.text, &doc->source);
    if (!yaml_parser_initialize(&parser.yaml))
        memory_exhausted();
    yaml_parser_set_encoding(&parser.yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser.yaml, (const unsigned char *)doc->source.text,
                                 doc->source.size);
    if (parse_events(&parser) != 0)
        check_open_mappings(&parser);
    yaml_parser_delete(&parser.yaml);
    doc_anchors_release(&parser.anchors);
    doc_mappings_release(&parser.mappings);
    arena_release(&parser.scratch);
}

int doc_parse_within(struct doc *doc, const char *name, const char *text, size_t size,
                     const struct doc_limits *limits, struct diag *diag)
{
    size_t errors = diag->errors, bom;
    char *copy;

    memset(doc, 0, sizeof(*doc));
    doc->source.name = arena_strdup(&doc->arena, name);
    if (size > limits->size) {
        struct diag_span start = {.source = &doc->source, .line = 1, .column = 1};
        diag_error(diag, &start, "the text is larger than %zu bytes", limits->size);
        return -1;
    }
    bom = doc_text_bom(text, size);
    copy = arena_strndup(&doc->arena, text == NULL ? "" : text + bom, size - bom);
    doc_text_unify_breaks(copy, size - bom);
    doc->source.text = copy;
    doc->source.size = size - bom;
    if (doc_text_check(&doc->source, diag) != 0)
        return -1;
    parse_source(doc, limits, diag);
    return diag->errors == errors ? 0 : -1;
}

int doc_parse(struct doc *doc, const char *name, const char *text, size_t size, struct diag *diag)
{
    static const struct doc_limits limits = {
        .size = DOC_MAX_SIZE,
        .nodes = DOC_MAX_NODES,
        .aliased = DOC_MAX_ALIASED,
    };
    return doc_parse_within(doc, name, text, size, &limits, diag);
}

void doc_release(struct doc *doc)
{
    arena_release(&doc->arena);
    memset(doc, 0, sizeof(*doc));
}

struct doc_node *doc_get(const struct doc_node *mapping, const char *key)
{
    size_t size = strlen(key), i;

    if (mapping->kind != DOC_MAPPING)
        return NULL;
    for (i = 0; i < mapping->count; i++) {
        const struct doc_node *at = mapping->pairs[i].key;
        if (at->size == size && memcmp(at->text, key, size) == 0)
            return mapping->pairs[i].value;
    }
    return NULL;
}
