#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/notify.h"
#include "support/scratch_folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char name[108], watchdog[32], process[32]; /* "": unset */

static char *lookup(const char *variable)
{
    char *value = strcmp(variable, "NOTIFY_SOCKET") == 0   ? name
                  : strcmp(variable, "WATCHDOG_USEC") == 0 ? watchdog
                  : strcmp(variable, "WATCHDOG_PID") == 0  ? process
                                                           : NULL;

    assert_non_null(value);
    return value[0] == '\0' ? NULL : value;
}

/* What a service manager has: the socket of that name. */
static int manager(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    int opened = socket(AF_UNIX, SOCK_DGRAM, 0);

    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    assert_int_equal(bind(opened, (const struct sockaddr *)(const void *)&address, size), 0);
    return opened;
}

static void check_delivery(void)
{
    int server = manager();
    struct notify notify;
    struct diag diag;
    char got[64] = "";

    diag_init(&diag);
    assert_int_equal(notify_open(&notify, lookup, &diag), 0);
    notify_send(&notify, "READY=1\nSTATUS=waiting");
    assert_int_equal(recv(server, got, sizeof(got) - 1, MSG_DONTWAIT), 22);
    assert_string_equal(got, "READY=1\nSTATUS=waiting");
    /* A manager that has gone is missed by nobody. */
    close(server);
    notify_send(&notify, "STOPPING=1");
    notify_close(&notify);
    notify_send(&notify, "STOPPING=1");
    assert_int_equal(diag.errors, 0);
    diag_release(&diag);
}

static void test_path(void **state)
{
    struct scratch_folder folder;
    (void)state;

    scratch_folder_make(&folder);
    snprintf(name, sizeof(name), "%s/notify", folder.path);
    check_delivery();
    scratch_folder_remove(&folder);
}

static void test_abstract(void **state)
{
    (void)state;
    snprintf(name, sizeof(name), "@roster-test-notify-%d", (int)getpid());
    check_delivery();
}

static void test_watchdog(void **state)
{
    struct notify notify;
    struct diag diag;
    int server;
    (void)state;

    diag_init(&diag);
    snprintf(name, sizeof(name), "@roster-test-watchdog-%d", (int)getpid());
    server = manager();
    snprintf(watchdog, sizeof(watchdog), "30000000");
    assert_int_equal(notify_open(&notify, lookup, &diag), 0);
    assert_int_equal(notify.watchdog_ms, 15000);
    notify_close(&notify);
    snprintf(process, sizeof(process), "%d", (int)getpid());
    assert_int_equal(notify_open(&notify, lookup, &diag), 0);
    assert_int_equal(notify.watchdog_ms, 15000);
    notify_close(&notify);
    snprintf(process, sizeof(process), "%d", (int)getppid());
    assert_int_equal(notify_open(&notify, lookup, &diag), 0);
    assert_int_equal(notify.watchdog_ms, 0);
    notify_close(&notify);
    watchdog[0] = process[0] = '\0';
    assert_int_equal(notify_open(&notify, lookup, &diag), 0);
    assert_int_equal(notify.watchdog_ms, 0);
    notify_close(&notify);
    close(server);
    diag_release(&diag);
}

static void test_nobody(void **state)
{
    struct notify notify;
    struct diag diag;
    (void)state;

    diag_init(&diag);
    name[0] = '\0';
    assert_int_equal(notify_open(&notify, lookup, &diag), 0);
    assert_int_equal(notify.socket, -1);
    notify_send(&notify, "READY=1");
    snprintf(name, sizeof(name), "/nowhere/notify");
    assert_int_equal(notify_open(&notify, lookup, &diag), -1);
    snprintf(name, sizeof(name), "vsock:2:1234");
    assert_int_equal(notify_open(&notify, lookup, &diag), -1);
    assert_int_equal(diag.errors, 2);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_abstract),
        cmocka_unit_test(test_watchdog),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
