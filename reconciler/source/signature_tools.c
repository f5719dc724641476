#include "source/signature_tools.h"

#include "base/buf.h"
#include "base/str.h"
#include "base/subprocess.h"

#include <string.h>
#include <time.h>

enum { OUTPUT_MAX = 256 * 1024, STAMP_SIZE = 32 };

/* So that the tools speak English and take times as UTC. */
static const char *const plain_environment[] = {"LC_ALL", "C", "TZ", "UTC", NULL};

/* Runs a tool over the signed bytes: its exit status, or -1 when it did not end by itself. */
static int run(const struct signature_check *check, const char *const *argv, const void *input,
               size_t size, struct buf *out)
{
    const struct subprocess process = {
        .argv = argv,
        .environment = plain_environment,
        .input = input,
        .input_size = size,
        .timeout_ms = check->timeout_ms,
    };
    struct buf errors;
    int status;

    buf_clear(out);
    buf_init(&errors, OUTPUT_MAX);
    if (subprocess_run(&process, out, &errors, &status) != SUBPROCESS_ENDED)
        status = -1;
    /* Only one of them has something to say. */
    if (out->size == 0)
        buf_add(out, buf_text(&errors), errors.size);
    buf_release(&errors);
    return status;
}

static const char *first_line(const struct signature_check *check, const char *text)
{
    return arena_strndup(check->arena, text, strcspn(text, "\r\n"));
}

static const char *path_of(const struct signature_check *check, const char *name)
{
    return arena_printf(check->arena, "%s/%s", check->folder, name);
}

/* The key may not be allowed, or the signature not be one of these bytes at all. */
static enum signature_verdict judge_ssh(struct signature_check *check,
                                        enum signature_verdict if_valid, struct buf *out)
{
    const char *const argv[] = {
        "ssh-keygen", "-Y", "check-novalidate", "-n", "git", "-s", path_of(check, check->signature),
        NULL,
    };
    const char *with;

    if (run(check, argv, check->bytes, check->size, out) != 0) {
        check->detail = first_line(check, buf_text(out));
        return SIGNATURE_WRONG;
    }
    with = strstr(buf_text(out), " with ");
    check->who = first_line(check, with == NULL ? buf_text(out) : with + strlen(" with "));
    return if_valid;
}

enum signature_verdict signature_check_ssh(struct signature_check *check)
{
    const char *signature = path_of(check, check->signature);
    const char *signers = path_of(check, check->signers), *at;
    const time_t seconds = (time_t)check->signed_at;
    char stamp[STAMP_SIZE] = "";
    enum signature_verdict verdict;
    struct arena names = {0};
    const char *option;
    struct buf out;
    struct tm parts;

    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(stamp, sizeof(stamp), "%Y%m%d%H%M%S", &parts) == 0)
        return SIGNATURE_UNCHECKED;
    option = arena_printf(check->arena, "-Overify-time=%s", stamp);
    buf_init(&out, OUTPUT_MAX);
    {
        const char *const argv[] = {
            "ssh-keygen", "-Y", "find-principals", "-s", signature, "-f", signers, option, NULL};
        verdict = SIGNATURE_NOT_ALLOWED;
        if (run(check, argv, NULL, 0, &out) != 0)
            goto judge;
    }
    verdict = SIGNATURE_EXPIRED;
    for (at = arena_strdup(&names, buf_text(&out)); *at != '\0'; at += strspn(at, "\r\n")) {
        const char *name = first_line(check, at);
        const char *const argv[] = {"ssh-keygen", "-Y", "verify", "-n",      "git",  "-f", signers,
                                    "-I",         name, "-s",     signature, option, NULL};
        at += strlen(name);
        if (name[0] == '\0' || run(check, argv, check->bytes, check->size, &out) != 0)
            continue;
        check->who = name;
        verdict = SIGNATURE_GOOD;
        goto out;
    }
judge:
    verdict = judge_ssh(check, verdict, &out);
out:
    arena_release(&names);
    buf_release(&out);
    return verdict;
}

/* What gpg says in "[GNUPG:] WORD rest" lines. */
static const struct {
    const char *word;
    enum signature_verdict verdict;
} pgp_words[] = {
    {"GOODSIG", SIGNATURE_GOOD},       {"BADSIG", SIGNATURE_WRONG},
    {"ERRSIG", SIGNATURE_NOT_ALLOWED}, {"EXPSIG", SIGNATURE_EXPIRED},
    {"EXPKEYSIG", SIGNATURE_EXPIRED},  {"REVKEYSIG", SIGNATURE_EXPIRED},
};

/* "KEYID the user's name": what is behind a word of the status. */
static void take_who(struct signature_check *check, const char *rest)
{
    const char *line = first_line(check, rest), *name = strchr(line, ' ');

    if (strlen(line) != 0 && name != NULL && check->who == NULL)
        check->who = arena_printf(check->arena, "%s (%.*s)", name + 1, (int)(name - line), line);
}

static enum signature_verdict read_status(struct signature_check *check, const char *text)
{
    static const char prefix[] = "[GNUPG:] ";
    enum signature_verdict verdict = SIGNATURE_UNCHECKED;
    size_t signatures = 0, i;
    bool valid = false;

    for (; text != NULL; text = strchr(text, '\n'), text = text == NULL ? NULL : text + 1) {
        const char *word = text + sizeof(prefix) - 1;
        if (!str_starts_with(text, prefix))
            continue;
        valid |= str_starts_with(word, "VALIDSIG ");
        for (i = 0; i < COUNT_OF(pgp_words); i++) {
            const size_t size = strlen(pgp_words[i].word);
            if (strncmp(word, pgp_words[i].word, size) != 0 || word[size] != ' ')
                continue;
            signatures++;
            verdict = pgp_words[i].verdict;
            if (verdict == SIGNATURE_NOT_ALLOWED)
                check->who = arena_printf(check->arena, "OpenPGP key %.*s",
                                          (int)strcspn(word + size + 1, " \r\n"), word + size + 1);
            else
                take_who(check, word + size + 1);
        }
    }
    /* A good one beside a bad one proves nothing. */
    if (signatures != 1 || (verdict == SIGNATURE_GOOD && !valid))
        return SIGNATURE_UNCHECKED;
    return verdict;
}

enum signature_verdict signature_check_pgp(struct signature_check *check)
{
    const char *const import[] = {
        "gpg",     "--homedir",      check->folder, "--batch",
        "--quiet", "--no-autostart", "--import",    path_of(check, check->signers),
        NULL};
    const char *const verify[] = {
        "gpg",
        "--homedir",
        check->folder,
        "--batch",
        "--no-tty",
        "--no-autostart",
        "--trust-model",
        "always",
        "--status-fd",
        "1",
        "--verify",
        path_of(check, check->signature),
        "-",
        NULL,
    };
    enum signature_verdict verdict = SIGNATURE_UNCHECKED;
    struct buf out;
    int status;

    buf_init(&out, OUTPUT_MAX);
    /* Without any key, whoever signed is not allowed to. */
    if (check->signers[0] != '\0' && run(check, import, NULL, 0, &out) != 0) {
        check->detail = arena_printf(check->arena, "gpg can't read the keys: %s",
                                     first_line(check, buf_text(&out)));
    } else {
        status = run(check, verify, check->bytes, check->size, &out);
        verdict = read_status(check, buf_text(&out));
        if (verdict == SIGNATURE_GOOD && status != 0)
            verdict = SIGNATURE_UNCHECKED;
        if (verdict == SIGNATURE_UNCHECKED)
            check->detail = first_line(check, buf_text(&out));
    }
    buf_release(&out);
    return verdict;
}
