#include "model/manual.h"

#include "base/mdoc.h"
#include "model/desired.h"

#include <inttypes.h>
#include <string.h>

static void add_choices(struct buf *out, const struct field *field)
{
    size_t i;

    buf_add_text(out, "One of");
    for (i = 0; i < field->choice_count; i++) {
        buf_add_text(out, i == 0 ? "\n" : ",\n");
        mdoc_add_text(out, field->choices[i]);
    }
    buf_add_text(out, ".\n");
}

static void add_range(struct buf *out, const struct field *field)
{
    if (field->type == &field_choice)
        add_choices(out, field);
    else if (field->type == &field_integer && field->min == field->max)
        buf_printf(out, "Always %" PRId64 ".\n", field->min);
    else if (field->type == &field_integer)
        buf_printf(out, "From %" PRId64 " to %" PRId64 ".\n", field->min, field->max);
    else if (field->type == &field_sid)
        buf_printf(out, "%s and 32 hexadecimal digits.\n", field->choices[0]);
    else if (field->type == &field_url)
        buf_add_text(out, "http or https, at most 4,000 characters.\n");
    else if (field->type == &field_duration)
        buf_add_text(out, "A whole number up to 999999, and s, m or h.\n");
    else if (field->type == &field_string && field->max != 0)
        buf_printf(out, "From %" PRId64 " to %" PRId64 " characters.\n", field->min, field->max);
}

static void add_field(struct buf *out, const struct field *field)
{
    buf_printf(out, ".It Ic %s\n.Pq %s%s\n.br\n", field->yaml_key,
               field->type == &field_choice ? "a word" : field->type->name,
               (field->flags & FIELD_REQUIRED) != 0 ? ", required" : "");
    mdoc_add_sentences(out, field->help);
    add_range(out, field);
    if ((field->flags & FIELD_CLEARABLE) != 0)
        buf_add_text(out, ".Cm null\nclears it.\n");
    if ((field->flags & FIELD_RESERVED) != 0)
        buf_add_text(out, "It may have no effect.\n");
    if (field->default_text != NULL) {
        buf_add_text(out, field->form_key == NULL ? "Default: " : "Twilio's default: ");
        mdoc_add_text(out, field->default_text);
        buf_add_text(out, ".\n");
    }
    if (field->example != NULL) {
        buf_add_text(out, "Example:\n.Ql ");
        mdoc_add_text(out, field->example);
        buf_add_char(out, '\n');
    }
}

static const char *shape_name(const struct section *section)
{
    switch (section->shape) {
    case SECTION_MAPPING:
        return "a mapping";
    case SECTION_MAPPINGS:
        return "a list of mappings";
    case SECTION_SCALARS:
        return "a list of strings";
    }
    return "";
}

static void add_section_key(struct buf *out, const struct section *section)
{
    buf_printf(out, ".It Ic %s\n.Pq %s%s\n.br\n", section->yaml_key, shape_name(section),
               section->required ? ", required" : "");
    mdoc_add_sentences(out, section->help);
    if (section->most != 0)
        buf_printf(out, "At most %zu.\n", section->most);
    if (section->settings_only)
        mdoc_add_sentences(
            out, "It takes the keys of a service but for friendly_name, sid, renamed_from, "
                 "expected_rate and the sender lists.");
    if (section->shape == SECTION_SCALARS)
        mdoc_add_sentences(out, section->resource->fields[0].help);
    if (section->example != NULL) {
        buf_add_text(out, "Example:\n.Ql ");
        mdoc_add_text(out, section->example);
        buf_add_char(out, '\n');
    }
}

static void add_resource(struct buf *out, const struct resource *resource)
{
    size_t i;

    buf_add_text(out, ".Bl -tag -width Ds\n");
    for (i = 0; i < resource->field_count; i++)
        if (resource->fields[i].yaml_key != NULL)
            add_field(out, &resource->fields[i]);
    for (i = 0; i < resource->section_count; i++)
        add_section_key(out, &resource->sections[i]);
    buf_add_text(out, ".El\n");
}

