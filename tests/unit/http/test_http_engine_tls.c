/*
 * What the engine makes of certificates, and of servers that do not speak TLS.
 */
#include "http/http_engine.h"

#include "base/file.h"
#include "raw_server.h"

#include <microhttpd.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "engine_faults.h"

/* Plain HTTP, and nothing at all, where TLS is expected. */
static void test_no_tls(void **state)
{
    static const struct {
        struct raw_step step;
        enum http_fault fault;
        unsigned attempts;
        const char *error;
    } cases[] = {
        {{"HTTP/1.1 400 Bad Request\r\n\r\n", 0, RAW_HOLD},
         HTTP_FAULT_TLS,
         1,
         "no trusted TLS connection: "},
        {{"", 0, RAW_CLOSE}, HTTP_FAULT_CONNECT, 2, "cannot connect: "},
        {{"", 0, RAW_RESET}, HTTP_FAULT_CONNECT, 2, "cannot connect: "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
        struct raw_server server = {.deaf = true};
        struct result result;

        run_one(engine, HTTP_POST, "https", raw_server_start(&server, &cases[i].step, 1), &result);
        assert_fault(&result, cases[i].fault, cases[i].attempts, cases[i].error);
        http_engine_free(engine);
        raw_server_stop(&server);
        raw_server_free(&server);
    }
}

/* Self-signed for 127.0.0.1, valid from 2000 to 9999; for this test and nothing else. */
static const char test_key[] = "-----BEGIN PRIVATE KEY-----\n"
                               "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvZtNp2TS/VflZBE8\n"
                               "eoy9TQ8q0YO6QdZsvkB/Lfc3mx+hRANCAARBeB9DgjwdFMUYDprbUSoIugA6ljGb\n"
                               "aQxh167yIfWejDmNc+cTNiF/D4wWkJCnFDvAD51t0eoJ/Hz2iPf+4xqu\n"
                               "-----END PRIVATE KEY-----\n";
static const char test_certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBSjCB8aADAgECAgEBMAoGCCqGSM49BAMCMBsxGTAXBgNVBAMMEHJvc3RlciB1\n"
    "bml0IHRlc3QwIBcNMDAwMTAxMDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMBsxGTAX\n"
    "BgNVBAMMEHJvc3RlciB1bml0IHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AARBeB9DgjwdFMUYDprbUSoIugA6ljGbaQxh167yIfWejDmNc+cTNiF/D4wWkJCn\n"
    "FDvAD51t0eoJ/Hz2iPf+4xquoyQwIjAPBgNVHREECDAGhwR/AAABMA8GA1UdEwEB\n"
    "/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgHm4MEZRONa8rr0gOBwzjpwFfpVdr\n"
    "G8EX19BY1gwGph8CIQC3+sX6CWIFr2hIUMLbB6yBE6sePUlLHsPBXtJV4dLx0A==\n"
    "-----END CERTIFICATE-----\n";

static enum MHD_Result answer_ok(void *context, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_size, void **slot)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(2, (void *)(uintptr_t) "ok", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued;

    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)slot;
    atomic_fetch_add((atomic_uint *)context, 1);
    queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

/* The last attempt that was told of, and how many there were. */
struct seen {
    unsigned count;
    struct http_attempt last;
    enum http_fault fault;
    char version[8];
};

static void see(void *context, const struct http_attempt *attempt)
{
    struct seen *seen = context;

    seen->count++;
    seen->last = *attempt;
    seen->fault = attempt->response->fault;
    snprintf(seen->version, sizeof(seen->version), "%s", attempt->version);
}

static void check_handshake(const struct seen *seen)
{
    assert_int_equal(seen->count, 1);
    assert_int_equal(seen->last.number, 1);
    assert_false(seen->last.reused);
    assert_true(seen->last.tls_us > 0);
    assert_true(seen->last.connect_us + seen->last.tls_us <= seen->last.first_byte_us);
    assert_true(seen->last.first_byte_us <= seen->last.total_us);
    assert_int_equal(seen->last.received_bytes, 2);
    assert_string_equal(seen->version, "1.1");
}

/* A certificate counts only with its authority known and its host right. */
static void test_certificates(void **state)
{
    char ca_file[] = "test_ca_XXXXXX";
    const struct {
        const char *ca_file, *host, *error; /* NULL: it is accepted */
    } cases[] = {
        {NULL, "127.0.0.1", "(trusted are the authorities in the system's certificate store)"},
        {ca_file, "localhost", "no trusted TLS connection: SSL: "},
        {ca_file, "127.0.0.1", NULL},
    };
    atomic_uint requests = 0;
    int descriptor = mkstemp(ca_file);
    struct MHD_Daemon *daemon;
    unsigned port;
    size_t i;

    (void)state;
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        skip();
    assert_true(descriptor >= 0);
    assert_int_equal(file_write_all(descriptor, test_certificate, strlen(test_certificate)), 0);
    close(descriptor);
    daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL,
                              answer_ok, &requests, MHD_OPTION_HTTPS_MEM_KEY, test_key,
                              MHD_OPTION_HTTPS_MEM_CERT, test_certificate, MHD_OPTION_END);
    assert_non_null(daemon);
    port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct seen seen = {0};
        const struct http_observer observer = {.ended = see, .context = &seen};
        struct http_engine *engine = engine_new(&(struct http_engine_config){
            .retry = &twice, .ca_file = cases[i].ca_file, .observer = &observer});
        char url[64];
        struct http_request request = {.method = HTTP_GET, .url = url};
        struct result result = {0};

        snprintf(url, sizeof(url), "https://%s:%u/", cases[i].host, port);
        http_engine_submit(engine, &request, result_keep, &result);
        http_engine_run(engine);
        assert_int_equal(result.response.attempts, 1);
        if (cases[i].error == NULL) {
            assert_string_equal(result.error, "");
            assert_string_equal(result.body, "ok");
            check_handshake(&seen);
        } else {
            assert_int_equal(seen.fault, HTTP_FAULT_TLS);
            assert_false(seen.last.again || seen.last.reused);
            assert_string_equal(seen.version, "");
            assert_int_equal(result.response.fault, HTTP_FAULT_TLS);
            if (strstr(result.error, cases[i].error) == NULL)
                fail_msg("\"%s\" is not in \"%s\"", cases[i].error, result.error);
        }
        http_engine_free(engine);
    }
    MHD_stop_daemon(daemon);
    unlink(ca_file);
    assert_int_equal(atomic_load(&requests), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_tls),
        cmocka_unit_test(test_certificates),
    };
    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
