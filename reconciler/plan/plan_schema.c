#include "plan/plan_schema.h"

#include "plan/drift.h"
#include "plan/plan_document.h"

#include <assert.h>
#include <string.h>

/* A member of an object. */
struct member {
    const char *name;
    const char *schema; /* JSON */
    bool optional;
    const char *help;
};

static const struct member head_members[] = {
    {"format", "{\"const\": \"" PLAN_FORMAT "\"}", false, "What kind of document this is."},
    {"version", "{\"const\": 1}", false, "Version of the format."},
    {"created", "{\"type\": \"string\", \"format\": \"date-time\"}", false,
     "When the plan was made, in UTC."},
    {"account_sid", "{\"$ref\": \"#/$defs/account_sid\"}", false, "The account that it is for."},
    {"source", "{\"$ref\": \"#/$defs/source\"}", false, "The roster that it was made from."},
    {"targets", "{\"$ref\": \"#/$defs/strings\"}", false,
     "What --target narrowed it to; empty: all of the roster."},
    {"summary", "{\"$ref\": \"#/$defs/summary\"}", false, "How many changes of each kind it has."},
    {"drift", "{\"$ref\": \"#/$defs/drift\"}", true,
     "Only of \"roster drift\", whose document is a report, and no plan to be applied."},
    {"guards", "{\"$ref\": \"#/$defs/guards\"}", false, "The limits that were in force."},
    {"refusals", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/refusal\"}}", false,
     "The guards that refuse it; it can be applied only when there are none."},
    {"hints", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/hint\"}}", true,
     "What is worth knowing of services though no change is about it."},
    {"services", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/service\"}}", false,
     "The services that it touches. Changes refer to them by their index."},
    {"changes", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/change\"}}", false,
     "The changes, by service, in the order in which they are carried out there."},
    {"variables",
     "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/digest\"}}", false,
     "A digest of the value of each environment variable that it takes something from."},
    {"integrity", "{\"$ref\": \"#/$defs/integrity\"}", false,
     "Digest of the rest of the document, keyed when ROSTER_PLAN_KEY was set."},
};

static const struct member source_members[] = {
    {"location", "{\"type\": \"string\"}", false,
     "The file, folder or git source, as it was named."},
    {"sha256", "{\"$ref\": \"#/$defs/digest\"}", false, "SHA-256 of its content."},
    {"commit", "{\"type\": [\"string\", \"null\"]}", false, "Commit of a roster from git."},
    {"author", "{\"type\": [\"string\", \"null\"]}", false, "Who made that commit."},
    {"date", "{\"type\": [\"string\", \"null\"], \"format\": \"date-time\"}", false,
     "When that was, in UTC."},
};

#define COUNT_SCHEMA "{\"type\": \"integer\", \"minimum\": 0}"

static const struct member drift_members[] = {
    {"in_sync", "{\"type\": \"boolean\"}", false, "Whether nothing was done by hand."},
    {"baseline", "{\"type\": [\"string\", \"null\"]}", false,
     "The commit that was applied last, as --baseline named it; null: none was named."},
    {"changed_by_hand", COUNT_SCHEMA, false, "Settings, and senders in another service."},
    {"missing_live", COUNT_SCHEMA, false, "Services and senders that the account lacks."},
    {"extra_live", COUNT_SCHEMA, false, "Services and senders that the roster has not."},
    {"roster_ahead", COUNT_SCHEMA, false, "What the roster says since, and was not applied yet."},
};