/* Each mapping below a resource as a subsection, depth first. */
static void add_subsections(struct buf *out, const struct resource *resource)
{
    size_t i;

    for (i = 0; i < resource->section_count; i++) {
        const struct section *section = &resource->sections[i];
        if (section->shape == SECTION_SCALARS || section->settings_only)
            continue;
        buf_printf(out, ".Ss %s\n", section->yaml_key);
        if (section->resource->help != NULL)
            mdoc_add_sentences(out, section->resource->help);
        add_resource(out, section->resource);
        add_subsections(out, section->resource);
    }
}

static const char head[] =
    ".Sh NAME\n"
    ".Nm roster.yaml\n"
    ".Nd the messaging services that a Twilio account should have\n"
    ".Sh DESCRIPTION\n"
    "A roster is a YAML 1.2 file that\n"
    ".Nm roster\n"
    "compares with a Twilio account and applies to it.\n"
    "Keys are the REST API's own property names in snake_case.\n"
    "Instead of a file it may be a folder: its\n"
    ".Pa *.yaml\n"
    "and\n"
    ".Pa *.yml\n"
    "files are one roster, whose lists are joined;\n"
    ".Ic version\n"
    "stands in each file, the other settings, defaults and guards in one of them.\n"
    "The name\n"
    ".Sq \\-\n"
    "is standard input.\n"
    ".Pp\n"
    "A key that is absent is left alone: what the account has there is neither\n"
    "reported nor changed.\n"
    ".Cm null\n"
    "clears a setting.\n"
    "A value is enforced.\n"
    "A sender list that is absent is left alone; one that is there, an empty one\n"
    "too, is the whole truth, and what the service has and the list has not is\n"
    "taken out of the service.\n"
    "Lists of senders are sets: their order means nothing.\n"
    ".Pp\n"
    "In any string\n"
    ".Li ${NAME}\n"
    "stands for the value of an environment variable, which has to be set, and\n"
    ".Li $${\n"
    "for a literal\n"
    ".Li ${ .\n"
    "Such a value is shown as it is written, never as it is.\n"
    ".Pp\n"
    "A service is found by\n"
    ".Ic sid ,\n"
    "else by its exact\n"
    ".Ic friendly_name ,\n"
    "else by\n"
    ".Ic renamed_from .\n"
    ".Pp\n"
    "Twilio lists channel senders only below services.\n"
    "By its address a channel sender is found only when a service of the roster\n"
    "has it; another one has to be named by its SID.\n"
    "Whether a service's alpha sender also shows among its destination alpha\n"
    "senders, as the one for all countries, is not documented;\n"
    ".Ic destination_alpha_senders\n"
    "leaves entries without a country alone.\n"
    ".Sh KEYS\n";

static const char tail[] = ".Sh EXAMPLES\n"
                           ".Bd -literal -offset indent\n"
                           "version: 1\n"
                           "defaults:\n"
                           "  smart_encoding: true\n"
                           "services:\n"
                           "  - friendly_name: Order notifications\n"
                           "    status_callback: ${HOOKS}/status\n"
                           "    phone_numbers: [\"+15005550001\", \"+15005550002\"]\n"
                           "    alpha_senders: [ACME]\n"
                           ".Ed\n"
                           ".Sh SEE ALSO\n"
                           ".Xr roster 1 ,\n"
                           ".Xr roster-fmt 1 ,\n"
                           ".Xr roster-validate 1\n"
                           ".Pp\n"
                           ".Lk https://www.twilio.com/docs/messaging/api/service-resource\n";

void manual_write_roster(struct buf *out)
{
    mdoc_begin(out, "the field tables in reconciler/model", "ROSTER.YAML", 5);
    buf_add_text(out, head);
    add_resource(out, &resource_roster);
    add_subsections(out, &resource_roster);
    buf_add_text(out, tail);
}
