/*
 * What the files of the export share; private to model/export*.c.
 */
#ifndef ROSTER_MODEL_EXPORT_PARTS_H
#define ROSTER_MODEL_EXPORT_PARTS_H

#include "model/export.h"

/*
 * Puts a variable in the place of the secret in a value of the service, if there is one, the same
 * one for the same secret; and warns of what may be one and is written all the same.
 */
void export_hide_secret(struct export *export, const struct export_service *service,
                        const struct field *field, const struct service *live,
                        struct export_value *value, struct diag *diag);

/* Gives each service that is written its file. */
void export_name_files(struct export *export);

#endif
