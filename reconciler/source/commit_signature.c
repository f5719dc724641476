#include "source/commit_signature.h"

#include "base/file.h"
#include "base/folder.h"
#include "base/str.h"
#include "base/subprocess.h"
#include "source/signature_tools.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNERS_MAX = 1024 * 1024 };

static const struct {
    const char *begin, *tool, *words;
    enum signature_verdict (*check)(struct signature_check *check);
} kinds[] = {
    {"-----BEGIN SSH SIGNATURE-----", "ssh-keygen", "an SSH", signature_check_ssh},
    {"-----BEGIN PGP SIGNATURE-----", "gpg", "an OpenPGP", signature_check_pgp},
    {"-----BEGIN PGP MESSAGE-----", "gpg", "an OpenPGP", signature_check_pgp},
};

static void note_tools(struct diag *diag)
{
    diag_note(
        diag, NULL, "ssh-keygen (for SSH signatures) was %sfound, gpg (for OpenPGP) was %sfound",
        subprocess_exists("ssh-keygen") ? "" : "not ", subprocess_exists("gpg") ? "" : "not ");
}

/* OpenPGP keys to one file, all else to the other. */
static void split_signers(const char *text, struct buf *ssh, struct buf *pgp)
{
    static const char begin[] = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    static const char end[] = "-----END PGP PUBLIC KEY BLOCK-----";
    bool in_key = false;

    while (*text != '\0') {
        const size_t size = strcspn(text, "\n");
        const size_t whole = size + (text[size] == '\n');
        in_key |= str_starts_with(text, begin);
        buf_add(in_key ? pgp : ssh, text, whole);
        if (str_starts_with(text, end))
            in_key = false;
        text += whole;
    }
}

static int write_part(const struct signature_check *check, const char *name, const struct buf *text,
                      struct diag *diag)
{
    return file_write_atomic(arena_printf(check->arena, "%s/%s", check->folder, name),
                             buf_text(text), text->size, 0600, diag);
}

static int write_files(struct signature_check *check, const char *allowed_signers,
                       const git_buf *signature, bool pgp, struct diag *diag)
{
    struct buf all, ssh_keys, pgp_keys, text;
    int result = -1;

    buf_init(&all, SIGNERS_MAX);
    buf_init(&ssh_keys, SIGNERS_MAX);
    buf_init(&pgp_keys, SIGNERS_MAX);
    buf_init(&text, SIGNERS_MAX);
    buf_add(&text, signature->ptr, signature->size);
    buf_add_char(&text, '\n');
    if (file_read(allowed_signers, &all, diag) != 0) {
        diag_help(diag, "--allowed-signers needs a file with the keys of those who may sign");
    } else {
        split_signers(buf_text(&all), &ssh_keys, &pgp_keys);
        check->signature = "signature";
        check->signers = pgp && pgp_keys.size == 0 ? "" : "signers";
        result = write_part(check, "signers", pgp ? &pgp_keys : &ssh_keys, diag) != 0 ||
                         write_part(check, "signature", &text, diag) != 0
                     ? -1
                     : 0;
    }
    buf_release(&all);
    buf_release(&ssh_keys);
    buf_release(&pgp_keys);
    buf_release(&text);
    return result;
}

static int report(enum signature_verdict verdict, const struct signature_check *check,
                  const char *name, const char *allowed_signers, struct diag *diag)
{
    const char *who = check->who == NULL ? "somebody" : check->who;

    switch (verdict) {
    case SIGNATURE_GOOD:
        return 0;
    case SIGNATURE_WRONG:
        diag_error(diag, NULL, "the signature of %s is wrong: it is not one of this commit", name);
        diag_help(diag, "somebody may have changed it; don't apply it before you know");
        break;
    case SIGNATURE_NOT_ALLOWED:
        diag_error(diag, NULL, "%s is signed by %s, which %s does not allow", name, who,
                   allowed_signers);
        diag_help(diag,
                  "add that key to the file if its owner may change the roster; if it is there, "
                  "look at its valid-after and valid-before");
        break;
    case SIGNATURE_EXPIRED:
        diag_error(diag, NULL,
                   "%s is signed by %s, but the key was not valid then, or not for that", name,
                   who);
        diag_help(diag, "sign the commit again with a key that is valid");
        break;
    case SIGNATURE_UNCHECKED:
        diag_error(diag, NULL, "the signature of %s could not be checked: %s", name,
                   str_is_empty(check->detail) ? "the tool says not why" : check->detail);
        break;
    }
    note_tools(diag);
    return -1;
}