static const struct member guards_members[] = {
    {"max_removals", "{\"type\": [\"integer\", \"null\"], \"minimum\": 0}", false,
     "How many senders may be taken out of services; null: any number."},
    {"max_deletes", "{\"type\": [\"integer\", \"null\"], \"minimum\": 0}", false,
     "How many services may be deleted; null: any number."},
    {"protect", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/text\"}}", false,
     "Services that are never deleted or left without senders."},
    {"take_over", "{\"type\": \"boolean\"}", false,
     "Whether senders may be moved out of lists that the plan does not manage."},
    {"allow_empty_service", "{\"type\": \"boolean\"}", false,
     "Whether a service may be left without senders."},
    {"allow_empty_roster", "{\"type\": \"boolean\"}", false,
     "Whether a roster without services may prune."},
    {"allow_campaign_loss", "{\"type\": \"boolean\"}", false,
     "Whether services with a registered A2P campaign may be deleted."},
};

static const struct member refusal_members[] = {
    {"guard", "{\"type\": \"string\"}", false, "Name of the guard."},
    {"message", "{\"type\": \"string\"}", false, "What the plan would do."},
    {"allow", "{\"type\": \"string\"}", false, "The flag or key that would allow it."},
};

static const struct member hint_members[] = {
    {"message", "{\"type\": \"string\"}", false, "What a service expects and has not."},
    {"place", "{\"anyOf\": [{\"$ref\": \"#/$defs/place\"}, {\"type\": \"null\"}]}", false,
     "The place in the roster that it is about."},
};

static const struct member service_members[] = {
    {"name", "{\"$ref\": \"#/$defs/text\"}", false, "Its friendly_name."},
    {"sid", "{\"anyOf\": [{\"$ref\": \"#/$defs/text\"}, {\"type\": \"null\"}]}", false,
     "Its SID; null: it is to be created."},
    {"state", "{\"enum\": [\"new\", \"kept\", \"deleted\"]}", false, "What becomes of it."},
    {"in_roster", "{\"type\": \"boolean\"}", false, "Whether the roster names it."},
    {"renamed_from", "{\"$ref\": \"#/$defs/text\"}", true,
     "The name that would have been adopted."},
    {"namesakes", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/text\"}}", true,
     "New services: SIDs of others that have its name now, and that the roster means otherwise."},
    {"senders", "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/tally\"}}",
     false, "How many senders it has and gets, by list, as far as the lists were read."},
    {"bindings", "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/digest\"}}",
     false, "Digests of the live values of what is touched: name, settings, lists of senders."},
};

static const struct member tally_members[] = {
    {"before", "{\"type\": \"integer\", \"minimum\": 0}", false, "Now."},
    {"after", "{\"type\": \"integer\", \"minimum\": 0}", false, "After the plan."},
};

static const struct member change_members[] = {
    {"kind", "{\"$ref\": \"#/$defs/change_kind\"}", false, "What is done."},
    {"reason", "{\"$ref\": \"#/$defs/reason\"}", false, "Why."},
    {"class", "{\"$ref\": \"#/$defs/drift_class\"}", true,
     "Drift reports: what was done; of update_service \"changed_by_hand\" when any setting was."},
    {"service", "{\"type\": \"integer\", \"minimum\": 0}", false,
     "Index of the service; of a move, of the one that the sender goes to."},
    {"settings", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/setting\"}}", true,
     "create_service, update_service: the settings that are sent."},
    {"sender", "{\"$ref\": \"#/$defs/sender\"}", true, "Changes of senders: the sender."},
    {"senders", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/sender\"}}", true,
     "delete_service: the senders that it has now."},
    {"from", "{\"type\": \"integer\", \"minimum\": 0}", true,
     "move_sender: index of the service that has it now."},
    {"take_over", "{\"type\": \"boolean\"}", true,
     "move_sender: the plan does not manage the list that it leaves."},
    {"place", "{\"anyOf\": [{\"$ref\": \"#/$defs/place\"}, {\"type\": \"null\"}]}", false,
     "The place in the roster that asks for it."},
    {"notes", "{\"$ref\": \"#/$defs/strings\"}", false, "What it breaks."},
};

