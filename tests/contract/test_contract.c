/*
 * Holds the logs that the scenarios left against Twilio's OpenAPI description:
 *
 *     ROSTER_OPENAPI_DIR=… test_contract LOG_FOLDER
 *
 * Exit status 0: all is as described and every operation that the sandbox serves was seen; 1: not;
 * 77: skipped, because ROSTER_OPENAPI_DIR does not say where the description is.
 */
#include "contract.h"
#include "exceptions.h"

#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_SKIPPED = 77 };

#define ACCOUNT "/2010-04-01/Accounts/{AccountSid}"
#define SERVICE "/v1/Services/{ServiceSid}"
#define CHANNEL_SENDERS "/v1/Services/{MessagingServiceSid}/ChannelSenders"

/* What the sandbox serves: each has to have at least one successful, checked answer. */
static const struct {
    const char *method, *path;
} served[] = {
    {"POST", "/v1/Services"},
    {"GET", "/v1/Services"},
    {"GET", "/v1/Services/{Sid}"},
    {"POST", "/v1/Services/{Sid}"},
    {"DELETE", "/v1/Services/{Sid}"},
    {"GET", "/v1/Services/Usecases"},
    {"POST", SERVICE "/PhoneNumbers"},
    {"GET", SERVICE "/PhoneNumbers"},
    {"GET", SERVICE "/PhoneNumbers/{Sid}"},
    {"DELETE", SERVICE "/PhoneNumbers/{Sid}"},
    {"POST", SERVICE "/ShortCodes"},
    {"GET", SERVICE "/ShortCodes"},
    {"GET", SERVICE "/ShortCodes/{Sid}"},
    {"DELETE", SERVICE "/ShortCodes/{Sid}"},
    {"POST", SERVICE "/AlphaSenders"},
    {"GET", SERVICE "/AlphaSenders"},
    {"GET", SERVICE "/AlphaSenders/{Sid}"},
    {"DELETE", SERVICE "/AlphaSenders/{Sid}"},
    {"POST", SERVICE "/DestinationAlphaSenders"},
    {"GET", SERVICE "/DestinationAlphaSenders"},
    {"GET", SERVICE "/DestinationAlphaSenders/{Sid}"},
    {"DELETE", SERVICE "/DestinationAlphaSenders/{Sid}"},
    {"POST", CHANNEL_SENDERS},
    {"GET", CHANNEL_SENDERS},
    {"GET", CHANNEL_SENDERS "/{Sid}"},
    {"DELETE", CHANNEL_SENDERS "/{Sid}"},
    {"GET", ACCOUNT "/IncomingPhoneNumbers.json"},
    {"GET", ACCOUNT "/IncomingPhoneNumbers/{Sid}.json"},
    {"GET", ACCOUNT "/SMS/ShortCodes.json"},
    {"GET", ACCOUNT "/SMS/ShortCodes/{Sid}.json"},
    {"POST", ACCOUNT "/Messages.json"},
    {"GET", ACCOUNT "/Messages.json"},
    {"GET", ACCOUNT "/Messages/{Sid}.json"},
    {"GET", "/2010-04-01/Accounts/{Sid}.json"},
};

static void check_log(struct contract *contract, const char *path, const char *name)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0, number = 0;
    ssize_t size;

    if (file == NULL) {
        diag_error(&contract->diag, NULL, "%s: %s", path, strerror(errno));
        return;
    }
    while ((size = getline(&line, &capacity, file)) > 0)
        contract_line(contract, name, ++number, line, (size_t)size);
    free(line);
    fclose(file);
}

static int is_log(const struct dirent *entry)
{
    return str_ends_with(entry->d_name, ".jsonl");
}

/* Returns how many logs there were. */
static int check_logs(struct contract *contract, const char *folder)
{
    struct dirent **entries = NULL;
    struct arena arena = {0};
    int count = scandir(folder, &entries, is_log, alphasort);

    for (int i = 0; i < count; i++) {
        check_log(contract, arena_printf(&arena, "%s/%s", folder, entries[i]->d_name),
                  arena_strdup(&arena, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    arena_release(&arena);
    return count > 0 ? count : 0;
}

static void check_coverage(struct contract *contract)
{
    printf("\n answers  by roster  operation\n");
    for (size_t i = 0; i < COUNT_OF(served); i++) {
        const struct openapi_operation *operation =
            openapi_operation(&contract->api, served[i].method, served[i].path);
        if (operation == NULL) {
            diag_error(&contract->diag, NULL, "%s %s is not in the description", served[i].method,
                       served[i].path);
            continue;
        }
        printf("%8zu  %9zu  %s %s\n", operation->answers, operation->requests, operation->method,
               operation->path);
        if (operation->answers == 0)
            diag_error(&contract->diag, NULL, "%s %s: no log has a successful answer",
                       operation->method, operation->path);
    }
    if (contract->requests == 0)
        diag_error(&contract->diag, NULL, "no log has a request made by roster");
}

static void print_exceptions(const struct contract *contract)
{
    printf("\nLet pass:\n");
    for (size_t i = 0; i < contract_exception_count; i++)
        printf("%8zu  %s\n", contract->excused[i], contract_exceptions[i].reason);
}

static int load_descriptions(struct contract *contract, const char *folder)
{
    static const char *const files[] = {"messaging_v1.openapi.json", "api_v2010.openapi.json"};
    struct arena arena = {0};
    int result = 0;

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        if (openapi_add_file(&contract->api, arena_printf(&arena, "%s/%s", folder, files[i]),
                             &contract->diag) != 0)
            result = -1;
    }
    arena_release(&arena);
    return result;
}

static void check_everything(struct contract *contract, const char *descriptions,
                             const char *folder)
{
    int logs;

    if (load_descriptions(contract, descriptions) != 0)
        return;
    logs = check_logs(contract, folder);
    if (logs == 0) {
        diag_error(&contract->diag, NULL, "%s has no logs: run the scenarios first", folder);
        return;
    }
    printf("%d logs, %zu requests: %zu successful answers, %zu errors and %zu requests by roster "
           "checked\n",
           logs, contract->lines, contract->answers, contract->errors, contract->requests);
    check_coverage(contract);
    print_exceptions(contract);
}

static void print_findings(const struct diag *diag)
{
    printf("\n");
    for (size_t i = 0; i < diag->count; i++) {
        printf("%s\n", diag->items[i].message);
        for (size_t j = 0; j < diag->items[i].note_count; j++)
            printf("    %s\n", diag->items[i].notes[j].message);
    }
    printf("%zu finding(s)%s\n", diag->errors, diag->dropped > 0 ? ", not all of them shown" : "");
}

int main(int argc, char **argv)
{
    const char *descriptions = getenv("ROSTER_OPENAPI_DIR");
    struct contract contract;
    int status;

    if (argc != 2) {
        fprintf(stderr, "usage: test_contract LOG_FOLDER\n");
        return 1;
    }
    if (str_is_empty(descriptions)) {
        printf("SKIPPED: ROSTER_OPENAPI_DIR is not set, so there is no API description to hold the "
               "sandbox's answers and roster's requests against\n");
        return EXIT_SKIPPED;
    }
    contract_init(&contract);
    check_everything(&contract, descriptions, argv[1]);
    print_findings(&contract.diag);
    status = contract.diag.errors == 0 ? 0 : 1;
    contract_release(&contract);
    return status;
}
