/* sign: the one file that calls OpenSSL's signatures. Must not know what is signed. */
#include "agnostic/base/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "agnostic/base/secure.h"

enum { PEM_MAX_BYTES = 4096 };

struct sign {
    EVP_PKEY *key;
    unsigned char public_key[SIGN_PUBLIC_BYTES];
};

static enum err fail(struct fault *fault, const char *path) {
    return fault_set(fault, ERR_CONFIG, "%.300s: %s", path, strerror(errno));
}

/* --- making ---------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        len -= (size_t)done;
    }
    return fsync(fd) == 0;
}

/* A key of its own in a file beside path, which then gets that name too, unless somebody else was
 * quicker. */
static enum err place(const char *path, const char *pem, size_t len, struct fault *fault) {
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside)) {
        errno = ENAMETOOLONG;
        return fail(fault, path);
    }
    int fd = mkostemp(beside, O_CLOEXEC); /* 0600 */
    if (fd < 0)
        return fail(fault, path);
    enum err err = ERR_OK;
    if (!write_all(fd, pem, len) || (link(beside, path) != 0 && errno != EEXIST))
        err = fail(fault, path);
    close(fd);
    unlink(beside);
    return err;
}

static enum err make(const char *path, struct fault *fault) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    BIO *bio = BIO_new(BIO_s_secmem()); /* wiped when freed */
    char *pem = NULL;
    long len = 0;
    enum err err = ERR_INTERNAL;
    if (key != NULL && bio != NULL &&
        PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
        len = BIO_get_mem_data(bio, &pem);
    if (len > 0)
        err = place(path, pem, (size_t)len, fault);
    else
        fault_set(fault, err, "%.300s: no key can be made", path);
    BIO_free(bio);
    EVP_PKEY_free(key);
    return err;
}

/* --- reading --------------------------------------------------------------------------------- */

static enum err check_file(int fd, const char *path, struct fault *fault) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(fault, path);
    if (!S_ISREG(st.st_mode))
        return fault_set(fault, ERR_CONFIG, "%.300s is no file", path);
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fault_set(fault, ERR_CONFIG,
                         "%.300s holds a private key and others may use it: chmod 600", path);
    return ERR_OK;
}

/* Who is asked for the passphrase of an encrypted key. */
static int nobody(char *dst, int size, int writing, void *ctx) {
    (void)dst, (void)size, (void)writing, (void)ctx;
    return -1;
}

static enum err take(const char *pem, int len, const char *path, struct sign *sign,
                     struct fault *fault) {
    size_t size = SIGN_PUBLIC_BYTES;
    BIO *bio = BIO_new_mem_buf(pem, len);
    if (bio == NULL)
        return fault_set(fault, ERR_NOMEM, "out of memory");
    sign->key = PEM_read_bio_PrivateKey(bio, NULL, nobody, NULL);
    BIO_free(bio);
    if (sign->key == NULL || EVP_PKEY_is_a(sign->key, "ED25519") != 1 ||
        EVP_PKEY_get_raw_public_key(sign->key, sign->public_key, &size) != 1 ||
        size != SIGN_PUBLIC_BYTES)
        return fault_set(fault, ERR_CONFIG,
                         "%.300s holds no Ed25519 key (openssl genpkey -algorithm ed25519)", path);
    return ERR_OK;
}

static enum err read_key(int fd, const char *path, struct sign *sign, struct fault *fault) {
    char pem[PEM_MAX_BYTES];
    size_t len = 0;
    ssize_t got = 1;
    enum err err = check_file(fd, path, fault);
    while (err == ERR_OK && got != 0 && len < sizeof(pem)) {
        got = read(fd, pem + len, sizeof(pem) - len);
        if (got < 0 && errno != EINTR)
            err = fail(fault, path);
        len += got > 0 ? (size_t)got : 0;
    }
    if (err == ERR_OK)
        err = take(pem, (int)len, path, sign, fault);
    secure_wipe(pem, sizeof(pem));
    return err;
}

enum err sign_open(const char *path, struct sign **ret_sign, struct fault *ret_fault) {
    enum { FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };
    struct sign *sign = calloc(1, sizeof(*sign));
    if (sign == NULL)
        return fault_set(ret_fault, ERR_NOMEM, "out of memory");
    enum err err = ERR_OK;
    int fd = open(path, FLAGS);
    if (fd < 0 && errno == ENOENT) {
        err = make(path, ret_fault);
        fd = err == ERR_OK ? open(path, FLAGS) : -1;
    }
    if (err == ERR_OK)
        err = fd < 0 ? fail(ret_fault, path) : read_key(fd, path, sign, ret_fault);
    if (fd >= 0)
        close(fd);
    if (err == ERR_OK)
        *ret_sign = sign;
    else
        sign_free(sign);
    return err;
}

void sign_free(struct sign *sign) {
    if (sign == NULL)
        return;
    EVP_PKEY_free(sign->key);
    free(sign);
}

/* --- signatures ------------------------------------------------------------------------------ */

const unsigned char *sign_public(const struct sign *sign) {
    return sign->public_key;
}

enum err sign_text(const struct sign *sign, struct text t,
                   unsigned char signature[static SIGN_BYTES]) {
    size_t size = SIGN_BYTES;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, sign->key) == 1 &&
                EVP_DigestSign(context, signature, &size, (const void *)t.ptr, t.len) == 1;
    EVP_MD_CTX_free(context);
    return done ? ERR_OK : ERR_INTERNAL;
}

bool sign_verify(const unsigned char public_key[static SIGN_PUBLIC_BYTES], struct text t,
                 const unsigned char signature[static SIGN_BYTES]) {
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, SIGN_PUBLIC_BYTES);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = key != NULL && context != NULL &&
                EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, SIGN_BYTES, (const void *)t.ptr, t.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}