static const struct member setting_members[] = {
    {"key", "{\"$ref\": \"#/$defs/setting_key\"}", false, "Its key in the roster."},
    {"before", "{\"$ref\": \"#/$defs/value\"}", true, "update_service: the live value."},
    {"after", "{\"$ref\": \"#/$defs/value\"}", false, "The roster's value; null clears."},
    {"class", "{\"$ref\": \"#/$defs/drift_class\"}", true,
     "Drift reports, update_service: what was done."},
};

static const struct member sender_members[] = {
    {"kind", "{\"$ref\": \"#/$defs/sender_kind\"}", false, "Its kind."},
    {"identity", "{\"$ref\": \"#/$defs/text\"}", false,
     "What the roster calls it: +15005550001, 85555, ACME."},
    {"country", "{\"$ref\": \"#/$defs/text\"}", true, "Destination alpha senders: the country."},
    {"sid", "{\"type\": [\"string\", \"null\"]}", false, "Its SID; null: the addition makes it."},
};

static const struct member place_members[] = {
    {"file", "{\"type\": \"string\"}", false, "The file of the roster."},
    {"line", "{\"type\": \"integer\", \"minimum\": 0}", false, "From 1."},
    {"column", "{\"type\": \"integer\", \"minimum\": 0}", false, "From 1, in characters."},
};

static const struct member integrity_members[] = {
    {"algorithm", "{\"enum\": [\"sha256\", \"hmac-sha256\"]}", false, "How it was made."},
    {"value", "{\"$ref\": \"#/$defs/digest\"}", false, "The digest."},
};

/* Definitions that are no objects of ours. */
static const struct {
    const char *name, *schema;
} plain[] = {
    {"account_sid", "{\"type\": \"string\", \"pattern\": \"^AC[0-9a-fA-F]{32}$\"}"},
    {"digest", "{\"type\": \"string\", \"pattern\": \"^[0-9a-f]{64}$\"}"},
    {"strings", "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"},
    {"text",
     "{\"description\": \"A text; from_env: with ${NAME} from the environment, as it is written; "
     "masked: the password of a URL is left out.\", \"anyOf\": [{\"type\": \"string\"}, "
     "{\"$ref\": \"#/$defs/from_env\"}, {\"$ref\": \"#/$defs/masked\"}]}"},
    {"from_env", "{\"type\": \"object\", \"properties\": {\"from_env\": {\"type\": \"string\"}}, "
                 "\"required\": [\"from_env\"], \"additionalProperties\": false}"},
    {"masked", "{\"type\": \"object\", \"properties\": {\"masked\": {\"type\": \"string\"}}, "
               "\"required\": [\"masked\"], \"additionalProperties\": false}"},
    {"hidden", "{\"type\": \"object\", \"properties\": {\"hidden\": {\"const\": true}}, "
               "\"required\": [\"hidden\"], \"additionalProperties\": false}"},
    {"value", "{\"anyOf\": [{\"$ref\": \"#/$defs/text\"}, {\"type\": [\"boolean\", \"integer\", "
              "\"null\"]}, {\"$ref\": \"#/$defs/hidden\"}]}"},
};

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    assert(json != NULL); /* the tables are ours */
    return json;
}

static json_t *object_schema(const struct member *members, size_t count)
{
    json_t *properties = json_object(), *required = json_array();
    size_t i;

    for (i = 0; i < count; i++) {
        json_t *schema = parse(members[i].schema);
        json_object_set_new(schema, "description", json_string(members[i].help));
        json_object_set_new(properties, members[i].name, schema);
        if (!members[i].optional)
            json_array_append_new(required, json_string(members[i].name));
    }
    return json_pack("{sssososb}", "type", "object", "properties", properties, "required", required,
                     "additionalProperties", 0);
}

/* An enumeration of what the names are for 0 to count - 1. */
static json_t *names_schema(const char *(*name)(size_t index), size_t count)
{
    json_t *names = json_array();
    size_t i;

    for (i = 0; i < count; i++)
        if (name(i) != NULL)
            json_array_append_new(names, json_string(name(i)));
    return json_pack("{so}", "enum", names);
}

