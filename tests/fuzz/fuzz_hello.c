/* Answers to a ClientHello as any peer may send them. The first byte chooses the offer; the rest
 * is read whole and byte by byte, which must come to the same. */
#include <stdint.h>
#include <stdlib.h>

#include "agnostic/probe/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint16_t VERSIONS[] = {HELLO_SSL_2, HELLO_SSL_3, 0x0301, 0x0303};
    static const uint16_t SUITES[] = {0x0005, 0x000a, HELLO_FALLBACK_SCSV};
    struct hello_answer whole = {0}, piece = {0};
    if (size == 0)
        return 0;
    const struct hello_offer offer = {VERSIONS[data[0] % 4], SUITES, 3, (data[0] & 4) != 0};
    data++;
    size = size - 1 < HELLO_ANSWER_BYTES_MAX ? size - 1 : HELLO_ANSWER_BYTES_MAX;
    bool done = hello_read(&offer, data, size, &whole), early = false;
    for (size_t len = 0; len <= size && !early; len++)
        early = hello_read(&offer, data, len, &piece);
    if (done != early || whole.end != piece.end || whole.suite != piece.suite ||
        whole.alert != piece.alert || whole.version != piece.version)
        abort();
    return 0;
}
