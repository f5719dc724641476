/*
 * Lines of a roster in the making, each with what may touch it; private to drifting_*.c.
 */
#ifndef ROSTER_TESTS_PROPERTY_DRIFTING_WRITER_H
#define ROSTER_TESTS_PROPERTY_DRIFTING_WRITER_H

#include "drifting.h"

struct drifting_writer {
    struct drifting *drifting;
    struct random_state *random;
    struct drifting_file *file;
    const char *eol;
    size_t start;     /* of the line */
    struct tags tags; /* of the line */
    int step;         /* blanks a level */
    bool chatty;      /* has many comments */
};

bool writer_chance(struct drifting_writer *writer, int percent);

void writer_put(struct drifting_writer *writer, const char *text);
void writer_blanks(struct drifting_writer *writer, int count);

/* What may touch the line that is being written. */
void writer_tag(struct drifting_writer *writer, int service, int what);
/* Its end; the other one where a comment may stand. */
void writer_end(struct drifting_writer *writer);
void writer_finish(struct drifting_writer *writer);

/*
 * Comments and empty lines between others. They may go with the entries of services, the one that
 * follows and the one before; -1: with none.
 */
void writer_between(struct drifting_writer *writer, int indent, int service, int before);

/* A string in any quotes; one with $${ for a literal ${; a JSON value; a key with its colon. */
void writer_quoted(struct drifting_writer *writer, const char *text, bool flow);
void writer_literal(struct drifting_writer *writer, const char *text, bool flow);
void writer_value(struct drifting_writer *writer, const char *json, bool flow);
void writer_key(struct drifting_writer *writer, const char *name);

#endif
