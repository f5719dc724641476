/*
 * What the readers of a roster's parts share; private to model/desired*.c.
 */
#ifndef ROSTER_MODEL_DESIRED_READ_H
#define ROSTER_MODEL_DESIRED_READ_H

#include "model/desired.h"

#define SECTION_KEY_DEFAULTS "defaults"
#define SECTION_KEY_SERVICES "services"
#define SECTION_KEY_NUMBERS "numbers"
#define SECTION_KEY_GUARDS "guards"
#define SECTION_KEY_TEST_SENDS "test_sends"

enum { ROSTER_ROW_VERSION, ROSTER_ROW_ACCOUNT_SID, ROSTER_ROW_PRUNE, ROSTER_ROWS };

/* An entry of guards.protect on its way to a struct desired_name. */
struct protected_name {
    struct field_set set;
    const char *name;
};

extern const struct resource resource_number;
extern const struct resource resource_guards;
extern const struct resource resource_protect;
extern const struct resource resource_expectation;

/*
 * Each reports and returns -1 unless the node is what it should be. `label` is what a list has in
 * it, in the singular; NULL when the list can't be left out.
 */
MUST_CHECK int desired_check_mapping(const struct doc_node *node, const char *yaml_key,
                                     struct diag *diag);
MUST_CHECK int desired_check_list(const struct doc_node *node, const char *yaml_key,
                                  const char *label, struct diag *diag);

/* Each reads one section of one document and adds to `desired`. */
MUST_CHECK int desired_read_services(struct desired *desired, const struct doc_node *list,
                                     struct field_reader *reader);
MUST_CHECK int desired_read_numbers(struct desired *desired, const struct doc_node *list,
                                    struct field_reader *reader);
MUST_CHECK int desired_read_guards(struct desired *desired, const struct doc_node *mapping,
                                   struct field_reader *reader);
MUST_CHECK int desired_read_test_sends(struct desired *desired, const struct doc_node *list,
                                       struct field_reader *reader);

/* Reads `defaults` and gives each service the settings that it does not set itself. */
MUST_CHECK int desired_apply_defaults(struct desired *desired, const struct doc_node *mapping,
                                      struct field_reader *reader);

#endif
