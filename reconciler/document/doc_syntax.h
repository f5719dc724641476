/*
 * libyaml's syntax errors in plain words.
 */
#ifndef ROSTER_DOCUMENT_DOC_SYNTAX_H
#define ROSTER_DOCUMENT_DOC_SYNTAX_H

#include "document/doc_text.h"

#include <yaml.h>

/* Reports the error that the parser stopped at, inside of the collection at `open` (NULL: none). */
void doc_syntax_report(const yaml_parser_t *parser, struct doc_text *text,
                       const struct diag_span *open, struct diag *diag);

#endif
