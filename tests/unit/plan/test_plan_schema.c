/*
 * schemas/plan.schema.json is what is made. With ROSTER_UPDATE_GOLDEN set in the environment it is
 * written instead. That plans are valid by it is held by tests/agreement/plan_schema.py.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "plan/plan_schema.h"

#include <stdlib.h>

static void test_schema_is_fresh(void **state)
{
    static const char path[] = TEST_SOURCE_DIR "/schemas/plan.schema.json";
    struct buf made, committed;
    struct diag diag;

    (void)state;
    diag_init(&diag);
    buf_init(&made, BUF_LIMIT_DEFAULT);
    buf_init(&committed, BUF_LIMIT_DEFAULT);
    plan_schema_write(&made);
    if (getenv("ROSTER_UPDATE_GOLDEN") != NULL)
        assert_int_equal(file_write_atomic(path, buf_text(&made), made.size, 0644, &diag), 0);
    assert_int_equal(file_read(path, &committed, &diag), 0);
    assert_string_equal(buf_text(&made), buf_text(&committed));
    buf_release(&made);
    buf_release(&committed);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_is_fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