static const char *change_name(size_t index)
{
    return change_kind_name((enum change_kind)index);
}

static const char *reason_name(size_t index)
{
    return change_reason_name((enum change_reason)index);
}

static const char *class_name(size_t index)
{
    return drift_class_name((enum drift_class)index);
}

static const char *sender_name(size_t index)
{
    return plan_sender_kind_name((enum sender_kind)index);
}

/* Only settings that are sent. */
static const char *setting_name(size_t index)
{
    const struct field *field = &resource_service.fields[index];
    return field->form_key == NULL ? NULL : field->yaml_key;
}

static const char *count_name(size_t index)
{
    static const char *const others[] = {"changes", "senders_taken_out", "services_declared",
                                         "services_left_out"};
    return index < CHANGE_KIND_COUNT ? change_name(index) : others[index - CHANGE_KIND_COUNT];
}

static json_t *summary_schema(void)
{
    enum { COUNTS = CHANGE_KIND_COUNT + 4 };
    json_t *properties = json_object(), *required = json_array();
    size_t i;

    for (i = 0; i < COUNTS; i++) {
        json_object_set_new(properties, count_name(i),
                            parse("{\"type\": \"integer\", \"minimum\": 0}"));
        json_array_append_new(required, json_string(count_name(i)));
    }
    return json_pack("{sssososb}", "type", "object", "properties", properties, "required", required,
                     "additionalProperties", 0);
}

#define OBJECT(members) object_schema(members, COUNT_OF(members))

static json_t *definitions(void)
{
    json_t *out = json_object();
    size_t i;

    for (i = 0; i < COUNT_OF(plain); i++)
        json_object_set_new(out, plain[i].name, parse(plain[i].schema));
    json_object_set_new(out, "source", OBJECT(source_members));
    json_object_set_new(out, "summary", summary_schema());
    json_object_set_new(out, "drift", OBJECT(drift_members));
    json_object_set_new(out, "drift_class", names_schema(class_name, DRIFT_CLASS_COUNT));
    json_object_set_new(out, "guards", OBJECT(guards_members));
    json_object_set_new(out, "refusal", OBJECT(refusal_members));
    json_object_set_new(out, "hint", OBJECT(hint_members));
    json_object_set_new(out, "service", OBJECT(service_members));
    json_object_set_new(out, "tally", OBJECT(tally_members));
    json_object_set_new(out, "change", OBJECT(change_members));
    json_object_set_new(out, "change_kind", names_schema(change_name, CHANGE_KIND_COUNT));
    json_object_set_new(out, "reason", names_schema(reason_name, REASON_COUNT));
    json_object_set_new(out, "setting", OBJECT(setting_members));
    json_object_set_new(out, "setting_key",
                        names_schema(setting_name, resource_service.field_count));
    json_object_set_new(out, "sender", OBJECT(sender_members));
    json_object_set_new(out, "sender_kind", names_schema(sender_name, SENDER_KIND_COUNT));
    json_object_set_new(out, "place", OBJECT(place_members));
    json_object_set_new(out, "integrity", OBJECT(integrity_members));
    return out;
}

void plan_schema_write(struct buf *out)
{
    json_t *schema = json_object(), *head = OBJECT(head_members);

    json_object_set_new(schema, "$schema",
                        json_string("https://json-schema.org/draft/2020-12/schema"));
    json_object_set_new(schema, "title", json_string("roster plan"));
    json_object_set_new(schema, "description",
                        json_string("The changes that lead from an account's live state to a "
                                    "roster, as \"roster plan\" saves them and \"roster "
                                    "drift\" reports them."));
    json_object_update(schema, head);
    json_object_set_new(schema, "$defs", definitions());
    plan_document_write(schema, out);
    json_decref(head);
    json_decref(schema);
}
