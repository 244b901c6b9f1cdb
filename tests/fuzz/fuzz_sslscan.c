/* Any bytes as what sslscan writes. */
#include "reader.h"

READER("sslscan")
