/*
 * libFuzzer target: any bytes as a roster, through document/ and model/ as `roster validate` does.
 *
 * Beyond not crashing: a roster is refused exactly when an error was reported, and whatever is
 * shown is UTF-8 without a control character but line ends, and escapes only in color. Run by
 * tests/fuzz/run.sh.
 */
#include "document/doc.h"
#include "fuzz/fuzz_check.h"
#include "model/desired.h"
#include "model/roster_layout.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What is read without a mistake may have a canonical form, which is then read without one, too.
 */
static void check_form(const struct doc *doc)
{
    struct buf once, twice;
    struct doc again;
    struct diag diag;

    diag_init(&diag);
    buf_init(&once, BUF_LIMIT_DEFAULT);
    buf_init(&twice, BUF_LIMIT_DEFAULT);
    memset(&again, 0, sizeof(again));
    if (roster_layout_format(doc, &once, &diag) == 0) {
        require(doc_parse(&again, "fuzz.yaml", buf_text(&once), once.size, &diag) == 0);
        require(roster_layout_format(&again, &twice, &diag) == 0);
    }
    doc_release(&again);
    buf_release(&once);
    buf_release(&twice);
    diag_release(&diag);
}

/* Some variables are set, some are not; one has a value that fits nowhere. */
static char *lookup(const char *name)
{
    static char url[] = "https://hooks.example.com", odd[] = "\x01 odd\n";

    switch (name[0] % 3) {
    case 0:
        return url;
    case 1:
        return odd;
    default:
        return NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doc doc;
    const struct doc *docs = &doc;
    struct desired desired;
    struct diag diag;
    int result;

    memset(&doc, 0, sizeof(doc));
    memset(&desired, 0, sizeof(desired));
    diag_init(&diag);
    result = doc_parse(&doc, "fuzz.yaml", (const char *)data, size, &diag);
    if ((result == 0 || doc.root != NULL) && desired_parse(&desired, &docs, 1, lookup, &diag) != 0)
        result = -1;
    if (diag.errors == 0)
        check_form(&doc);
    diag_sort(&diag);
    require((result != 0) == (diag.errors != 0));
    require(diag.count <= DIAG_MAX);
    check_shown(&diag, false);
    check_shown(&diag, true);
    desired_release(&desired);
    doc_release(&doc);
    diag_release(&diag);
    return 0;
}