/* In a folder of its own, which is removed whatever happens. */
static int check_in_folder(size_t kind, struct signature_check *check, const char *name,
                           const char *allowed_signers, const git_buf *signature, struct diag *diag)
{
    const char *place = getenv("TMPDIR");
    char *folder = arena_printf(check->arena, "%s/roster-signature-XXXXXX",
                                str_is_empty(place) ? "/tmp" : place);
    int result = -1;

    if (mkdtemp(folder) == NULL) {
        diag_error(diag, NULL, "cannot make a folder %s: %s", folder, strerror(errno));
        return -1;
    }
    check->folder = folder;
    if (write_files(check, allowed_signers, signature, strcmp(kinds[kind].tool, "gpg") == 0,
                    diag) == 0)
        result = report(kinds[kind].check(check), check, name, allowed_signers, diag);
    if (folder_remove(folder) != 0)
        diag_warning(diag, NULL, "cannot remove %s: %s", folder, strerror(errno));
    return result;
}

static int check_signature(git_commit *commit, const char *name, const char *allowed_signers,
                           const git_buf *signature, struct signature_check *check,
                           const char **who, struct diag *diag)
{
    size_t kind;

    for (kind = 0; kind < COUNT_OF(kinds); kind++)
        if (str_starts_with(signature->ptr, kinds[kind].begin))
            break;
    if (kind == COUNT_OF(kinds)) {
        diag_error(diag, NULL, "%s has a signature that is neither SSH nor OpenPGP", name);
        diag_help(diag, "sign it with \"git -c gpg.format=ssh commit -S\" or with gpg");
        return -1;
    }
    if (!subprocess_exists(kinds[kind].tool)) {
        diag_error(diag, NULL, "%s has %s signature, and %s is not installed to check it", name,
                   kinds[kind].words, kinds[kind].tool);
        diag_help(diag, "install %s",
                  strcmp(kinds[kind].tool, "gpg") == 0 ? "gnupg" : "openssh-client");
        note_tools(diag);
        return -1;
    }
    check->signed_at = git_commit_committer(commit)->when.time;
    if (check_in_folder(kind, check, name, allowed_signers, signature, diag) != 0)
        return -1;
    *who = arena_printf(check->arena, "%s (checked with %s)", check->who, kinds[kind].tool);
    return 0;
}

int commit_signature_check(git_commit *commit, const char *name, const char *allowed_signers,
                           int64_t timeout_ms, struct arena *arena, const char **who,
                           struct diag *diag)
{
    git_buf signature = GIT_BUF_INIT, bytes = GIT_BUF_INIT;
    struct signature_check check = {.timeout_ms = timeout_ms, .arena = arena};
    git_oid id = *git_commit_id(commit);
    int result = -1;

    if (git_commit_extract_signature(&signature, &bytes, git_commit_owner(commit), &id, NULL) !=
        0) {
        diag_error(diag, NULL, "%s is not signed", name);
        diag_help(diag,
                  "--require-signed takes signed commits only: sign it with \"git commit -S\"");
    } else {
        check.bytes = bytes.ptr;
        check.size = bytes.size;
        result = check_signature(commit, name, allowed_signers, &signature, &check, who, diag);
    }
    git_buf_dispose(&signature);
    git_buf_dispose(&bytes);
    return result;
}
