/*
 * The files that are made from the field tables are the ones that are committed. With
 * ROSTER_UPDATE_GOLDEN set in the environment they are written instead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "model/desired.h"
#include "model/manual.h"
#include "model/schema.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void check_file(const char *path, const struct buf *made)
{
    struct buf committed;
    struct diag diag;

    diag_init(&diag);
    buf_init(&committed, BUF_LIMIT_DEFAULT);
    if (getenv("ROSTER_UPDATE_GOLDEN") != NULL)
        assert_int_equal(file_write_atomic(path, buf_text(made), made->size, 0644, &diag), 0);
    assert_int_equal(file_read(path, &committed, &diag), 0);
    assert_string_equal(buf_text(made), buf_text(&committed));
    buf_release(&committed);
    diag_release(&diag);
}

static void test_schema_is_fresh(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    schema_write_roster(&out);
    check_file(TEST_SOURCE_DIR "/schemas/roster.schema.json", &out);
    buf_release(&out);
}

static void test_manual_is_fresh(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    manual_write_roster(&out);
    check_file(TEST_SOURCE_DIR "/reconciler/man/roster.yaml.5", &out);
    buf_release(&out);
}

/* Every row and section of a table is a property, and nothing else is. */
static void check_properties(const struct resource *resource, const json_t *schema)
{
    const json_t *properties = json_object_get(schema, "properties");
    size_t expected = 0, i;

    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    for (i = 0; i < resource->field_count; i++) {
        const json_t *property;
        if (resource->fields[i].yaml_key == NULL)
            continue;
        expected++;
        property = json_object_get(properties, resource->fields[i].yaml_key);
        assert_non_null(property);
        assert_true(json_is_string(json_object_get(property, "title")));
        assert_true(json_is_string(json_object_get(property, "description")));
        assert_int_equal(json_object_get(property, "examples") != NULL,
                         resource->fields[i].example != NULL);
        assert_int_equal(json_object_get(property, "deprecated") != NULL,
                         (resource->fields[i].flags & FIELD_OBSOLETE) != 0);
        assert_int_equal(json_object_get(property, "default") != NULL,
                         resource->fields[i].default_text != NULL);
    }
    for (i = 0; i < resource->section_count; i++) {
        const struct section *section = &resource->sections[i];
        const json_t *property = json_object_get(properties, section->yaml_key);
        expected++;
        assert_non_null(property);
        if (section->shape == SECTION_MAPPINGS)
            check_properties(section->resource, json_object_get(property, "items"));
        else if (section->shape == SECTION_MAPPING && !section->settings_only)
            check_properties(section->resource, property);
    }
    assert_int_equal(json_object_size(properties), expected);
}

static void test_schema_has_every_key(void **state)
{
    struct buf out;
    json_t *schema;
    const json_t *defaults;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    schema_write_roster(&out);
    schema = json_loads(buf_text(&out), 0, NULL);
    assert_non_null(schema);
    check_properties(&resource_roster, schema);
    defaults = json_object_get(json_object_get(schema, "properties"), "defaults");
    assert_null(json_object_get(defaults, "required"));
    assert_null(json_object_get(json_object_get(defaults, "properties"), "friendly_name"));
    assert_non_null(json_object_get(json_object_get(defaults, "properties"), "usecase"));
    json_decref(schema);
    buf_release(&out);
}

static void check_manual(const struct resource *resource, const char *manual)
{
    struct buf line;
    size_t i;

    buf_init(&line, 1024);
    for (i = 0; i < resource->field_count; i++) {
        if (resource->fields[i].yaml_key == NULL)
            continue;
        buf_clear(&line);
        buf_printf(&line, ".It Ic %s\n", resource->fields[i].yaml_key);
        assert_non_null(strstr(manual, buf_text(&line)));
    }
    for (i = 0; i < resource->section_count; i++) {
        buf_clear(&line);
        buf_printf(&line, ".It Ic %s\n", resource->sections[i].yaml_key);
        assert_non_null(strstr(manual, buf_text(&line)));
        if (resource->sections[i].shape != SECTION_SCALARS)
            check_manual(resource->sections[i].resource, manual);
    }
    buf_release(&line);
}

static void test_manual_has_every_key(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    manual_write_roster(&out);
    check_manual(&resource_roster, buf_text(&out));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_is_fresh),
        cmocka_unit_test(test_manual_is_fresh),
        cmocka_unit_test(test_schema_has_every_key),
        cmocka_unit_test(test_manual_has_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
